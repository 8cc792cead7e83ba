"""How long and from which seed: the suite takes a short run, `make fuzz` a long one with a seed of its own."""

import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

HOSTILE_BYTES = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1a", b"\r", b"\n\n\n", b"\t", b'"', b"'", b",,,,", b";",
    b"<!DOCTYPE x [<!ENTITY a 'bb'>]><x>&a;</x>", b"=cmd|'/C calc'!A0", b"../../../../etc/passwd", b"%s%n{0}{{x}}",
    b"[" * 3000, b"{\"a\":" * 2000, b"9" * 400, b"9" * 5000, b"1e400", b"-1", b"NaN", b"Infinity", b"0x10", b"1.5", b"",
    "１２３".encode(), "²".encode(), "\u202e反".encode(), "🚌".encode() * 40, "第零条".encode(), "二〇二六年".encode(),
    b"2026-02-30", b"0001-01-01", b"9999-12-31", b"25:61", b"true", b"null", b"PK\x03\x04", b"\x89PNG\r\n",
]  # fmt: skip


@dataclass
class Budget:
    """`for n in budget:` counts cases until the time is over; `rng(n)` is the same in every run of one seed."""

    seconds: float
    seed: str
    begun: float = field(default_factory=time.monotonic)

    def __iter__(self) -> Iterator[int]:
        n = 0
        while n < 20 or time.monotonic() - self.begun < self.seconds:
            yield n
            n += 1

    def rng(self, *words: Any) -> random.Random:
        return random.Random(":".join(map(str, (self.seed, *words))))


@pytest.fixture
def budget() -> Budget:
    """PUFA_FUZZ_SECONDS for each test (2), PUFA_FUZZ_SEED (2026)."""
    return Budget(float(os.environ.get("PUFA_FUZZ_SECONDS") or 2), os.environ.get("PUFA_FUZZ_SEED") or "2026")


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Any:
    """`tell(words)`: said on the screen in a long run."""

    def run(words: str) -> None:
        if os.environ.get("PUFA_FUZZ_SECONDS"):
            with capsys.disabled():
                sys.stdout.write(f"\n{words}\n")

    return run


@pytest.fixture
def mutate() -> Any:
    """`mutate(data, rng)`: the bytes with one to four harms done to them."""

    def run(data: bytes, rng: random.Random) -> bytes:
        for _ in range(rng.choice([1, 1, 1, 2, 4])):
            data = _harm(data, rng)
        return data

    return run


def _harm(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    to = min(len(data), at + rng.choice([1, 1, 2, 8, 64, 512]))
    kind = rng.randrange(8)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + data[to:]
    if kind == 2:
        return data[:to] + data[at:]
    if kind == 3:
        return data[:at] + rng.randbytes(to - at) + data[to:]
    if kind in (4, 5):
        return data[:at] + rng.choice(HOSTILE_BYTES) + data[at:]
    return _harm_a_word(data, rng) if kind == 6 else data[:at] + rng.choice(HOSTILE_BYTES) + data[to:]


def _harm_a_word(data: bytes, rng: random.Random) -> bytes:
    """Something else in the place of one whole value: between commas, quotation marks, brackets or line ends."""
    marks = [n for n, byte in enumerate(data[:200_000]) if byte in b',"\n:[]{}<>']
    if len(marks) < 2:
        return data + rng.choice(HOSTILE_BYTES)
    n = rng.randrange(len(marks) - 1)
    return data[: marks[n] + 1] + rng.choice(HOSTILE_BYTES) + data[marks[n + 1] :]
