"""Photos as phones take them, with time and place in their EXIF; each is another picture."""

import io
from datetime import datetime
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

NUMBERS = count(1)


def parts(value: float) -> tuple[float, float, float]:
    whole = int(abs(value))
    minutes = (abs(value) - whole) * 60
    return float(whole), float(int(minutes)), round((minutes - int(minutes)) * 60, 4)


def photo(
    at: tuple[float, float] | None = None, taken: datetime | None = None, kind: str = "JPEG", *, turned: bool = False
) -> SimpleUploadedFile:
    """A photo with (lat, lon) and time in its EXIF; each is another picture."""
    number = next(NUMBERS)
    picture = Image.new("RGB", (800, 600), (number % 250, 90, 120))
    exif = Image.Exif()
    exif[0x010E] = f"photo {number}"  # two shades may come out of the JPEG as the same bytes
    exif[0x010F], exif[0x0110] = "示例手机", "X1"
    if turned:
        exif[0x0112] = 6
    if taken:
        exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if at:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N" if at[0] >= 0 else "S", parts(at[0])
        gps[3], gps[4] = "E" if at[1] >= 0 else "W", parts(at[1])
    out = io.BytesIO()
    picture.save(out, kind, exif=exif.tobytes())
    return SimpleUploadedFile(f"IMG_1.{'heic' if kind == 'HEIF' else 'jpg'}", out.getvalue())
