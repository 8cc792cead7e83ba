"""One ffmpeg for every two cores of a machine, however many workers run on it.

Turns are held by file locks, which the system gives back when a process dies in whatever way.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

WAIT_S = 0.5


def most() -> int:
    """How many may run at once on this machine."""
    return max(1, len(os.sched_getaffinity(0)) // 2)


@contextmanager
def turn(waiting: Callable[[], None], count: int | None = None) -> Iterator[int]:
    """Hold one of `count` turns; `waiting` is called while none is free, and ends the wait by raising."""
    folder = Path(settings.WORK_ROOT) / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    count = count or most()
    while True:
        for number in range(count):
            with (folder / str(number)).open("wb") as file:
                if _locked(file):
                    yield number
                    return
        waiting()
        time.sleep(WAIT_S)


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
