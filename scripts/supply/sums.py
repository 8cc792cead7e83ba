"""Whether what was unpacked is what was packed: every file against SHA256SUMS, none missing, none added."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from scripts.steps import Stop

SUMS = "SHA256SUMS"


def check(folder: Path) -> int:
    """Number of files; Stop names the first that is not as it was packed."""
    try:
        listed = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Stop(f"{folder / SUMS} cannot be read: unpack the archive again.") from error
    wanted = {match[2]: match[1] for line in listed if (match := re.fullmatch(r"([0-9a-f]{64})  (.+)", line))}
    for name, digest in wanted.items():
        if not (folder / name).is_file():
            raise Stop(f"{name} is missing: unpack the archive again.")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise Stop(f"{name} is not what was packed: unpack the archive again, or ask where it came from.")
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in wanted and name != SUMS:
            raise Stop(f"{name} does not belong to the archive: unpack it again into an empty folder.")
    return len(wanted)
