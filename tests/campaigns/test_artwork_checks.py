"""A picture is measured against what the printer needs, and everything that is wrong is said at once."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from campaigns.artwork import pictures
from campaigns.artwork.checks import Verdict, check
from campaigns.artwork.specification import SHELTER, Box, Specification

URL = "https://pufa.example.gov.cn/q/demo2a"
SPEC = Specification(1200, 1800, 10, Box(900, 1500, 200, 200), SHELTER)  # a 1:10 file of a 1.2 × 1.8 m face
SHEET = (1260, 1860)
DPI = 720  # 72 at final size


def size_px(dpi: float = DPI, sheet: tuple[int, int] = SHEET) -> tuple[int, int]:
    return round(sheet[0] / 10 / 25.4 * dpi), round(sheet[1] / 10 / 25.4 * dpi)


def picture(mode: str = "CMYK", size: tuple[int, int] | None = None) -> Image.Image:
    ground: Any = (70, 30, 0, 10) if mode == "CMYK" else (40, 90, 160)
    return Image.new(mode, size or size_px(), ground)


def file_of(made: Image.Image, kind: str = "TIFF", **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    made.save(out, kind, **({"dpi": (DPI, DPI)} | options))
    out.seek(0)
    return out


def look(file: io.BytesIO, spec: Specification = SPEC) -> Verdict:
    return check(file, len(file.getvalue()), spec, URL)


def wrong(verdict: Verdict) -> set[str]:
    return {problem.code for problem in verdict.problems}


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_a_right_picture_is_accepted(kind: str) -> None:
    verdict = look(file_of(picture(), kind))
    assert verdict.accepted, verdict.problems
    assert verdict.facts.dpi == pytest.approx(72, abs=0.1)
    assert verdict.facts.code is not None
    assert verdict.facts.code.module_mm == pytest.approx(200 / 45)


def test_everything_wrong_with_a_file_is_said_at_once() -> None:
    verdict = look(file_of(picture("RGB", (400, 400)), "PNG", dpi=(150, 150)))
    assert wrong(verdict) == {"type", "mode", "pixels_few", "dpi", "size", "code_coarse"}


@pytest.mark.parametrize(
    ("made", "kind", "options", "said"),
    [
        (picture("RGB"), "JPEG", {}, "mode"),
        (picture(size=size_px(600)), "TIFF", {"dpi": (600, 600)}, "dpi"),
        (picture(size=size_px(sheet=(1200, 1800))), "TIFF", {}, "size"),
        (picture(), "TIFF", {"dpi": (0, 0)}, "dpi_missing"),
    ],
)  # fmt: skip
def test_each_fault_is_named(made: Image.Image, kind: str, options: dict[str, Any], said: str) -> None:
    assert said in wrong(look(file_of(made, kind, **options)))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"GIF89a\x01", b"II*\x00\xff\xff\xff\xff"])
def test_what_is_no_picture_is_refused_without_an_error(content: bytes) -> None:
    assert wrong(look(io.BytesIO(content))) == {"unreadable"}


def test_a_cut_off_picture_is_refused() -> None:
    whole = file_of(picture(), "JPEG").getvalue()
    assert wrong(look(io.BytesIO(whole[: len(whole) // 2]))) == {"unreadable"}


def test_a_huge_picture_is_refused_by_its_header() -> None:
    assert "pixels_many" in wrong(look(file_of(Image.new("1", (20_000, 8_000)), "TIFF", compression="group4")))


def test_white_bleed_is_noticed_and_a_white_picture_is_none() -> None:
    made = picture()
    deep = round(30 / 10 / 25.4 * DPI)
    ImageDraw.Draw(made).rectangle((0, 0, deep, made.height), fill=(0, 0, 0, 0))
    verdict = look(file_of(made))
    assert [(problem.code, problem.found) for problem in verdict.problems] == [("bleed", "left")]
    assert look(file_of(Image.new("CMYK", size_px(), (0, 0, 0, 0)))).accepted


def test_lettering_near_the_cut_is_a_hint_for_the_person_who_approves() -> None:
    made = picture()
    draw = ImageDraw.Draw(made)
    for row in range(0, made.height, 40):
        draw.rectangle((95, row, 200, row + 18), fill=(0, 0, 0, 255))
    verdict = look(file_of(made))
    assert verdict.accepted
    assert [(hint.code, hint.found) for hint in verdict.hints] == [("safe", "left")]


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (Box(960, 1500, 200, 200), "code_outside"),
        (Box(30, 1500, 200, 200), "code_outside"),
        (Box(900, 1500, 120, 120), "code_far"),
    ],
)
def test_the_code_has_to_lie_inside_and_be_large_enough(box: Box, said: str) -> None:
    assert said in wrong(look(file_of(picture()), Specification(1200, 1800, 10, box, SHELTER)))


def test_the_code_on_the_preview_is_read_by_a_decoder() -> None:
    """What the person approves is what a phone sees: reduced to the preview's size the code still opens."""
    face = pictures.preview(file_of(picture(), "JPEG"), SPEC)
    shown = Image.open(io.BytesIO(face))
    assert shown.width / shown.height == pytest.approx(1200 / 1800, abs=0.01)  # the bleed is cut off
    with_code = Image.open(io.BytesIO(pictures.with_code(face, 1200, SPEC.code, URL)))
    assert [found.text for found in zxingcpp.read_barcodes(with_code)] == [URL]
    far = with_code.resize((with_code.width * 2 // 3, with_code.height * 2 // 3), Image.Resampling.LANCZOS)
    assert [found.text for found in zxingcpp.read_barcodes(far)] == [URL]
