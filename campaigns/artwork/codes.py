"""The code on an ad as geometry and as files for print. Millimetres throughout; error level H, quiet zone included."""

import io
import math
from dataclasses import dataclass

import segno
from PIL import Image

QUIET = 4  # modules of white on every side, as ISO/IEC 18004 asks
ERROR = "h"  # a third of the code may be scratched, pasted over or wet
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72
PNG_DPI = 300
DISTANCE_PER_SIDE = 10  # a phone reads a code from about ten times its side: the printers' rule of thumb
CAMERA_PX_PER_MM_AT_1M = 1.5  # a 1920 px picture of a main camera (65° wide) spans about 1.27 m at one metre
CAMERA_PX_PER_MODULE = 2.0  # below two samples a module no decoder can tell black from white (Nyquist)


@dataclass(frozen=True)
class Geometry:
    """How large one code comes out. `modules` counts one side with its quiet zone."""

    modules: int
    side_mm: float
    dpi: float

    @property
    def module_mm(self) -> float:
        return self.side_mm / self.modules

    @property
    def module_px(self) -> float:
        """Pixels of the picture's file that one module gets."""
        return self.module_mm / MM_PER_INCH * self.dpi

    @property
    def readable_from_mm(self) -> float:
        """Farthest distance at which both the rule of thumb and the camera's samples hold."""
        by_rule = DISTANCE_PER_SIDE * self.module_mm * (self.modules - 2 * QUIET)
        by_camera = 1000 * CAMERA_PX_PER_MM_AT_1M * self.module_mm / CAMERA_PX_PER_MODULE
        return min(by_rule, by_camera)


def make(url: str) -> segno.QRCode:
    return segno.make(url, error=ERROR, micro=False, boost_error=False)


def modules(url: str) -> int:
    """Modules of one side, quiet zone included.

    >>> modules("https://pufa.example.gov.cn/q/demo2a")
    45
    """
    return int(make(url).symbol_size(border=QUIET)[0])


def geometry(url: str, side_mm: float, dpi: float) -> Geometry:
    """The code of `url` printed `side_mm` wide, in a picture of `dpi` pixels per inch at final size."""
    return Geometry(modules(url), side_mm, dpi)


def side_for(url: str, distance_mm: float) -> float:
    """Smallest side in whole centimetres, as millimetres, that is read from `distance_mm`."""
    side = 10.0
    while geometry(url, side, PNG_DPI).readable_from_mm < distance_mm:
        side += 10.0
    return side


def svg(url: str, side_mm: float) -> bytes:
    out = io.BytesIO()
    make(url).save(out, kind="svg", unit="mm", scale=side_mm / modules(url), border=QUIET, light="#fff")
    return out.getvalue()


def pdf(url: str, side_mm: float) -> bytes:
    """One page of exactly `side_mm` by `side_mm`."""
    out = io.BytesIO()
    scale = side_mm / modules(url) / MM_PER_INCH * POINTS_PER_INCH
    make(url).save(out, kind="pdf", scale=scale, border=QUIET, light="#fff")
    return out.getvalue()


def png(url: str, side_mm: float) -> bytes:
    """At least 300 dpi; whole pixels for each module, and the resolution written so that it prints `side_mm` wide."""
    scale = math.ceil(side_mm / modules(url) / MM_PER_INCH * PNG_DPI)
    picture = raster(url, scale)
    out = io.BytesIO()
    dpi = picture.width / side_mm * MM_PER_INCH
    picture.save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def raster(url: str, scale: int) -> Image.Image:
    """Black and white, `scale` pixels for each module, quiet zone included."""
    out = io.BytesIO()
    make(url).save(out, kind="png", scale=scale, border=QUIET)
    out.seek(0)
    return Image.open(out).convert("1")
