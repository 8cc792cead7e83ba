"""Whether captions can be read in their time: length of lines, characters a second, time on screen.

The limits are those of Netflix's timed text guides (Simplified Chinese: 16 characters a line, 9 a second; English: 42
and 20; two lines, 5/6 to 7 s), which rest on what viewers managed. They warn and never stop: a quotation of law may
need its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from media.captions import Cue

HALF_WIDTH_BELOW = 0x250  # Latin letters and digits: half as wide as a hanzi


@dataclass(frozen=True)
class Limits:
    """`line_cells` and `cells_per_s` count a hanzi as one; a Latin letter counts `latin`."""

    line_cells: float
    cells_per_s: float
    latin: float
    lines: int = 2
    shortest_ms: int = 833
    longest_ms: int = 7000


CHINESE = Limits(line_cells=16, cells_per_s=9, latin=0.5)
ENGLISH = Limits(line_cells=42, cells_per_s=20, latin=1)


def limits_of(language: str) -> Limits:
    return ENGLISH if language == "en" else CHINESE


def cells(text: str, limits: Limits) -> float:
    """Width of a line without the spaces at its ends."""
    return sum(limits.latin if ord(char) < HALF_WIDTH_BELOW else 1 for char in text.strip())


def speed(cue: Cue, limits: Limits) -> float:
    """Characters a second."""
    width = sum(cells(line, limits) for line in cue.text.split("\n"))
    return 1000 * width / max(1, cue.end_ms - cue.start_ms)


def remarks(cues: Sequence[Cue], language: str) -> list[list[str]]:
    """For each cue what makes it hard to read, as sentences; empty where nothing does. `captions.js` says the same."""
    limits = limits_of(language)
    found = []
    for place, cue in enumerate(cues):
        said = []
        length_ms = cue.end_ms - cue.start_ms
        lines = cue.text.split("\n")
        widest = max(cells(line, limits) for line in lines)
        if widest > limits.line_cells:
            said.append(_("line of %(n)g characters, at most %(most)g") % {"n": widest, "most": limits.line_cells})
        if len(lines) > limits.lines:
            said.append(_("%(n)d lines, at most %(most)d") % {"n": len(lines), "most": limits.lines})
        if speed(cue, limits) > limits.cells_per_s:
            values = {"n": round(speed(cue, limits), 1), "most": limits.cells_per_s}
            said.append(_("%(n)g characters a second, at most %(most)g") % values)
        if length_ms < limits.shortest_ms:
            said.append(_("on screen for %(n).1f s only") % {"n": length_ms / 1000})
        if length_ms > limits.longest_ms:
            said.append(_("on screen for more than %(most)g s") % {"most": limits.longest_ms / 1000})
        if place and cue.start_ms < cues[place - 1].end_ms:
            said.append(_("begins before the one above has ended"))
        found.append(said)
    return found
