"""A picture's file against its specification: every problem at once, each with what was found and what was expected."""

import warnings
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from PIL import Image, ImageFilter, ImageStat, UnidentifiedImageError

from campaigns.artwork.codes import Geometry, geometry
from campaigns.artwork.specification import MM_PER_INCH, Specification

TYPES = ("TIFF", "JPEG")  # what carries CMYK
MODE = "CMYK"
MOST_BYTES = 300 * 1024 * 1024
MOST_PIXELS = 150_000_000  # 600 MB while it is read; the largest face of the 示例 data at 100 dpi has 85 million
LEAST_MODULE_PX = 3.0  # below that the edges of the code fall between pixels
SIZE_TOLERANCE = 0.005
LOOKED_AT_PX = 1600  # the picture is reduced to this for looking at its edges
PLAIN = 2.0  # standard deviation of a strip of one colour
BUSY = 0.02  # share of the strip between cut and safe area that is a hard edge


@dataclass(frozen=True)
class Problem:
    """`code` names what is wrong; `found` and `expected` fill the sentence that the screen says."""

    code: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Facts:
    """What the file is, and the code's size on it. `dpi` is at final size, 0.0 where the file says nothing."""

    kind: str = ""
    mode: str = ""
    width_px: int = 0
    height_px: int = 0
    dpi: float = 0.0
    code: Geometry | None = None


@dataclass(frozen=True)
class Verdict:
    facts: Facts
    problems: list[Problem] = field(default_factory=list)
    hints: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.problems


def check(file: BinaryIO, size_bytes: int, spec: Specification, url: str) -> Verdict:
    """Look at an artwork file; `url` is as long as those that its codes will carry. Leaves `file` at its start."""
    if size_bytes > MOST_BYTES:
        return Verdict(Facts(), [Problem("bytes", f"{size_bytes >> 20}", f"{MOST_BYTES >> 20}")])
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked below, and damaged tags are not ours to mend
            return _check(Image.open(file), spec, url)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        return Verdict(Facts(), [Problem("unreadable", type(error).__name__, ", ".join(TYPES))])
    finally:
        file.seek(0)


def _check(picture: Image.Image, spec: Specification, url: str) -> Verdict:
    width, height = picture.size
    kind, mode = picture.format or "", picture.mode
    dpi = _dpi(picture) / spec.scale
    facts = Facts(kind, mode, width, height, dpi, geometry(url, spec.code.width_mm, dpi) if dpi else None)
    problems = []
    if kind not in TYPES:
        problems.append(Problem("type", kind, ", ".join(TYPES)))
    if width * height > MOST_PIXELS:
        return Verdict(facts, [*problems, Problem("pixels_many", f"{width}×{height}", f"{MOST_PIXELS:,}")])
    if mode != MODE:
        problems.append(Problem("mode", mode, MODE))
    problems += _size(facts, spec)
    problems += code_problems(facts, spec)
    if problems:
        return Verdict(facts, problems)
    # Only now is the picture itself read: a wrong file costs a header.
    picture.draft(None, (LOOKED_AT_PX, LOOKED_AT_PX))
    small = picture.convert("RGB")
    small.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX), Image.Resampling.BOX)
    return Verdict(facts, _bleed(small, spec), _safe(small, spec))


def _dpi(picture: Image.Image) -> float:
    given: Any = picture.info.get("dpi") or (0, 0)
    across, down = float(given[0]), float(given[1])
    # A JPEG without a unit says 1 × 1: a shape of pixels, no resolution.
    return across if across > 1.5 and abs(across - down) <= SIZE_TOLERANCE * across else 0.0


def _size(facts: Facts, spec: Specification) -> list[Problem]:
    least_width, least_height = spec.least_px()
    problems = []
    if facts.width_px < least_width or facts.height_px < least_height:
        problems.append(Problem("pixels_few", f"{facts.width_px}×{facts.height_px}", f"{least_width}×{least_height}"))
    if not facts.dpi:
        return [*problems, Problem("dpi_missing")]
    if facts.dpi < spec.print.least_dpi * (1 - SIZE_TOLERANCE):
        problems.append(Problem("dpi", f"{facts.dpi:.0f}", str(spec.print.least_dpi)))
    across, down = (px / facts.dpi * MM_PER_INCH for px in (facts.width_px, facts.height_px))
    width, height = spec.sheet_mm
    if abs(across - width) > SIZE_TOLERANCE * width or abs(down - height) > SIZE_TOLERANCE * height:
        problems.append(Problem("size", f"{across:.0f}×{down:.0f}", f"{width}×{height}"))
    return problems


def code_problems(facts: Facts, spec: Specification) -> list[Problem]:
    """Whether the code's place lies within the safe area, and whether the code is read from where people stand."""
    problems, box, safe = [], spec.code, spec.print.safe_mm
    right, bottom = spec.width_mm - box.left_mm - box.width_mm, spec.height_mm - box.top_mm - box.height_mm
    nearest = min(box.left_mm, box.top_mm, right, bottom)
    if nearest < safe:
        problems.append(Problem("code_outside", f"{nearest:.0f}", str(safe)))
    if facts.code is None:
        return problems
    if facts.code.readable_from_mm < spec.print.scan_distance_mm:
        problems.append(
            Problem(
                "code_far", f"{facts.code.readable_from_mm / 1000:.2f}", f"{spec.print.scan_distance_mm / 1000:.2f}"
            )
        )
    if facts.code.module_px < LEAST_MODULE_PX:
        problems.append(Problem("code_coarse", f"{facts.code.module_px:.1f}", f"{LEAST_MODULE_PX:.0f}"))
    return problems


def _bleed(small: Image.Image, spec: Specification) -> list[Problem]:
    """A white frame where the bleed should be: the picture was made to the cut, not beyond it."""
    px = small.width / spec.sheet_mm[0]
    deep = max(1, int(spec.print.bleed_mm * px))
    white = [name for name, box in _edges(small, 0, deep).items() if _is_white(small.crop(box))]
    filled = [name for name, box in _edges(small, deep, deep).items() if not _is_white(small.crop(box))]
    missing = sorted(set(white) & set(filled))
    return [Problem("bleed", " ".join(missing), str(spec.print.bleed_mm))] if missing else []


def _safe(small: Image.Image, spec: Specification) -> list[Problem]:
    """Hard edges between cut and safe area: perhaps lettering that the frame will hide. A person decides."""
    px = small.width / spec.sheet_mm[0]
    start, deep = int(spec.print.bleed_mm * px), max(2, int(spec.print.safe_mm * px))
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES).point(lambda value: 255 if value > 96 else 0)
    busy = [
        name for name, box in _edges(small, start, deep).items() if ImageStat.Stat(edges.crop(box)).mean[0] / 255 > BUSY
    ]
    return [Problem("safe", " ".join(busy), str(spec.print.safe_mm))] if busy else []


def _edges(picture: Image.Image, start: int, deep: int) -> dict[str, tuple[int, int, int, int]]:
    """Four strips `deep` pixels wide, `start` pixels from the edge."""
    width, height, end = picture.width, picture.height, start + deep
    return {
        "left": (start, start, end, height - start),
        "right": (width - end, start, width - start, height - start),
        "top": (start, start, width - start, end),
        "bottom": (start, height - end, width - start, height - start),
    }


def _is_white(strip: Image.Image) -> bool:
    stat = ImageStat.Stat(strip)
    return min(stat.mean) > 250 and max(stat.stddev) < PLAIN
