"""The queue's own periodic work, and Wagtail's timetable."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from jobs.registry import kinds, periodic
from jobs.runs import Run

KEEP_PERIODIC = timedelta(days=2)
KEEP_DONE = timedelta(days=90)


@periodic("jobs.publish_scheduled", every=timedelta(seconds=30), title=_("Publish what is due"))
def publish_scheduled(run: Run) -> None:
    call_command("publish_scheduled")


@periodic("jobs.prune", every=timedelta(hours=6), title=_("Tidy the job list"))
def prune(run: Run) -> None:
    """Ended periodic jobs go after two days, other ended ones after ninety."""
    repeated = [name for name, kind in kinds.items() if kind.every is not None]
    ended = Job.objects.exclude(state__in=Job.OPEN)
    now = timezone.now()
    ended.filter(kind__in=repeated, finished_at__lt=now - KEEP_PERIODIC).delete()
    ended.filter(finished_at__lt=now - KEEP_DONE).delete()
