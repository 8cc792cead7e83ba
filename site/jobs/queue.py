"""Asking for work, and changing one's mind."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.models import Job
from jobs.registry import kinds


def enqueue(
    kind: str,
    payload: dict[str, Any] | None = None,
    *,
    key: str = "",
    priority: int = 0,
    run_after: datetime | None = None,
    user: Any = None,
) -> Job:
    """Ask for a job. Commits with the caller's transaction, so that no worker sees it before its data.

    Where an open job has the same non-empty `key`, that one is returned and none is added.
    """
    if kind not in kinds:
        raise LookupError(f"No handler is registered for jobs of kind {kind!r}; known: {', '.join(sorted(kinds))}")
    values = {
        "kind": kind,
        "key": key,
        "payload": payload or {},
        "priority": priority,
        "run_after": run_after or timezone.now(),
        "created_by": user,
    }
    if not key:
        return Job.objects.create(**values)
    for _attempt in range(2):
        if found := _open(key).first():
            return found
        try:
            with transaction.atomic():
                return Job.objects.create(**values)
        except IntegrityError:
            continue  # another request was faster: its job is the one
    return _open(key).get()


def _open(key: str) -> QuerySet[Job]:
    return Job.objects.filter(key=key, state__in=Job.OPEN)


def cancel(job: Job) -> bool:
    """Cancel a waiting job at once; ask a running one to stop. False where it had already ended."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, finished_at=now, cancel_requested=True):
        return True
    return bool(Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True))


def retry(job: Job, *, user: Any = None) -> Job:
    """Ask for an ended job once more, with the same input."""
    return enqueue(job.kind, job.payload, key=job.key, priority=job.priority, user=user)
