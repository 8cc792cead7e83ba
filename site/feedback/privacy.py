"""Numbers that nobody needs to send us: of identity and bank cards. A telephone is what an answer may need."""

from zh.privacy import Kind, find_private

_NEVER_NEEDED = frozenset({Kind.IDENTITY, Kind.BANK_CARD})


def has_private_numbers(text: str) -> bool:
    """Whether `text` holds an identity-card or bank-card number, however it is grouped or wide."""
    return any(hit.kind in _NEVER_NEEDED for hit in find_private(text))
