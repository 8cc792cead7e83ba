"""The nightly work of the message desk."""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.purging import purge
from jobs.registry import periodic
from jobs.runs import Run


@periodic("feedback.purge", every=timedelta(hours=1), title=_("Remove personal data whose time is over"))
def purge_messages(run: Run) -> None:
    """Hourly, so that yesterday's salt does not live long into today."""
    run.result = asdict(purge(timezone.now()))
