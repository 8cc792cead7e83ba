"""White space and width in Chinese text: what to drop, what to keep, and how to compare."""

import re
import unicodedata

# Zero-width characters and the byte order mark; Python's \s does not hold them.
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
HANZI = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WIDE = rf"[{HANZI}\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]"
_BETWEEN_WIDE = re.compile(rf"(?<={_WIDE})\s+|\s+(?={_WIDE})")
_HANZI_RUN = re.compile(rf"[{HANZI}]+")


def clean_line(line: str) -> str:
    """One line without invisible characters or outer space; inner white space of any width becomes one plain space."""
    return " ".join(line.translate(INVISIBLE).split())


def close_up(line: str) -> str:
    """`clean_line`, and no space beside hanzi or full-width punctuation: typesetting's spaces are not text."""
    return _BETWEEN_WIDE.sub("", clean_line(line))


def without_space(text: str) -> str:
    """For comparing: no white space or invisible character at all."""
    return "".join(text.translate(INVISIBLE).split())


def narrow(text: str) -> str:
    """NFKC and lower case: full-width letters and digits become ASCII, ligatures and circled numbers open up."""
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE)).lower()


def narrow_with_offsets(text: str) -> tuple[str, list[int]]:
    """`narrow` character by character, with the index in `text` that each character of the result came from.

    The list has one more entry than the result: `len(text)`, so that `offsets[end]` of a half-open span is defined.
    """
    out: list[str] = []
    offsets: list[int] = []
    for i, c in enumerate(text):
        piece = narrow(c)
        out.append(piece)
        offsets.extend([i] * len(piece))
    offsets.append(len(text))
    return "".join(out), offsets


def hanzi_runs(text: str) -> list[str]:
    """Every unbroken run of hanzi in `text`, in order."""
    return _HANZI_RUN.findall(text)


def excerpt(text: str, start: int, *, width: int) -> tuple[str, int]:
    """About `width` characters of `text` around `start`, begun at a sentence where one is near.

    Returns the excerpt and the index in `text` where it begins.
    """
    begin = max(0, start - width // 3)
    if begin:
        stops = [text.rfind(mark, begin, start) for mark in "。；！？\n"]
        begin = max(stops) + 1 if max(stops) >= 0 else begin
    return text[begin : begin + width], begin
