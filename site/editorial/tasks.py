"""The editors' desk's own work: mails, reminders, the nightly inspection."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import notices
from editorial.health import write_report
from editorial.models import ReviewTaskState
from jobs.registry import job, periodic
from jobs.runs import Run

HEALTH = "editorial.health"


@job(notices.MAIL, title=gettext_lazy("Send a mail"))
def mail(run: Run) -> None:
    notices.send(run.payload)


@periodic("editorial.remind", every=timedelta(hours=1), title=gettext_lazy("Remind reviewers"))
def remind(run: Run) -> None:
    """Once for each step, when it is overdue."""
    now = timezone.now()
    overdue = ReviewTaskState.objects.filter(
        status=ReviewTaskState.STATUS_IN_PROGRESS, due_at__lt=now, reminded_at=None
    )
    for state in overdue:
        if ReviewTaskState.objects.filter(pk=state.pk, reminded_at=None).update(reminded_at=now):
            notices.mail_step(state, _("Overdue: %(name)s") % {"name": state.revision.object_str})


@periodic("editorial.queues", every=timedelta(days=1), title=gettext_lazy("Tell reviewers what waits for them"))
def tell_queues(run: Run) -> None:
    notices.mail_queues()


@periodic(HEALTH, every=timedelta(days=1), title=gettext_lazy("Inspect the site"))
def inspect_site(run: Run) -> None:
    report = write_report(check=run.check)
    run.result = {"items": len(report.items), "seconds": report.seconds}
