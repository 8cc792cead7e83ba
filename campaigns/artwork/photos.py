"""What a phone writes into a photo: when and where it was taken. And how far that is from where it should be."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

PHOTO_TYPES = ("JPEG", "HEIF", "MPO")  # iPhones' HEIC; some phones' JPEG with a second picture behind it
MOST_BYTES = 40 * 1024 * 1024
MOST_PIXELS = 120_000_000
EARTH_M = 6_371_008.8
_PADDING = "\x00 "


class NoPhoto(ValueError):
    """Not a photo that we can keep. `code` names why: bytes, type, pixels or unreadable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class PhotoFacts:
    """`taken_at` aware, `lat` and `lon` in WGS-84 degrees; None where the photo does not say."""

    kind: str
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None


def read(file: BinaryIO, size_bytes: int, zone: tzinfo) -> PhotoFacts:
    """Look at a photo; a time without an offset is taken for `zone`'s. Raises NoPhoto. Leaves `file` at its start."""
    if size_bytes > MOST_BYTES:
        raise NoPhoto("bytes")
    file.seek(0)
    try:
        picture = Image.open(file)
        if picture.format not in PHOTO_TYPES:
            raise NoPhoto("type")
        if picture.width * picture.height > MOST_PIXELS:
            raise NoPhoto("pixels")
        exif = picture.getexif()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise NoPhoto("unreadable") from error
    finally:
        file.seek(0)
    lat, lon = _place(exif)
    return PhotoFacts(picture.format, _time(exif, zone), lat, lon)


def _time(exif: Image.Exif, zone: tzinfo) -> datetime | None:
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        taken = datetime.strptime(f"{str(said).strip(_PADDING)} +0000", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return None
    return taken.replace(tzinfo=_offset(inner.get(ExifTags.Base.OffsetTimeOriginal)) or zone)


def _offset(said: Any) -> tzinfo | None:
    try:
        hours, minutes = str(said).strip(_PADDING).split(":")
        size = timedelta(hours=abs(int(hours)), minutes=int(minutes))
        return timezone(-size if hours.startswith("-") else size)
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    tags = exif.get_ifd(ExifTags.IFD.GPSInfo)
    lat = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef), "S")
    lon = _degrees(tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None, None  # phones without a fix write zeros
    return lat, lon


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if str(side).strip(_PADDING).upper() == negative else value


def metres_between(lat: float, lon: float, path: list[tuple[float, float]]) -> float | None:
    """Shortest distance to a path of (lon, lat) in degrees; one point is a path too, none gives None.

    On a plane about the place, which is exact to a metre within some kilometres.
    """
    if not path:
        return None
    across, down = math.radians(1) * EARTH_M * math.cos(math.radians(lat)), math.radians(1) * EARTH_M
    points = [((at_lon - lon) * across, (at_lat - lat) * down) for at_lon, at_lat in path]
    ends = points[1:] or points
    return min(_to_segment(start, end) for start, end in zip(points, ends, strict=False))


def _to_segment(start: tuple[float, float], end: tuple[float, float]) -> float:
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + share * dx, ay + share * dy)
