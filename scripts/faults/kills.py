"""kill -9 of web, worker, PostgreSQL and Redis in the middle of every deed, on one installation."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from scripts.faults.deeds import DEEDS, Deed
from scripts.faults.rows import Row, heads
from scripts.faults.stand import Stand, fresh, stand, wait_for
from scripts.steps import say

PARTS = ("web", "worker", "postgres", "redis")
BEFORE, AFTER = 4, 4  # confirmed deeds on either side of the harm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    parser.add_argument("--deeds", nargs="+", default=[kind.name for kind in DEEDS])
    parser.add_argument("--parts", nargs="+", default=list(PARTS))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    bad = 0
    with stand() as made:
        say(heads())
        for part in options.parts:
            for kind in DEEDS:
                if kind.name in options.deeds:
                    row = harmed(made, kind, f"kill -9 of {part}", partial(made.kill, part), dice)
                    say(row.line())
                    bad += row.is_bad
    return min(bad, 100)


def harmed(made: Stand, kind: type[Deed], harm: str, hurt: Callable[[], None], dice: random.Random) -> Row:
    """One deed with one harm in its middle."""
    row = Row(harm, kind.name)
    deed = kind(made)
    try:
        fresh()
        deed.prepare()
        (with_worker if deed.by_worker else with_people)(made, deed, hurt, dice, row)
        fresh()
        row.wrong = list(deed.found())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's and the next goes on
        row.wrong.append(f"{type(error).__name__}: {error}")
    row.confirmed = len(deed.confirmed)
    return row


def with_people(made: Stand, deed: Deed, hurt: Callable[[], None], dice: random.Random, row: Row) -> None:
    """Deeds before the harm, one under way when it comes, deeds until they are confirmed again."""
    import threading  # noqa: PLC0415

    counts = {"good": 0, "refused": 0}
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            good = deed.act(made.port)
            counts["good" if good else "refused"] += 1
            stop.wait(0.2)  # what is prepared has to outlast the harm

    person = threading.Thread(target=work)
    person.start()
    try:
        wait_for(lambda: counts["good"] >= BEFORE, f"the first {deed.name}")
        time.sleep(dice.uniform(0.0, 0.4))
        hurt()
        began, before = time.monotonic(), counts["good"]
        time.sleep(0.2)
        wait_for(lambda: counts["good"] >= before + AFTER + 1, f"{deed.name}")
        row.back_s = time.monotonic() - began
    finally:
        stop.set()
        person.join()
    row.refused = counts["refused"]


def with_worker(made: Stand, deed: Deed, hurt: Callable[[], None], dice: random.Random, row: Row) -> None:
    """The job is asked for, harmed while it runs, and comes to its end without anybody."""
    deed.act(made.port)
    wait_for(deed.running, f"the start of {deed.name}")
    time.sleep(dice.uniform(0.0, 1.5))
    hurt()
    began = time.monotonic()
    time.sleep(0.5)

    def done() -> bool:
        fresh()
        try:
            let_leases_run_out()
            return deed.done()
        except Exception:  # noqa: BLE001 - the database is not back yet
            return False

    wait_for(done, deed.name)
    row.back_s = time.monotonic() - began


def let_leases_run_out() -> None:
    """As if a minute had passed: a killed worker's lease ends, a waiting retry is due. A living one renews its own."""
    from django.db.models import F  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from jobs.models import Job  # noqa: PLC0415

    now = timezone.now()
    # Of leases last renewed over ten seconds ago: a worker that lives renews every two.
    stale = Job.objects.filter(state="running", leased_until__lt=now + timedelta(seconds=50))
    stale.update(leased_until=now - timedelta(seconds=1))
    Job.objects.filter(state="queued", run_after__gt=now, attempts__gt=0).update(run_after=F("created_at"))


if __name__ == "__main__":
    sys.exit(main())
