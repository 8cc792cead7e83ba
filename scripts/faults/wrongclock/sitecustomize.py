"""A wrong clock for one program: Python reads this at its start where PYTHONPATH names this folder.

`time.time` and Django's `timezone.now`, from which the product has every time, are off by the seconds in the file that
WRONG_CLOCK names, which may change at any moment. Monotonic clocks, sleeps, the database and the files keep the
right time. Not libfaketime: under it Python's sleeps fail after a jump.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

FILE = Path(os.environ["WRONG_CLOCK"])
right_time, right_time_ns, right_now = time.time, time.time_ns, timezone.now


def off_s() -> int:
    return int(FILE.read_text())


def wrong_now() -> datetime:
    return right_now() + timedelta(seconds=off_s())


time.time = lambda: right_time() + off_s()
time.time_ns = lambda: right_time_ns() + off_s() * 10**9
timezone.now = wrong_now
