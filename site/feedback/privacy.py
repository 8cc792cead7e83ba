"""Numbers that nobody needs to send us: of identity and bank cards, told from others by their check digits."""

import re

from zh.spacing import narrow

_GROUPING = re.compile(r"(?<=\d)[\s.·\-–—]+(?=[\dXx])")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_CARD = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECKS = "10X98765432"


def has_private_numbers(text: str) -> bool:
    """Whether `text` holds an identity-card or bank-card number, however it is grouped or wide."""
    bare = _GROUPING.sub("", narrow(text))
    return any(_is_identity(found) for found in _IDENTITY.findall(bare)) or any(
        _is_card(found) for found in _CARD.findall(bare)
    )


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def _is_card(number: str) -> bool:
    """Luhn's sum, as on every bank card (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
