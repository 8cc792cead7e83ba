"""Stored files with HTTP ranges: public ones by address, private ones for views that ask. RFC 9110 §13–14.

A film that cannot be asked for from the middle does not seek, and Safari does not play it at all. In production nginx
hands public files over from the disk, or keeps what we hand over from an S3-compatible storage.
"""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

CHUNK_BYTES = 1024 * 1024
TYPES = {
    ".mp4": "video/mp4",
    ".m4s": "video/iso.segment",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".vtt": "text/vtt; charset=utf-8",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".geojson": "application/geo+json",
}
#: Shown in the page; everything else is handed over as a download, so that an uploaded file never runs as our page.
INLINE = (
    "video/",
    "application/vnd.apple.mpegurl",
    "audio/",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/gif",
    "text/vtt",
)

#: Wagtail's folder of documents: each has an address (`/documents/…`) that asks who may read it.
DOCUMENTS = "documents"


class Unsatisfiable(ValueError):
    """A range that begins after the end of the file."""


@dataclass(frozen=True)
class Held:
    """A stored file as HTTP speaks of it. `read(first, last)` opens a stream of these bytes, both included."""

    size: int
    etag: str
    modified: datetime
    read: Callable[[int, int], IO[bytes]]


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """One public file: whole (200), one range of it (206), unchanged (304) or nothing to give (416)."""
    try:
        root = Path(default_storage.path("")).resolve()
    except NotImplementedError:
        name = plain_name(path)
        if name.startswith(f"{DOCUMENTS}/"):
            raise Http404 from None
        return respond(request, in_storage(default_storage, name), content_type(Path(name)))
    file = resolve(path, root)
    if file.is_relative_to(root / DOCUMENTS):
        raise Http404
    return respond(request, on_disk(file), content_type(file))


def on_disk(file: Path) -> Held:
    stat = file.stat()

    def read(first: int, _last: int) -> IO[bytes]:
        handle = file.open("rb", buffering=0)
        handle.seek(first)
        return handle

    moment = datetime.fromtimestamp(int(stat.st_mtime), UTC)
    return Held(stat.st_size, quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}"), moment, read)


def in_storage(storage: Any, name: str) -> Held:
    """A file of either storage, wherever that keeps it; Http404 where it is not there."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        try:
            facts = storage.facts(name)
        except FileNotFoundError as error:
            raise Http404 from error
        return Held(facts.size, facts.tag, facts.modified.replace(microsecond=0), partial(storage.read, name))
    if not path.is_file():
        raise Http404
    return on_disk(path)


def plain_name(path: str) -> str:
    """The name that an address asks for in a storage without folders; Http404 for anything but a plain one."""
    if "\x00" in path or "\\" in path or any(part == "" or part.startswith(".") for part in path.split("/")):
        raise Http404
    return path


def resolve(path: str, root: Path) -> Path:
    """The file that `path` names below `root`; Http404 for anything else, links that lead out included."""
    if "\x00" in path or "\\" in path:
        raise Http404
    root = root.resolve()
    file = (root / path).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        raise Http404
    if any(part.startswith(".") for part in file.relative_to(root).parts):
        raise Http404
    return file


def content_type(file: Path) -> str:
    return TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def respond(request: HttpRequest, held: Held, kind: str, *, download_name: str = "") -> HttpResponseBase:
    """Answer GET or HEAD for a stored file, with validators and ranges."""
    dated = http_date(held.modified.timestamp())
    headers = {"ETag": held.etag, "Last-Modified": dated, "Accept-Ranges": "bytes"}
    if _unchanged(request, held.etag, held.modified):
        return HttpResponse(status=304, headers=headers)
    headers |= {"Content-Type": kind, "X-Content-Type-Options": "nosniff"}
    if download_name:
        headers["Content-Disposition"] = f'attachment; filename="{download_name}"'
    elif not kind.startswith(INLINE):
        headers["Content-Disposition"] = "attachment"
    wanted = request.headers.get("Range", "") if request.method == "GET" else ""
    try:
        span = byte_range(wanted, held.size) if wanted and _range_holds(request, held.etag, held.modified) else None
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{held.size}", "Accept-Ranges": "bytes"})
    first, last = span or (0, held.size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if span:
        headers["Content-Range"] = f"bytes {first}-{last}/{held.size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    handle = held.read(first, last)
    if span is None and isinstance(handle, FileIO):
        response: StreamingHttpResponse = FileResponse(handle, status=status)
        response.block_size = CHUNK_BYTES  # type: ignore[attr-defined]
    else:
        response = StreamingHttpResponse(_chunks(handle, last - first + 1), status=status)
        response._resource_closers.append(handle.close)  # type: ignore[attr-defined]  # also when never iterated
    for name, value in headers.items():
        response[name] = value
    return response


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of a Range header, or None where the whole file is the answer.

    Several ranges, another unit and a malformed header are ignored, as §14.2 allows; raises Unsatisfiable for a
    well-formed single range outside the file.
    """
    unit, equals, spec = header.partition("=")
    if unit.strip().lower() != "bytes" or not equals or "," in spec:
        return None
    left, dash, right = spec.strip().partition("-")
    if not dash or not _digits(left) or not _digits(right) or not (left or right):
        return None
    if not left:
        length = int(right)
        if length == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - length), size - 1
    first = int(left)
    if right and int(right) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(int(right), size - 1) if right else size - 1


def _digits(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit() and len(text) <= 18)


def _unchanged(request: HttpRequest, etag: str, modified: datetime) -> bool:
    if known := request.headers.get("If-None-Match"):
        return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    if since := request.headers.get("If-Modified-Since"):
        stamp = _date(since)
        return stamp is not None and modified <= stamp
    return False


def _range_holds(request: HttpRequest, etag: str, modified: datetime) -> bool:
    """Whether If-Range lets the range through: the same strong tag, or exactly the same date (§13.1.5)."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == etag
    return _date(condition) == modified


def _date(text: str) -> datetime | None:
    try:
        stamp = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _chunks(handle: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (block := handle.read(min(CHUNK_BYTES, length))):
        length -= len(block)
        yield block
