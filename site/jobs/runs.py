"""One run of one job, as its handler sees it: input, progress, the lease, the wish to stop."""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jobs.errors import Cancelled, LeaseLost
from jobs.models import Job

LEASE = timedelta(seconds=60)
HEARTBEAT_S = 2.0  # how often at most a handler's `check` reaches the database


class Run:
    """Handed to a handler. `check()` or `progress()` at least every half minute keeps the lease alive."""

    def __init__(self, job: Job, owner: str) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.result: Any = None
        self._owner = owner
        self._beat = time.monotonic()
        self._percent = 0.0
        self._note = ""

    def progress(self, percent: float, note: str = "") -> None:
        """Say how far the work is, 0–100, and what it is doing; renews the lease, may raise as `check` does."""
        self._percent = min(100.0, max(0.0, percent))
        if note and note != self._note:
            self._note = note[:200]
            self._renew()
        else:
            self.check()

    def check(self) -> None:
        """Raise Cancelled or LeaseLost where the work must stop."""
        if time.monotonic() - self._beat >= HEARTBEAT_S:
            self._renew()

    def _renew(self) -> None:
        self._beat = time.monotonic()
        mine = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, leased_by=self._owner)
        if not mine.update(progress=self._percent, note=self._note, leased_until=timezone.now() + LEASE):
            raise LeaseLost
        if mine.filter(cancel_requested=True).exists():
            raise Cancelled
