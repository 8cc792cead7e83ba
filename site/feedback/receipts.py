"""Receipt numbers and the codes that go with them: easy to read out over the telephone, not to be guessed."""

import hashlib
import re
import secrets
from datetime import date

from django.utils.crypto import constant_time_compare, salted_hmac

#: No 0/O, 1/I/L, 2/Z, 5/S, 8/B or U/V: what people mix up on paper and by ear.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
NUMBER_LENGTH = 5
CODE_LENGTH = 8
_FOUND = re.compile(r"(\d{8})([0-9A-Z]{5})")


def new_number(day: date) -> str:
    """`20261124-7K3QF`: the day, and five characters that do not count messages."""
    return f"{day:%Y%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))}"


def code_for(submission: str) -> str:
    """The code of the form that was filled in: sending the same form twice gives the same one (`K3QF-7M4P`).

    23^8 ≈ 7.8 × 10^10 codes; `submission` is the random part of the form's token, and the secret key is needed as well.
    """
    value = int.from_bytes(salted_hmac("feedback.code", submission, algorithm="sha256").digest(), "big")
    characters = []
    for _ in range(CODE_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return f"{''.join(characters[:4])}-{''.join(characters[4:])}"


def digest(number: str, code: str) -> str:
    """What is kept of a code, in hex."""
    return hashlib.sha256(f"{number}\n{code}".encode()).hexdigest()


def tidy_number(written: str) -> str:
    """The number as we spell it, from what a person typed; empty where it is none."""
    found = _FOUND.fullmatch(_bare(written))
    return f"{found[1]}-{found[2]}" if found else ""


def tidy_code(written: str) -> str:
    """The code as we spell it, from what a person typed."""
    bare = _bare(written)
    return f"{bare[:4]}-{bare[4:]}"


def fits(number: str, code: str, kept: str) -> bool:
    """Whether this is the code of the message with that number, in a time that tells nothing."""
    return constant_time_compare(digest(number, code), kept or digest("", ""))


def _bare(written: str) -> str:
    return re.sub(r"[\s\-–—_.]", "", written).upper()
