"""The database is locked: somebody holds SQLite's write lock, for less and for more than anyone waits for it."""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from scripts.faults.deeds import Booking, Publishing, Scanning, Uploading
from scripts.faults.kills import harmed
from scripts.faults.rows import heads
from scripts.faults.stand import stand
from scripts.steps import say

WAIT_S = 20  # config.env.database


def main() -> int:
    bad = 0
    with stand(postgres=False) as made:
        say(heads())
        for kind in (Publishing, Booking, Uploading, Scanning):
            for held_s in (WAIT_S - 12, WAIT_S + 5):
                row = harmed(made, kind, f"write lock held for {held_s} s", partial(lock, held_s), random.Random(1))
                say(row.line())
                bad += row.is_bad
    return bad


def lock(held_s: float) -> None:
    file = Path(os.environ["PUFA_DATA_DIR"]) / "db.sqlite3"
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(held_s)
        other.execute("ROLLBACK")


if __name__ == "__main__":
    sys.exit(main())
