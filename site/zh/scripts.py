"""Simplified and traditional script: to traditional for readers, back to simplified for search, and who wants which.

Conversion keeps the number of characters, so that places in one script are places in the other.
"""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

from zh.spacing import HANZI

DATA = Path(__file__).parent / "data"
_RUN = re.compile(rf"[{HANZI}]+")
_HANZI_CODES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_MASK = "\ue000"  # private use: no dictionary knows it
_TRADITIONAL_PLACES = frozenset({"TW", "HK", "MO"})
_TRADITIONAL_LANGUAGES = frozenset({"yue", "nan", "hak"})
_CHINESE = _TRADITIONAL_LANGUAGES | {"zh", "cmn"}


class TableError(ValueError):
    """A row of a table in `zh/data` that cannot be used: which file, which line, and why."""


def to_traditional(text: str) -> str:
    """Simplified `text` in traditional script (Hong Kong and Macau), of the same length.

    Chosen by context from OpenCC's dictionary, then by the tables in `zh/data`. What is not hanzi stays as it is.
    """
    if text.isascii():
        return text
    tables = _tables()
    own = [(found.start(), tables.terms[found[0]]) for found in tables.terms_pattern.finditer(text)]
    masked = tables.terms_pattern.sub(lambda found: _MASK * len(found[0]), text)
    out = _same_length(masked).translate(tables.forms)
    if not own:
        return out
    parts: list[str] = []
    end = 0
    for start, form in own:
        parts += [out[end:start], form]
        end = start + len(form)
    return "".join([*parts, out[end:]])


def fold(text: str) -> str:
    """`text` with every traditional character as its simplified one, of the same length: for comparing, not reading.

    Character by character, so that 發 and 髮 meet in 发: a search finds either by both.
    """
    return text if text.isascii() else text.translate(_folding())


#: Where the same site is read in traditional script.
TRADITIONAL_PREFIX = "/zh-hant"


def prefers_traditional(accept_language: str) -> bool:
    """Whether a reader with this Accept-Language header reads Chinese in traditional script first.

    Only the Chinese tags count, by weight, then by order (RFC 9110 §12.5.4): `en, zh-TW;q=0.8` wants traditional.
    A script says more than a place: `zh-Hans-HK` is simplified.
    """
    best, traditional = 0.0, False
    for entry in accept_language.split(","):
        tag, _, parameters = entry.partition(";")
        subtags = tag.strip().replace("_", "-").split("-")
        weight = _weight(parameters)
        if subtags[0].lower() in _CHINESE and weight > best:
            best, traditional = weight, _is_traditional(subtags)
    return traditional


def _is_traditional(subtags: list[str]) -> bool:
    language, rest = subtags[0].lower(), {part.upper() for part in subtags[1:]}
    if {"HANT", "HANS"} & rest:
        return "HANT" in rest
    if "CN" in rest:
        return False
    return bool(rest & _TRADITIONAL_PLACES) or language in _TRADITIONAL_LANGUAGES


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


class _Tables:
    """The tables of `zh/data`, checked."""

    def __init__(self) -> None:
        self.terms = read_table(DATA / "traditional_terms.tsv")
        self.forms = str.maketrans(read_table(DATA / "traditional_forms.tsv"))
        longest_first = sorted(self.terms, key=len, reverse=True)
        self.terms_pattern = re.compile("|".join(map(re.escape, longest_first)))


@cache
def _tables() -> _Tables:
    return _Tables()


def read_table(path: Path) -> dict[str, str]:
    """Rows `term<TAB>form`, `#` comments and blank lines between. Raises TableError."""
    rows: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        term, tab, form = line.partition("\t")
        if not tab or not term or len(term) != len(form):
            raise TableError(
                f"{path.name}, line {number}: {line!r} is not two terms of equal length with a tab between"
            )
        if term in rows:
            raise TableError(f"{path.name}, line {number}: {term} is there already")
        rows[term] = form
    return rows


@cache
def _dictionary(name: str) -> OpenCC:
    return OpenCC(name)


def _same_length(text: str) -> str:
    """OpenCC's traditional text; where a phrase would grow or shrink, its characters one by one."""
    convert = _dictionary("s2hk").convert
    out: str = convert(text)
    if len(out) == len(text):
        return out
    return _RUN.sub(lambda found: _same_length_run(found[0]), text)


def _same_length_run(run: str) -> str:
    convert = _dictionary("s2hk").convert
    out: str = convert(run)
    if len(out) == len(run):
        return out
    return "".join(one if len(one := convert(c)) == 1 else c for c in run)


@cache
def _folding() -> dict[int, str]:
    """Traditional to simplified, one character for one: the standard first, then what Hong Kong and Taiwan add."""
    hanzi = [chr(code) for first, end in _HANZI_CODES for code in range(first, end)]
    table = read_table(DATA / "folded_forms.tsv")
    for name in ("t2s", "hk2s", "tw2s"):
        simplified = set(table.values())
        simple = _dictionary(name).convert("\n".join(hanzi)).split("\n")
        for c, one in zip(hanzi, simple, strict=True):
            # What one table gives as simplified, another is not to change: 么 is no 幺.
            if one != c and len(one) == 1 and c not in simplified:
                table.setdefault(c, one)
    return {ord(c): table.get(one, one) for c, one in table.items()}
