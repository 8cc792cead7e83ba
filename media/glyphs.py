"""Which characters a TrueType or OpenType font can draw, read from its `cmap` table.

libass draws nothing for a character that the font lacks: on a bus screen that is a silent hole in a sentence of law.
"""

import struct
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def characters(font: Path) -> frozenset[int]:
    """Code points that `font` has a glyph for. Raises ValueError for a file without a Unicode cmap (format 4 or 12)."""
    data = font.read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    cmap = 0
    for place in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * place)
        if tag == b"cmap":
            cmap = offset
    if not cmap:
        raise ValueError(f"{font.name} has no cmap table")
    found: set[int] = set()
    for place in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * place)
        start = cmap + offset
        kind = struct.unpack_from(">H", data, start)[0]
        if (platform, encoding) in ((3, 1), (0, 3), (0, 4), (3, 10), (0, 6)):
            found |= _format_12(data, start) if kind == 12 else _format_4(data, start) if kind == 4 else set()
    if not found:
        raise ValueError(f"{font.name} has no Unicode cmap that we read")
    return frozenset(found)


def _format_12(data: bytes, start: int) -> set[int]:
    found: set[int] = set()
    for place in range(struct.unpack_from(">L", data, start + 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * place)
        found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(data: bytes, start: int) -> set[int]:
    count = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts_at = start + 16 + 2 * count
    starts = struct.unpack_from(f">{count}H", data, starts_at)
    deltas = struct.unpack_from(f">{count}H", data, starts_at + 2 * count)
    offsets_at = starts_at + 4 * count
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    found: set[int] = set()
    for place in range(count):
        for code in range(starts[place], min(ends[place], 0xFFFE) + 1):
            if offsets[place] == 0:
                glyph = (code + deltas[place]) & 0xFFFF
            else:
                at = offsets_at + 2 * place + offsets[place] + 2 * (code - starts[place])
                glyph = struct.unpack_from(">H", data, at)[0] if at + 2 <= len(data) else 0
            if glyph:
                found.add(code)
    return found


def missing(text: str, font: Path) -> list[str]:
    """The visible characters of `text` that `font` cannot draw, each once, in order of appearance."""
    have = characters(font)
    return list(dict.fromkeys(char for char in text if char > " " and ord(char) not in have and char != "\u3000"))
