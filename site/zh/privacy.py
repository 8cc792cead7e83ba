"""Find what identifies a person in a Chinese text: identity numbers, telephones, bank cards, plates, e-mail addresses.

Full-width digits, spaces, dots and hyphens inside a number do not hide it. What cannot be such a number (a wrong check
digit, an impossible day of birth, a prefix that no operator has) is no hit, so that file numbers and amounts pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zh.spacing import narrow_with_offsets


class Kind(StrEnum):
    IDENTITY = "identity"
    MOBILE = "mobile"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    EMAIL = "email"


@dataclass(frozen=True)
class Hit:
    """Half-open span in the text as it was given."""

    start: int
    end: int
    kind: Kind


_GAP = r"[\s.·・•\-‐-―_/]"
# Digits that a person reads as one number: at most one separator between two of them.
_RUN = re.compile(rf"\d(?:{_GAP}?[\dx])*", re.IGNORECASE)
# GB 11643: weights of the first 17 digits, and the check character by remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# First two digits of GB/T 2260: provinces, Taiwan, Hong Kong and Macao (81–83 are also on residence permits).
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[a-hj-np-z]\s?[·•・.\-]?\s?(?:[a-hj-np-z0-9]{4}[a-hj-np-z0-9挂学警港澳]|[df][a-hj-np-z0-9]\d{4}|\d{5}[df])"
    r"(?![a-z0-9])"
)
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,63}\s?@\s?[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,12}")


def find_private(text: str) -> list[Hit]:
    """Every hit in `text`, in order; none overlap."""
    narrow, offsets = narrow_with_offsets(text)
    found: list[Hit] = []
    for start, end, kind in _candidates(narrow):
        # The character that the last one came from is part of the hit.
        hit = Hit(offsets[start], offsets[end - 1] + 1, kind)
        if not any(hit.start < other.end and other.start < hit.end for other in found):
            found.append(hit)
    return sorted(found, key=lambda hit: hit.start)


def _candidates(text: str) -> Iterator[tuple[int, int, Kind]]:
    for run in _RUN.finditer(text):
        yield from _numbers(run)
    for pattern, kind in ((_EMAIL, Kind.EMAIL), (_PLATE, Kind.PLATE)):
        for found in pattern.finditer(text):
            yield *found.span(), kind


def _numbers(run: re.Match[str]) -> Iterator[tuple[int, int, Kind]]:
    """Numbers in one run of digits: the whole of it first, then those its separators set apart."""
    places = [i for i in range(*run.span()) if run.string[i].isdigit() or run.string[i] in "xX"]
    digits = "".join(run.string[i] for i in places)
    whole = kind_of(digits)
    if whole is not None:
        yield places[0], places[-1] + 1, whole
        return
    # Telephone and identity number may follow each other with nothing but a space between them.
    for part in re.finditer(r"[\dx]+", run[0], re.IGNORECASE):
        kind = kind_of(part[0])
        if kind is not None:
            yield run.start() + part.start(), run.start() + part.end(), kind


def kind_of(digits: str) -> Kind | None:
    """What a number without separators is: by its length, prefix, day of birth and check digit."""
    if is_identity_number(digits):
        return Kind.IDENTITY
    if _MOBILE.fullmatch(digits):
        return Kind.MOBILE
    if is_bank_card(digits):
        return Kind.BANK_CARD
    return None


def is_identity_number(digits: str) -> bool:
    """Whether 18 characters are a resident identity number: province, day of birth and check character (GB 11643)."""
    if len(digits) != 18 or not digits[:17].isdigit() or int(digits[:2]) not in _PROVINCES:
        return False
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    if not 1900 <= born.year <= 2100:
        return False
    return check_character(digits[:17]) == digits[17].upper()


def check_character(first: str) -> str:
    """The 18th character for the first 17 digits of an identity number."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def is_bank_card(digits: str) -> bool:
    """Whether it is as long as a card, begins as cards do and passes the Luhn check.

    16 to 19 digits. Chinese cards begin with 62 (UnionPay) or 9 (older debit cards), foreign brands with 3 to 5.
    """
    if not digits.isdigit() or not 16 <= len(digits) <= 19:
        return False
    if not (digits.startswith("62") or digits[0] in "9345"):
        return False
    return luhn(digits) == 0


def luhn(digits: str) -> int:
    """The Luhn sum modulo 10; 0 for a valid number."""
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if i % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10


def masked(words: str) -> str:
    """What may be kept of a number in a report: its first and last two characters."""
    shown = words.strip()
    return shown if len(shown) <= 4 else f"{shown[:2]}{'*' * min(len(shown) - 4, 8)}{shown[-2:]}"
