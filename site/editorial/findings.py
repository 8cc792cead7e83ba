"""What a check says: how grave, where, which words, why, and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

Words = str | Promise
AROUND = 14  # characters shown either side of a hit


class Level(StrEnum):
    BLOCK = "block"  # keeps it from being submitted and published
    WARN = "warn"  # a person has to look
    ADVICE = "advice"


@dataclass(frozen=True)
class Text:
    """One text of a thing, and where an editor finds it: 正文 › 第2块 提示 › 标题."""

    where: str
    words: str


@dataclass(frozen=True)
class Finding:
    level: Level
    code: str
    where: str
    before: str
    hit: str
    after: str
    message: str
    remedy: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def finding(text: Text, start: int, end: int, *, level: Level, code: str, message: Words, remedy: Words) -> Finding:
    """A finding about `text.words[start:end]`, with the words around it."""
    words = text.words
    before = words[max(0, start - AROUND) : start]
    after = words[end : end + AROUND]
    return Finding(
        level=level,
        code=code,
        where=text.where,
        before=("…" if start > AROUND else "") + before,
        hit=words[start:end],
        after=after + ("…" if end + AROUND < len(words) else ""),
        message=str(message),
        remedy=str(remedy),
    )


def about(where: str, *, level: Level, code: str, message: Words, remedy: Words, hit: str = "") -> Finding:
    """A finding about a place as a whole, such as a picture without description."""
    return Finding(level, code, where, "", hit, "", str(message), str(remedy))


def gravest_first(found: Iterable[Finding]) -> list[Finding]:
    order = {level: rank for rank, level in enumerate(Level)}
    return sorted(dict.fromkeys(found), key=lambda hit: order[hit.level])
