"""Small pictures from large ones: upright, in RGB, without a word about camera, place or person."""

import io
from typing import BinaryIO

from PIL import Image, ImageOps

from campaigns.artwork import codes
from campaigns.artwork.specification import Box, Specification

PREVIEW_PX = 2400
WHITE = (255, 255, 255)


def preview(file: BinaryIO, spec: Specification) -> bytes:
    """The finished face as JPEG: bleed cut off, at most `PREVIEW_PX` wide. A new picture, so no metadata goes along."""
    file.seek(0)
    opened = Image.open(file)
    opened.draft(None, (PREVIEW_PX, PREVIEW_PX))
    sheet_width, sheet_height = spec.sheet_mm
    across, down = opened.width / sheet_width, opened.height / sheet_height
    bleed = spec.print.bleed_mm
    cut = opened.crop(
        (
            round(bleed * across),
            round(bleed * down),
            round((sheet_width - bleed) * across),
            round((sheet_height - bleed) * down),
        )
    )
    cut.thumbnail((PREVIEW_PX, PREVIEW_PX), Image.Resampling.LANCZOS)
    file.seek(0)
    return _jpeg(cut.convert("RGB"))


def with_code(face: bytes, width_mm: float, box: Box, url: str) -> bytes:
    """The face with the code of `url` in its place, as PNG."""
    picture = Image.open(io.BytesIO(face)).convert("RGB")
    px = picture.width / width_mm
    left, top, side = round(box.left_mm * px), round(box.top_mm * px), round(box.width_mm * px)
    across = codes.modules(url)
    whole = max(1, side // across)
    code = codes.raster(url, whole)
    ground = Image.new("RGB", (max(side, code.width), max(side, code.width)), WHITE)
    ground.paste(code, ((ground.width - code.width) // 2, (ground.height - code.height) // 2))
    picture.paste(ground, (left, top))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def stripped(file: BinaryIO, most_px: int) -> bytes:
    """A photo turned upright and reduced to `most_px`, as JPEG with nothing in it but the picture."""
    file.seek(0)
    opened = Image.open(file)
    opened.draft("RGB", (most_px, most_px))
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((most_px, most_px), Image.Resampling.LANCZOS)
    file.seek(0)
    return _jpeg(upright)


def _jpeg(picture: Image.Image) -> bytes:
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
