"""The data folder's disk is full for a while, in the middle of every deed (needs root, for a disk of its own)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from scripts.faults.deeds import Booking, Deed, Publishing, Scanning, Uploading
from scripts.faults.kills import harmed
from scripts.faults.rows import heads
from scripts.faults.stand import stand
from scripts.steps import say

FULL_S = 6.0
ROOM_KIB = 4 * 1024 * 1024


class Unwritten(Scanning):
    """Whoever stands in the street gets the page though the scan cannot be kept; the operator is told of each."""

    def found(self) -> list[str]:
        missing = len(self.confirmed) - (self.count() - self.before)
        told = (self.made.folder / "web.log").read_text(errors="replace").count("could not be written down")
        return [f"{missing} scans are not counted, the log tells of {told}"] if missing > told else []


def main() -> int:
    if os.geteuid() != 0:
        say("Left out: it needs root.")
        return 0
    place = Path(tempfile.mkdtemp(prefix="pufa-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_KIB}k,mode=755", "tmpfs", str(place)], check=True)
    bad = 0
    try:
        with stand(data=place / "data") as made:
            say(heads())
            kinds: tuple[type[Deed], ...] = (Publishing, Uploading, Booking, Unwritten)
            for kind in kinds:
                row = harmed(made, kind, f"disk full for {FULL_S:.0f} s", lambda: fill(place), random.Random(1))
                say(row.line())
                bad += row.is_bad
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)
        with suppress(OSError):
            shutil.rmtree(place)
    return bad


def fill(place: Path) -> None:
    """Leave not one block, then give all the room back."""
    while resize(place, used_kib(place)):  # it grows while we look
        time.sleep(0.01)
    time.sleep(FULL_S)
    resize(place, ROOM_KIB)


def used_kib(place: Path) -> int:
    held = os.statvfs(place)
    return (held.f_blocks - held.f_bfree) * held.f_frsize // 1024


def resize(place: Path, kib: int) -> int:
    command = ["mount", "-o", f"remount,size={kib}k", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
