"""The clock of web and worker jumps: three hours ahead and back, then two days behind."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from scripts.faults.deeds import Booking, Deed, Publishing, Scanning, Transcoding
from scripts.faults.kills import harmed
from scripts.faults.rows import Row, heads
from scripts.faults.stand import Stand, answers, fresh, stand, wait_for
from scripts.steps import say

HOOK = Path(__file__).parent / "wrongclock"
#: After three hours ahead everybody has to sign in again, as after any three hours: what staff do is left out there.
JUMPS: dict[str, tuple[type[Deed], ...]] = {
    "+3 h": (Scanning, Transcoding),
    "+0 h": (Scanning, Transcoding),
    "-48 h": (Scanning, Publishing, Booking, Transcoding),
}


def main() -> int:
    bad = 0
    with tempfile.TemporaryDirectory(prefix="pufa-clock-") as folder:
        clock = Path(folder) / "clock"
        set_clock(clock, "+0 h")
        wrong = {"PYTHONPATH": str(HOOK), "WRONG_CLOCK": str(clock)}
        with stand() as made:
            for name in ("web", "worker"):
                part = made.parts[name]
                part.stop()
                part.env = part.env | wrong
                part.start()
            wait_for(lambda: answers(made.port), "the site")
            say(heads())
            for row in rows(made, clock):
                say(row.line())
                bad += row.is_bad
    return bad


def rows(made: Stand, clock: Path) -> Iterator[Row]:
    before = "+0 h"
    for to, kinds in JUMPS.items():
        for kind in kinds:
            harm = f"clock jumps from {before} to {to}"
            yield harmed(made, kind, harm, partial(set_clock, clock, to), random.Random(1))
            set_clock(clock, before)
        set_clock(clock, to)
        before, row = to, Row(f"clock at {to}", "work by the minute")
        try:
            row.back_s = pulse()
        except AssertionError as error:
            row.wrong.append(str(error))
        yield row


def set_clock(clock: Path, to: str) -> None:
    """At once: a reader sees the old file or the new one."""
    new = clock.with_suffix(".new")
    new.write_text(str(3600 * int(to.split(maxsplit=1)[0])))
    new.replace(clock)


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
