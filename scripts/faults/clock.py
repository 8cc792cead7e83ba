"""The clock of web and worker jumps: three hours ahead and back, two days behind and back (needs Debian's faketime)."""

from __future__ import annotations

import random
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from scripts.faults.deeds import Booking, Deed, Publishing, Scanning, Transcoding
from scripts.faults.kills import harmed
from scripts.faults.rows import Row, heads
from scripts.faults.stand import Stand, answers, fresh, stand, wait_for
from scripts.steps import say

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
#: After three hours ahead everybody has to sign in again, as after any three hours: what staff do is left out there.
JUMPS: dict[str, tuple[type[Deed], ...]] = {
    "+3h": (Scanning, Transcoding),
    "+0": (Scanning, Transcoding),
    "-2d": (Scanning, Publishing, Booking, Transcoding),
}


def main() -> int:
    if LIBRARY is None:
        say("Left out: it needs faketime (Debian: apt-get install faketime).")
        return 0
    bad = 0
    with tempfile.TemporaryDirectory(prefix="pufa-clock-") as folder:
        clock = Path(folder) / "clock"
        clock.write_text("+0")
        faked = {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
        faked["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        with stand() as made:
            for name in ("web", "worker"):
                part = made.parts[name]
                part.stop()
                part.env = part.env | faked
                part.start()
            wait_for(lambda: answers(made.port), "the site")
            say(heads())
            for row in rows(made, clock):
                say(row.line())
                bad += row.is_bad
    return bad


def rows(made: Stand, clock: Path) -> Any:
    for to, kinds in JUMPS.items():
        for kind in kinds:
            before = clock.read_text()
            harm = f"clock jumps from {before} to {to}"
            yield harmed(made, kind, harm, partial(set_clock, clock, to), random.Random(1))
            clock.write_text(before)
        clock.write_text(to)
        row = Row(f"clock at {to}", "work by the minute")
        try:
            row.back_s = pulse()
        except AssertionError as error:
            row.wrong.append(str(error))
        yield row


def set_clock(clock: Path, to: str) -> None:
    clock.write_text(to)


def pulse() -> float:
    """Until the worker has done its most frequent periodic work twice more."""
    from jobs.heartbeat import PULSE  # noqa: PLC0415
    from jobs.models import Job  # noqa: PLC0415

    fresh()
    done = Job.objects.filter(kind=PULSE, state="done")
    before = done.count()
    return wait_for(lambda: done.count() >= before + 2, "periodic work", limit_s=150)


if __name__ == "__main__":
    sys.exit(main())
