"""Whether a worker is at work, told from its deeds: periodic work every half minute, leases renewed."""

from datetime import datetime

from django.db.models import Max

from jobs.models import Job

PULSE = "jobs.publish_scheduled"  # the most frequent periodic job
LATE_S = 180.0  # every 30 s, looked at every 15 s, behind whatever runs first


def silent_for_s(now: datetime) -> float | None:
    """Seconds since any worker showed that it lives; 0 while one holds a job, None where none ever did."""
    if Job.objects.filter(state=Job.State.RUNNING, leased_until__gt=now).exists():
        return 0.0
    last = Job.objects.filter(kind=PULSE, finished_at__lte=now).aggregate(last=Max("finished_at"))["last"]
    return None if last is None else max(0.0, (now - last).total_seconds())
