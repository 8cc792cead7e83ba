"""The queue's own periodic work, and Wagtail's timetable."""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs import timetable
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.registry import kinds, periodic
from jobs.runs import Run

KEEP_PERIODIC = timedelta(days=2)
KEEP_DONE = timedelta(days=90)


@periodic("jobs.publish_scheduled", every=timedelta(seconds=30), title=gettext_lazy("Publish what is due"))
def publish_scheduled(run: Run) -> None:
    """Where something could not be moved it fails at the end, so that the job list shows it."""
    done = timetable.run(run.check)
    run.result = asdict(done)
    if done.failed:
        raise JobFailed(
            _("%(n)d things could not be published or taken off in time. The log says why.") % {"n": done.failed}
        )


@periodic("jobs.prune", every=timedelta(hours=6), title=gettext_lazy("Tidy the job list"))
def prune(run: Run) -> None:
    """Ended periodic jobs go after two days, other ended ones after ninety."""
    repeated = [name for name, kind in kinds.items() if kind.every is not None]
    ended = Job.objects.exclude(state__in=Job.OPEN)
    now = timezone.now()
    ended.filter(kind__in=repeated, finished_at__lt=now - KEEP_PERIODIC).delete()
    ended.filter(finished_at__lt=now - KEEP_DONE).delete()
