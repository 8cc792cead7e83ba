"""Subtitles to burn into a bus cut: our own line breaks, one style, inside the safe area (ASS for libass)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from media.captions import Cue

MAX_LINES = 2
NOT_FIRST = frozenset("，。、；：？！”’）》〉】〕…—·,.;:?!)%℃")  # never begins a line (GB/T 15834)
NOT_LAST = frozenset("“‘（《〈【〔(")  # never ends one
GOOD_BREAK = frozenset("，。、；：？！…, ")


@dataclass(frozen=True)
class Frame:
    """The screen in pixels, and the share of each edge (0–1) that a bus screen's bezel may hide."""

    width: int
    height: int
    safe_area: float

    @property
    def em_px(self) -> int:
        """Type size: 1/13.5 of the shorter side, read from the back of a bus."""
        return max(18, round(min(self.width, self.height) / 13.5))

    @property
    def side_px(self) -> int:
        return round(self.width * self.safe_area)

    @property
    def bottom_px(self) -> int:
        return round(self.height * self.safe_area)


class TooLong(ValueError):
    """A caption that does not fit on two lines of the screen."""

    def __init__(self, cue: Cue) -> None:
        super().__init__(cue.line)
        self.cue = cue


def document(cues: Sequence[Cue], frame: Frame, font: Path, *, family: str) -> str:
    """The ASS file for `cues`, whose times count from the start of the cut. Raises TooLong."""
    face = ImageFont.truetype(str(font), frame.em_px)
    ascent, descent = face.getmetrics()
    # libass, as the format wants, takes a font size for the whole line height of the font, not for its em square.
    size = ascent + descent
    room = frame.width - 2 * frame.side_px
    outline = max(2, round(frame.em_px / 14))
    style = {
        "Name": "Bus",
        "Fontname": family,
        "Fontsize": size,
        "PrimaryColour": "&H00FFFFFF",
        "OutlineColour": "&H00261B15",
        "Bold": -1,
        "BorderStyle": 1,
        "Outline": outline,
        "Shadow": 0,
        "Alignment": 2,  # bottom, centred
        "MarginL": frame.side_px,
        "MarginR": frame.side_px,
        "MarginV": frame.bottom_px,
        "Encoding": 1,
    }
    head = [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {frame.width}",
        f"PlayResY: {frame.height}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "",
        "[V4+ Styles]",
        "Format: " + ", ".join(style),
        "Style: " + ",".join(str(value) for value in style.values()),
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Text",
    ]
    lines = []
    for cue in cues:
        broken = wrap(cue.line, face, room - 2 * outline)
        if len(broken) > MAX_LINES:
            raise TooLong(cue)
        text = "\\N".join(_plain(line) for line in broken)
        lines.append(f"Dialogue: 0,{_stamp(cue.start_ms)},{_stamp(cue.end_ms)},Bus,{text}")
    return "\n".join([*head, *lines, ""])


def wrap(text: str, face: ImageFont.FreeTypeFont, room_px: float) -> list[str]:
    """`text` in lines no wider than `room_px`: at punctuation where near, never before a closing mark."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        if face.getlength(rest) <= room_px:
            lines.append(rest)
            break
        most = 1
        while most < len(rest) and face.getlength(rest[: most + 1]) <= room_px:
            most += 1
        cut = most
        near = [place for place in range(max(1, most // 2), most + 1) if rest[place - 1] in GOOD_BREAK]
        if near:
            cut = near[-1]
        while cut > 1 and not may_break(rest, cut):
            cut -= 1
        if cut == 1 and not may_break(rest, cut):
            cut = most
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return lines


def may_break(text: str, place: int) -> bool:
    """Whether a line may end after `place` characters."""
    before, after = text[place - 1], text[place]
    in_word = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return after not in NOT_FIRST and before not in NOT_LAST and not in_word


def _plain(text: str) -> str:
    """Characters that libass would take for commands, in their full-width form."""
    return text.replace("\\", "＼").replace("{", "｛").replace("}", "｝").replace("\n", " ")


def _stamp(millis: int) -> str:
    centis = round(millis / 10)
    seconds, rest = divmod(centis, 100)
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}.{rest:02}"
