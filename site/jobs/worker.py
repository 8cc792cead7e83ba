"""The worker: claims by lease, runs, sweeps what a dead worker left, and starts what is due again.

A killed worker's job is free again when its lease runs out, at most `LEASE` later. Any number of workers may run on
PostgreSQL (SKIP LOCKED); on SQLite they take turns.
"""

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from jobs.errors import Cancelled, JobFailed, LeaseLost
from jobs.models import Job
from jobs.queue import enqueue
from jobs.registry import kinds
from jobs.runs import LEASE, Run

log = logging.getLogger(__name__)
IDLE_S = 0.5
PERIODIC_CHECK_S = 15.0


def owner_name() -> str:
    """A name that no other worker has, before or after."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def claim(owner: str) -> Job | None:
    """Take the next due job for `owner`, or None."""
    with transaction.atomic():
        due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=timezone.now(), kind__in=list(kinds))
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        job = due.order_by("priority", "run_after", "pk").first()
        if job is None:
            return None
        now = timezone.now()
        job.state, job.leased_by, job.leased_until = Job.State.RUNNING, owner, now + LEASE
        job.started_at, job.attempts, job.progress, job.note, job.error = now, job.attempts + 1, 0, "", ""
        job.save(
            update_fields=["state", "leased_by", "leased_until", "started_at", "attempts", "progress", "note", "error"]
        )
        return job


def execute(job: Job, owner: str) -> None:
    """Run a claimed job to its end, whatever that is."""
    kind = kinds[job.kind]
    run = Run(job, owner)
    started = time.monotonic()
    around = import_string(settings.JOB_CONTEXT)
    try:
        with around():
            kind.handler(run)
    except LeaseLost:
        log.warning("job %s %s: the lease was lost to another worker", job.pk, job.kind)
        return
    except Cancelled:
        _finish(run, owner, state=Job.State.CANCELLED)
    except JobFailed as error:
        _finish(run, owner, state=Job.State.FAILED, error=str(error))
    except Exception as error:
        log.exception("job %s %s failed in attempt %s", job.pk, job.kind, job.attempts)
        _retry_or_fail(job, owner, error)
    else:
        _finish(run, owner, state=Job.State.DONE, progress=100.0)
    log.info("job %s %s ended after %.1f s", job.pk, job.kind, time.monotonic() - started)


def _finish(run: Run, owner: str, **values: object) -> None:
    mine = Job.objects.filter(pk=run.job.pk, leased_by=owner, state=Job.State.RUNNING)
    mine.update(finished_at=timezone.now(), leased_by="", leased_until=None, result=run.result, **values)


def _retry_or_fail(job: Job, owner: str, error: Exception) -> None:
    mine = Job.objects.filter(pk=job.pk, leased_by=owner, state=Job.State.RUNNING)
    reason = _("Something unexpected went wrong (%(kind)s). The system log has the details.") % {
        "kind": type(error).__name__
    }
    if job.attempts >= kinds[job.kind].max_attempts:
        mine.update(state=Job.State.FAILED, error=reason, finished_at=timezone.now(), leased_by="", leased_until=None)
    else:
        wait = timedelta(seconds=5 * 4 ** (job.attempts - 1))
        mine.update(
            state=Job.State.QUEUED, error=reason, run_after=timezone.now() + wait, leased_by="", leased_until=None
        )


def sweep() -> int:
    """Give back or fail the jobs whose worker died. Returns how many there were.

    What only a clock can have written that was wrong and has been set back (a lease of more than `LEASE`, work asked
    for or begun in the future) is due at once: it would else wait until that time comes.
    """
    now = timezone.now()
    future = now + 2 * LEASE
    misdated = Q(created_at__gt=future) | Q(started_at__gt=future)
    Job.objects.filter(misdated, state=Job.State.QUEUED, run_after__gt=now).update(run_after=now)
    stale = Job.objects.filter(Q(leased_until__lt=now) | Q(leased_until__gt=future), state=Job.State.RUNNING)
    count = 0
    for job in stale:
        mine = stale.filter(pk=job.pk, leased_by=job.leased_by)
        limit = kinds[job.kind].max_attempts if job.kind in kinds else 1
        if job.cancel_requested:
            count += mine.update(state=Job.State.CANCELLED, finished_at=now, leased_by="", leased_until=None)
        elif job.attempts >= limit:
            reason = _("The worker stopped in the middle of it %(n)d times.") % {"n": job.attempts}
            count += mine.update(state=Job.State.FAILED, error=reason, finished_at=now, leased_by="", leased_until=None)
        else:
            count += mine.update(state=Job.State.QUEUED, run_after=now, leased_by="", leased_until=None)
    return count


def start_periodic() -> None:
    """Ask for the periodic work that is due. What a clock that was wrong asked for in the future does not count."""
    now = timezone.now()
    repeated = {name: kind.every for name, kind in kinds.items() if kind.every is not None}
    last = dict(
        Job.objects.filter(kind__in=list(repeated), created_at__lte=now + 2 * LEASE)
        .values_list("kind")
        .annotate(last=Max("created_at"))
        .values_list("kind", "last")
    )
    for name, every in repeated.items():
        if name not in last or now - last[name] >= every:
            enqueue(name, key=name, priority=50)


def work_once(owner: str | None = None, *, limit: int = 1000) -> int:
    """Run every job that is due, in this process. Returns how many ran."""
    owner = owner or owner_name()
    count = 0
    while count < limit and (job := claim(owner)):
        execute(job, owner)
        count += 1
    return count


def work_forever(should_stop: Callable[[], bool]) -> None:
    """Work until `should_stop()`; a job in hand is finished first."""
    owner = owner_name()
    next_periodic = 0.0
    while not should_stop():
        if time.monotonic() >= next_periodic:
            next_periodic = time.monotonic() + PERIODIC_CHECK_S
            sweep()
            start_periodic()
        job = claim(owner)
        if job is None:
            time.sleep(IDLE_S)
            continue
        execute(job, owner)
