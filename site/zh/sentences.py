"""Sentences of a Chinese text, and which of them are too long to be followed."""

import re
from collections.abc import Iterator

from zh.spacing import HANZI

LONGEST = 60  # characters; hanzi, digits and letters, without punctuation or space
_END = re.compile(r"[。！？!?；;\n]+[”』」）)]*")
_COUNTED = re.compile(rf"[{HANZI}0-9a-zA-Z]")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans of the sentences of `text`, outer white space left out. A semicolon ends one too."""
    start = 0
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        inner = piece.strip()
        if inner:
            begin = start + len(piece) - len(piece.lstrip())
            yield begin, begin + len(inner)
        start = end


def length(sentence: str) -> int:
    """Characters that are read: no punctuation, no space."""
    return len(_COUNTED.findall(sentence))


def long_sentences(text: str, longest: int = LONGEST) -> list[tuple[int, int, int]]:
    """Start, end and length of every sentence over `longest` characters."""
    return [(start, end, count) for start, end in sentences(text) if (count := length(text[start:end])) > longest]
