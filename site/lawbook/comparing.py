"""Two texts side by side: which article became which, and what was taken out of its words and put in.

Pure functions over plain data. Articles are paired by their number and by their words: in a thorough revision nearly
every number moves, and comparing what happens to carry the same number would say nothing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from zh.numerals import ArticleNumber
from zh.spacing import without_space

# Shares of common pairs of characters (Dice). Set by eye on the texts of a law before and after a thorough revision:
# below 0.45 articles of different numbers share a subject, not an origin.
SAME_NUMBER = 0.25
OTHER_NUMBER = 0.45
SHORTEST_KEPT = 3  # characters between two changes that are too few to be worth reading as unchanged


class Text(NamedTuple):
    """One article: its number and its words, a paragraph or an item a line."""

    key: ArticleNumber
    words: str


class Change(StrEnum):
    SAME = "same"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


class Run(NamedTuple):
    """Words that stayed (""), came in ("ins") or went out ("del")."""

    kind: str
    words: str


@dataclass(frozen=True)
class Row:
    """What became of one article; `old` and `new` are indices, None where there is none."""

    change: Change
    old: int | None
    new: int | None


def align(old: Sequence[Text], new: Sequence[Text]) -> list[Row]:
    """Every article of both texts once, in the order of the new text; what is gone stands where it stood."""
    partner = _pairs(old, new)  # new → old
    of_old = {before: after for after, before in partner.items()}
    rows: list[Row] = []
    left = _gone_after(old, of_old)
    rows += [Row(Change.GONE, index, None) for index in left[None]]
    for index, article in enumerate(new):
        before = partner.get(index)
        rows.append(Row(_change(None if before is None else old[before], article), before, index))
        rows += [Row(Change.GONE, gone, None) for gone in left[index]]
    return rows


def _gone_after(old: Sequence[Text], of_old: dict[int, int]) -> dict[int | None, list[int]]:
    """Articles without a partner, by the new article after which they are shown."""
    found: dict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for index in range(len(old)):
        if index in of_old:
            last = of_old[index]
        else:
            found[last].append(index)
    return found


def _change(old: Text | None, new: Text) -> Change:
    if old is None:
        return Change.NEW
    if without_space(old.words) != without_space(new.words):
        return Change.CHANGED
    return Change.SAME if old.key == new.key else Change.RENUMBERED


def _pairs(old: Sequence[Text], new: Sequence[Text]) -> dict[int, int]:
    """New index → old index: the most alike first, and of equally alike ones those of the same number."""
    before, after = [without_space(text.words) for text in old], [without_space(text.words) for text in new]
    by_key = {text.key: index for index, text in enumerate(old)}
    partner = {
        index: at
        for index, text in enumerate(new)
        if (at := by_key.get(text.key)) is not None and before[at] == after[index]
    }
    taken = set(partner.values())
    candidates = []
    for score, i, j in _likeness(before, after, taken, set(partner)):
        same = old[i].key == new[j].key
        if score >= (SAME_NUMBER if same else OTHER_NUMBER):
            candidates.append((-score, not same, abs(i - j), i, j))
    for *_order, i, j in sorted(candidates):
        if i not in taken and j not in partner:
            partner[j] = i
            taken.add(i)
    return partner


def _likeness(
    before: Sequence[str], after: Sequence[str], skip_before: set[int], skip_after: set[int]
) -> Iterator[tuple[float, int, int]]:
    """(Dice coefficient of pairs of characters, old index, new index) of all that have a pair in common."""
    grams = [Counter() if i in skip_before else _grams(text) for i, text in enumerate(before)]
    where: dict[str, list[int]] = defaultdict(list)
    for i, counts in enumerate(grams):
        for gram in counts:
            where[gram].append(i)
    sizes = [counts.total() for counts in grams]
    for j, text in enumerate(after):
        if j in skip_after:
            continue
        counts = _grams(text)
        common: Counter[int] = Counter()
        for gram, n in counts.items():
            for i in where.get(gram, ()):
                common[i] += min(n, grams[i][gram])
        size = counts.total()
        for i, shared in common.items():
            yield 2 * shared / (sizes[i] + size), i, j


def _grams(text: str) -> Counter[str]:
    """Its pairs of characters; a text of one character is its own."""
    return Counter(a + b for a, b in pairwise(text)) or Counter([text])


def changes(old: str, new: str) -> list[Run]:
    """What turns `old` into `new`, with stays and changes of at least a few characters each.

    Joining what is not "ins" gives `old`, joining what is not "del" gives `new`.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pieces: list[tuple[str, str]] = []  # (taken out, put in); equal in both where nothing changed
    kept: list[bool] = []
    for change, a, b, c, d in matcher.get_opcodes():
        keep = change == "equal" and (b - a >= SHORTEST_KEPT or a == 0 or b == len(old) or "\n" in old[a:b])
        if kept and kept[-1] == keep:
            pieces[-1] = (pieces[-1][0] + old[a:b], pieces[-1][1] + new[c:d])
        else:
            pieces.append((old[a:b], new[c:d]))
            kept.append(keep)
    runs: list[Run] = []
    for (out, into), keep in zip(pieces, kept, strict=True):
        if keep:
            runs.append(Run("", out))
        else:
            runs += [Run("del", out)] * bool(out) + [Run("ins", into)] * bool(into)
    return runs


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """`runs` cut into lines. Where nothing but the break itself came in or went out, the mark ¶ stands for it."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        alone = bool(run.kind) and not run.words.strip("\n")
        for at, piece in enumerate(re.split("\n", run.words)):
            if at:
                if alone:
                    lines[-1].append(Run(run.kind, "¶"))
                lines.append([])
            if piece:
                lines[-1].append(Run(run.kind, piece))
    return [line for line in lines if line]
