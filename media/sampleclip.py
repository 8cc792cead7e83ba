"""A short film of our own, drawn frame by frame: a bus comes to a shelter and leaves. No footage, no photograph."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from media.ffmpeg import Source, run_ffmpeg

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 25, 16
TITLE_S, SCENE_S = 4.0, 13.0  # the title card ends, the closing card begins
FADE_S = 0.6
SHARP = 2  # drawn at twice the size and scaled down: smooth edges

BLUE, DEEP, PALE, YELLOW, RED = "#14478f", "#0b2751", "#bfd2ec", "#ffd24a", "#b8231a"
PAPER, WHITE, INK = "#fbf9f4", "#ffffff", "#151b26"

#: Two notes as a bus announces a stop, at the second when ours arrives.
CHIME = (
    "aevalsrc='0.2*sin(2*PI*659.26*t)*exp(-3*(t-4.2))*gte(t,4.2)"
    "+0.2*sin(2*PI*523.25*t)*exp(-3*(t-4.8))*gte(t,4.8)':s=48000:d={seconds}[sound]"
)


def write_clip(folder: Path, name: str) -> Path:
    """Draw and code the film as `folder`/`name` (MP4, 1280×720, 25 frames a second, 16 s)."""
    frames = Source(
        "pipe:0",
        "rawvideo",
        options=("-pixel_format", "rgb24", "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", str(FPS)),
        decoders="rawvideo",
        formats="rawvideo",
    )
    output = ["-filter_complex", CHIME.format(seconds=SECONDS), "-map", "0:v", "-map", "[sound]", "-c:v", "libx264"]
    output += ["-preset", "veryfast", "-crf", "16", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", name]
    run_ffmpeg([frames], output, workdir=folder, feed=(image.tobytes() for image in draw_frames()))
    return folder / name


def draw_frames() -> Iterator[Image.Image]:
    """Every frame in order."""
    closing = closing_card()
    for number in range(SECONDS * FPS):
        second = number / FPS
        if second < TITLE_S - FADE_S:
            yield title_card(second)
        elif second < TITLE_S:
            yield Image.blend(title_card(second), street(second), (second - TITLE_S + FADE_S) / FADE_S)
        elif second < SCENE_S - FADE_S:
            yield street(second)
        elif second < SCENE_S:
            yield Image.blend(street(second), closing, (second - SCENE_S + FADE_S) / FADE_S)
        else:
            yield closing


def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return _font(Path(settings.VENDOR_FONTS) / weight / f"NotoSansSC_{weight}.ttf", size)


@lru_cache(maxsize=16)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


class Canvas:
    """An image drawn with coordinates of the finished frame, at `SHARP` times the size."""

    def __init__(self, width: int, height: int, ground: str | None = None) -> None:
        size = (width * SHARP, height * SHARP)
        self.image = Image.new("RGB", size, ground) if ground else Image.new("RGBA", size, (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)

    def box(  # noqa: PLR0917 — a rectangle
        self, left: float, top: float, width: float, height: float, fill: str, radius: float = 0
    ) -> None:
        area = [value * SHARP for value in (left, top, left + width, top + height)]
        area[2], area[3] = area[2] - 1, area[3] - 1
        self.pen.rounded_rectangle(area, radius * SHARP, fill=fill)

    def dot(
        self, x: float, y: float, radius: float, fill: str, *, ring: str | None = None, ring_width: int = 0
    ) -> None:
        area = [value * SHARP for value in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(area, fill=fill, outline=ring, width=ring_width * SHARP)

    def text(self, x: float, y: float, words: str, *, weight: str, size: int, fill: str, anchor: str = "ls") -> None:
        self.pen.text((x * SHARP, y * SHARP), words, font=font(weight, size * SHARP), fill=fill, anchor=anchor)

    def shape(self, points: list[tuple[float, float]], fill: str) -> None:
        self.pen.polygon([(x * SHARP, y * SHARP) for x, y in points], fill=fill)

    def done(self) -> Image.Image:
        size = (self.image.width // SHARP, self.image.height // SHARP)
        return self.image.resize(size, Image.Resampling.LANCZOS)


STOPS = (160, 400, 640, 880, 1120)
LINE_Y = 520


@lru_cache(maxsize=1)
def _title_ground() -> Image.Image:
    canvas = Canvas(WIDTH, HEIGHT, BLUE)
    canvas.box(160, 160, 72, 10, YELLOW)
    canvas.text(156, 286, "站台上的", weight="700Bold", size=96, fill=WHITE)
    canvas.text(156, 406, "一堂法律课", weight="700Bold", size=96, fill=WHITE)
    canvas.text(1120, 190, "示例影片", weight="500Medium", size=28, fill=PALE, anchor="rs")
    canvas.text(160, 610, "普法直通车", weight="500Medium", size=30, fill=PALE)
    return canvas.done()


@lru_cache(maxsize=2)
def _stop(last: bool) -> Image.Image:
    canvas = Canvas(48, 48)
    canvas.dot(24, 24, 19, WHITE if last else BLUE, ring=WHITE, ring_width=6)
    if last:
        canvas.dot(24, 24, 9, RED)
    return canvas.done()


def title_card(second: float) -> Image.Image:
    """The title over a route line that reaches one stop after the other."""
    image = _title_ground().copy()
    reach = STOPS[0] + (STOPS[-1] - STOPS[0]) * ease(second / 2.6)
    ImageDraw.Draw(image).rectangle([STOPS[0], LINE_Y - 4, reach, LINE_Y + 4], fill=WHITE)
    for x in STOPS:
        if x <= reach + 1:
            stop = _stop(x == STOPS[-1])
            image.paste(stop, (x - 24, LINE_Y - 24), stop)
    return image


def closing_card() -> Image.Image:
    canvas = Canvas(WIDTH, HEIGHT, DEEP)
    canvas.box(160, 196, 72, 10, YELLOW)
    canvas.text(158, 310, "条文和解读，", weight="700Bold", size=76, fill=WHITE)
    canvas.text(158, 412, "网上都能读到", weight="700Bold", size=76, fill=WHITE)
    canvas.box(STOPS[0], LINE_Y - 4, STOPS[-1] - STOPS[0], 8, PALE)
    for x in STOPS[:-1]:
        canvas.dot(x, LINE_Y, 15, DEEP, ring=PALE, ring_width=5)
    canvas.dot(STOPS[-1], LINE_Y, 19, WHITE)
    canvas.dot(STOPS[-1], LINE_Y, 9, RED)
    canvas.text(160, 610, "普法直通车 · 示例影片", weight="500Medium", size=30, fill=PALE)
    return canvas.done()


ROAD_Y = 574
SKYLINE = (
    (0, 440), (93, 440), (93, 320), (205, 320), (205, 400), (283, 400), (283, 213), (405, 213), (405, 360), (493, 360),
    (493, 288), (611, 288), (611, 448), (691, 448), (691, 320), (792, 320), (792, 413), (912, 413), (912, 253),
    (1005, 253), (1005, 373), (1109, 373), (1109, 307), (1235, 307), (1235, 440), (1280, 440), (1280, 587), (0, 587),
)  # fmt: skip


@lru_cache(maxsize=1)
def _street() -> Image.Image:
    canvas = Canvas(WIDTH, HEIGHT, "#d9e7f5")
    canvas.dot(1090, 130, 62, "#f2c46d")
    canvas.shape([(float(x), float(y)) for x, y in SKYLINE], "#b7cde6")
    canvas.box(0, 496, WIDTH, 80, "#a3bcda")
    canvas.box(0, ROAD_Y, WIDTH, HEIGHT - ROAD_Y, "#34506f")
    canvas.box(0, ROAD_Y - 3, WIDTH, 6, "#dfe9f6")
    for x in range(40, WIDTH, 200):
        canvas.box(x, 650, 120, 6, "#8fa6c2")
    canvas.box(100, 318, 430, 16, "#0f3873")
    canvas.box(122, 334, 10, 240, "#2b4f86")
    canvas.box(498, 334, 10, 240, "#2b4f86")
    canvas.box(160, 496, 200, 11, "#2b4f86")
    canvas.box(180, 507, 8, 67, "#2b4f86")
    canvas.box(332, 507, 8, 67, "#2b4f86")
    canvas.box(394, 352, 86, 222, PAPER)
    canvas.box(394, 352, 86, 8, RED)
    for place, char in enumerate("社区矫正法"):
        canvas.text(437, 392 + 36 * place, char, weight="700Bold", size=28, fill=BLUE, anchor="mm")
    canvas.text(1240, 60, "示例", weight="500Medium", size=24, fill="#34506f", anchor="rs")
    return canvas.done()


@lru_cache(maxsize=2)
def _person(coat: str, skin: str) -> Image.Image:
    canvas = Canvas(60, 100)
    canvas.dot(30, 18, 16, skin)
    canvas.box(10, 38, 40, 70, coat, 20)
    return canvas.done()


@lru_cache(maxsize=1)
def _bus() -> Image.Image:
    """The bus, 560 × 220, front to the left."""
    canvas = Canvas(560, 220)
    canvas.box(6, 6, 548, 176, WHITE, 16)
    canvas.box(6, 104, 548, 78, BLUE, 12)
    canvas.box(6, 104, 548, 30, BLUE)
    for x in (150, 290, 360, 430):
        canvas.box(x, 30, 62, 60, "#cfe0f1", 4)
    canvas.box(18, 26, 46, 78, "#cfe0f1", 5)
    canvas.box(76, 26, 60, 156, WHITE)
    canvas.box(81, 32, 24, 142, "#cfe0f1", 3)
    canvas.box(108, 32, 24, 142, "#cfe0f1", 3)
    canvas.box(222, 26, 58, 156, WHITE)
    canvas.box(227, 32, 22, 142, "#cfe0f1", 3)
    canvas.box(253, 32, 22, 142, "#cfe0f1", 3)
    canvas.text(292, 152, "普法直通车", weight="700Bold", size=32, fill=WHITE)
    canvas.box(2, 138, 18, 14, YELLOW, 4)
    for x in (182, 492):
        canvas.dot(x, 182, 32, INK)
        canvas.dot(x, 182, 13, "#dfe3e9")
    return canvas.done()


def street(second: float) -> Image.Image:
    """The stop at a second of the film: two people wait, the bus comes from the right, they board, it leaves."""
    image = _street().copy()
    if second < 11.2:
        for seat, start, coat, skin in ((280, 8.6, BLUE, "#d9b48d"), (190, 9.2, RED, "#e8c9a6")):
            walked = min(1.0, max(0.0, (second - start) / 1.8))
            person = _person(coat, skin)
            # Up from the bench, then along the kerb and out of sight behind the bus.
            image.paste(person, (round(seat + (640 - seat) * walked), 412 + round(54 * min(1.0, 5 * walked))), person)
    arrive, leave = ease((second - 4.0) / 3.2), max(0.0, second - 11.2) / 1.8
    x = round(1330 - 760 * arrive - 1250 * leave * leave)
    bus = _bus()
    image.paste(bus, (x, 414), bus)
    return image


def ease(share: float) -> float:
    """0 to 1, slowing down towards the end."""
    share = min(1.0, max(0.0, share))
    return 1 - (1 - share) ** 3
