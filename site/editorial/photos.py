"""Take what a camera wrote out of uploaded pictures: place, time, device, owner. The picture itself stays bit for bit.

Wagtail images are public, so their originals are cleaned as they come in. Posting proofs are no Wagtail images: their
originals stay private and untouched.
"""

import hashlib
import io
import struct
from typing import Any

from django.core.files.base import ContentFile
from django.db.models.signals import pre_save
from django.dispatch import receiver
from PIL import Image as Pillow
from wagtail.images import get_image_model

ORIENTATION = 0x0112
JPEG_PRIVATE = frozenset({0xE1, 0xED, 0xFE})  # APP1: EXIF and XMP; APP13: IPTC; comments
PNG_PRIVATE = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
WEBP_PRIVATE = frozenset({b"EXIF", b"XMP "})


@receiver(pre_save)
def clean_new_pictures(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Every new file of the image library, whichever way it comes in."""
    if not issubclass(sender, get_image_model()) or not instance.file or instance.file._committed:
        return
    instance.file.open()
    data = instance.file.read()
    instance.file.seek(0)
    cleaned = without_metadata(data)
    if cleaned != data:
        instance.file = ContentFile(cleaned, name=instance.file.name)
        instance.file_size, instance.file_hash = len(cleaned), hashlib.sha1(cleaned, usedforsecurity=False).hexdigest()


def without_metadata(data: bytes) -> bytes:
    """The same picture without EXIF, XMP, IPTC and comments; which way is up is kept. Other formats as they are."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:12] in {b"ftypavif", b"ftypavis", b"ftypheic", b"ftypmif1"}:
        return _again(data)
    return data


def _jpeg(data: bytes) -> bytes:
    out, at = bytearray(b"\xff\xd8"), 2
    orientation = _orientation(data)
    if orientation not in {None, 1}:
        exif = Pillow.Exif()
        exif[ORIENTATION] = orientation
        packed = exif.tobytes()
        out += b"\xff\xe1" + struct.pack(">H", len(packed) + 2) + packed
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xDA:  # the picture itself, to the end
            break
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker not in JPEG_PRIVATE:
            out += data[at:end]
        at = end
    return bytes(out) + _one_picture(data[at:])


def _one_picture(scan: bytes) -> bytes:
    """Up to the end of the picture: phones append previews and films after it, with their own metadata."""
    end = scan.rfind(b"\xff\xd9")
    following = scan.find(b"\xff\xd9\xff\xd8")
    if following >= 0:
        end = following
    return scan[: end + 2] if end >= 0 else scan


def _orientation(data: bytes) -> int | None:
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            found = picture.getexif().get(ORIENTATION)
    except (OSError, SyntaxError, ValueError):
        return None
    return found if isinstance(found, int) and 1 <= found <= 8 else None


def _png(data: bytes) -> bytes:
    out, at = bytearray(data[:8]), 8
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I", data[at : at + 4])[0], data[at + 4 : at + 8]
        end = at + 12 + size
        if kind not in PNG_PRIVATE:
            out += data[at:end]
        at = end
        if kind == b"IEND":
            break
    return bytes(out)


def _webp(data: bytes) -> bytes:
    chunks, at = bytearray(), 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        end = at + 8 + size + size % 2
        chunk = data[at:end]
        if kind == b"VP8X":  # its flags say that EXIF (8) and XMP (4) follow
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in WEBP_PRIVATE:
            chunks += chunk
        at = end
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + bytes(chunks)


def _again(data: bytes) -> bytes:
    """Formats whose metadata cannot simply be cut out: written anew without them."""
    with Pillow.open(io.BytesIO(data)) as picture:
        out = io.BytesIO()
        picture.save(out, format=picture.format, quality=90, exif=b"", xmp=b"")
    return out.getvalue()
