"""How well the checks find what they should: precision and recall over a file of marked sentences.

The file marks what is to be found. Numbers are made up here, so that no file holds one that looks real; each is valid
by its own rule and belongs to nobody known to us.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from editorial.checks.terms import places
from zh.minors import find_minors
from zh.privacy import check_character, find_private, luhn

_MARK = re.compile(r"\{(?P<kind>\w+'?)(?::(?P<form>\w+))?\}|<(?P<minor>[^<>]+)>|\[(?P<word>[^\[\]]+)\]")

YEAR = 2026  # the present one of the sentences: who was born after 2008 is a minor in them


@dataclass
class Score:
    """Of one kind: found and wanted, found only, wanted only."""

    right: int = 0
    false: int = 0
    missed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True)
class Sentence:
    """A sentence and the half-open spans in it that are to be found, by kind."""

    text: str
    wanted: frozenset[tuple[int, int, str]]


def sentences(lines: Iterable[str], *, seed: int = 0) -> list[Sentence]:
    """The sentences of a marked file, with numbers made up from `seed`."""
    made = Numbers(random.Random(seed))  # noqa: S311 - examples, not secrets
    return [_read(line.strip(), made) for line in lines if line.strip() and not line.startswith("#")]


def _read(line: str, made: "Numbers") -> Sentence:
    out, wanted, end = "", set(), 0
    for mark in _MARK.finditer(line):
        out += line[end : mark.start()]
        end = mark.end()
        if mark["minor"] or mark["word"]:
            words, kind = mark["minor"] or mark["word"], "minor" if mark["minor"] else "word"
        else:
            words, kind = made.make(mark["kind"], mark["form"] or "")
        if kind:
            wanted.add((len(out), len(out) + len(words), kind))
        out += words
    return Sentence(out + line[end:], frozenset(wanted))


def measure(found_in: Sequence[Sentence], rules: Sequence[tuple[str, Sequence[str]]]) -> dict[str, Score]:
    """Scores by kind and over `all`; a hit counts where it overlaps. `rules` are words to avoid with exceptions."""
    scores: dict[str, Score] = defaultdict(Score)
    for sentence in found_in:
        hits = set(_hits(sentence.text, rules))
        for want in sentence.wanted:
            match = next((hit for hit in hits if hit[2] == want[2] and hit[0] < want[1] and want[0] < hit[1]), None)
            if match is None:
                _count(scores, want[2], "missed", sentence.text[want[0] : want[1]], sentence.text)
            else:
                hits.discard(match)
                _count(scores, want[2], "right", "", "")
        for start, stop, kind in hits:
            _count(scores, kind, "false", sentence.text[start:stop], sentence.text)
    return dict(scores)


def _count(scores: dict[str, Score], kind: str, what: str, words: str, text: str) -> None:
    for name in (kind, "all"):
        score = scores[name]
        setattr(score, what, getattr(score, what) + 1)
        if words:
            score.faults.append(f"{what}: {words} | {text}")


def _hits(text: str, rules: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[int, int, str]]:
    for hit in find_private(text):
        if not text[hit.start : hit.end].endswith(".gov.cn"):
            yield hit.start, hit.end, {"bank_card": "card"}.get(hit.kind, str(hit.kind))
    for name in find_minors(text, year=YEAR):
        yield name.start, name.end, "minor"
    for word, exceptions in rules:
        for start in places(text, word, exceptions):
            yield start, start + len(word), "word"


class Numbers:
    """Makes numbers up: valid ones, and such as only look so."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def make(self, kind: str, form: str) -> tuple[str, str]:
        """The number, and the kind under which it is to be found; empty for one that only looks alike."""
        number = getattr(self, f"_{kind.rstrip(chr(39))}")()
        if kind.endswith("'"):
            wrong = str((int(number[-1].replace("X", "0")) + 1) % 10)
            return number[:-1] + wrong, ""
        if kind in {"identity17", "govmail"}:
            return number, ""
        if form == "x":
            while not number.endswith("X"):
                number = self._identity()
        return _shaped(number, form), {"card19": "card", "visa": "card"}.get(kind, kind)

    def _digits(self, count: int) -> str:
        return "".join(str(self.chance.randrange(10)) for _ in range(count))

    def _identity(self) -> str:
        born = f"{self.chance.randrange(1960, 2010)}{self.chance.randrange(1, 13):02}{self.chance.randrange(1, 29):02}"
        first = f"440799{born}{self._digits(3)}"  # there is no such district
        return first + check_character(first)

    def _identity17(self) -> str:
        return self._identity()[:17].replace("X", "1")

    def _mobile(self) -> str:
        return f"1{self.chance.choice('3456789')}{self._digits(9)}"

    def _card(self, length: int = 16, first: str = "62") -> str:
        number = first + self._digits(length - len(first) - 1)
        return number + str(-luhn(number + "0") % 10)

    def _card19(self) -> str:
        return self._card(19)

    def _visa(self) -> str:
        return self._card(16, "4")

    def _plate(self) -> str:
        return f"粤{self.chance.choice('JABC')}{self._digits(4)}{self.chance.choice('ABCDEFGH')}"

    def _email(self) -> str:
        return f"user{self._digits(4)}@example.com"

    def _govmail(self) -> str:
        return f"office{self._digits(2)}@example.gov.cn"


def _shaped(number: str, form: str) -> str:
    """The same number as people type it."""
    if form in {"spaced", "dashed"}:
        between = " " if form == "spaced" else "-"
        cuts = {18: (6, 14), 11: (3, 7), 7: (2,)}.get(len(number), tuple(range(4, len(number), 4)))
        edges = [0, *cuts, len(number)]
        return between.join(number[start:end] for start, end in pairwise(edges))
    if form == "wide":
        return "".join(chr(ord(char) + 0xFEE0) if char.isascii() else char for char in number)
    if form == "dotted":
        return f"{number[:2]}·{number[2:]}"
    if form == "new":
        return f"{number[:2]}D{number[2:6]}{number[5]}"
    return number.upper() if form == "upper" else number
