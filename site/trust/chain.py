"""The seal of the trail: each row's HMAC covers the row and the seal before it.

The key lies outside the database (`var/keys/audit.key`), so whoever can write rows cannot seal them. The newest seal is
also appended to a file beside it, so that removing the *last* rows shows as well.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

GENESIS = "0" * 64
RETIRED = "audit.retired"


def audit_key(folder: Path) -> bytes:
    """The sealing key of this installation, made once, readable by its owner only."""
    path = folder / "audit.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass  # another process was first: its key counts
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


def seal(key: bytes, previous_mac: str, row: dict[str, Any]) -> str:
    """HMAC-SHA-256 over the previous seal and the row in one canonical spelling, in hex."""
    spelled = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hmac.new(key, f"{previous_mac}\n{spelled}".encode(), hashlib.sha256).hexdigest()


def append_head(folder: Path, sequence: int, mac: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "audit.heads").open("a") as file:
        file.write(f"{sequence} {mac}\n")
        file.flush()
        os.fsync(file.fileno())


def read_heads(folder: Path) -> dict[int, str]:
    """Every seal that was noted outside the database, by sequence."""
    path = folder / "audit.heads"
    if not path.exists():
        return {}
    pairs = (line.split() for line in path.read_text().splitlines())
    return {int(pair[0]): pair[1] for pair in pairs if len(pair) == 2 and pair[0].isdigit()}


@dataclass(frozen=True)
class Segment:
    """A whole month that left the database for a file."""

    month: str  # YYYY-MM
    first: int
    last: int
    mac: str  # seal of its last row
    sha256: str  # of its file


def append_segment(folder: Path, key: bytes, segment: Segment) -> None:
    """Note outside the database where the trail now begins, sealed like a row."""
    path = folder / RETIRED
    lines = path.read_text().splitlines() if path.exists() else []
    previous = json.loads(lines[-1])["seal"] if lines else GENESIS
    line = asdict(segment) | {"seal": seal(key, previous, asdict(segment))}
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_segments(folder: Path, key: bytes) -> list[Segment]:
    """The months that were retired, oldest first. Raises ValueError where the list is not what was written."""
    path = folder / RETIRED
    segments: list[Segment] = []
    previous = GENESIS
    for line in path.read_text().splitlines() if path.exists() else []:
        row = json.loads(line)
        sealed = row.pop("seal")
        if not hmac.compare_digest(seal(key, previous, row), sealed):
            raise ValueError(f"{RETIRED} was altered at {row.get('month')}")
        segments.append(Segment(**row))
        previous = sealed
    return segments


@dataclass(frozen=True)
class Link:
    """A row as the chain sees it."""

    sequence: int
    previous_mac: str
    mac: str
    row: dict[str, Any]


class Fault(StrEnum):
    MISSING = "missing"
    REORDERED = "reordered"
    ALTERED = "altered"
    REPLACED = "replaced"
    CUT_OFF = "cut off"
    RETIRED_ALTERED = "retired altered"


class Break(NamedTuple):
    """Where the trail is not what was written."""

    sequence: int
    fault: Fault


def find_breaks(
    key: bytes, links: Iterable[Link], heads: dict[int, str], after: tuple[int, str] = (0, GENESIS)
) -> Iterator[Break]:
    """Where the trail was altered, cut or reordered. Yields nothing for a sound one.

    `links` come by sequence and begin behind `after`, the last row (its sequence, its seal) of what was retired. A row
    that was committed an instant ago may not stand in `heads` yet; a head without its row means that it was removed.
    """
    expected, previous_mac = after[0] + 1, after[1]
    seen: set[int] = set()
    for link in links:
        left_over = link.sequence <= after[0]  # listed as retired, but its removal was never committed
        if left_over:
            pass
        elif link.sequence != expected:
            yield Break(expected, Fault.MISSING)
        elif link.previous_mac != previous_mac:
            yield Break(link.sequence, Fault.REORDERED)
        if not hmac.compare_digest(seal(key, link.previous_mac, link.row), link.mac):
            yield Break(link.sequence, Fault.ALTERED)
        if heads.get(link.sequence, link.mac) != link.mac:
            yield Break(link.sequence, Fault.REPLACED)
        seen.add(link.sequence)
        if not left_over:
            previous_mac, expected = link.mac, link.sequence + 1
    for sequence in sorted(heads.keys() - seen):
        if sequence >= expected:
            yield Break(sequence, Fault.CUT_OFF)
