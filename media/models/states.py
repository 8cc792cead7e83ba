"""What the worker makes: one set of states, and the job behind a row."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models import Job


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    PROCESSING = "processing", _("Processing")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class Made(models.Model):
    """A row whose file a job makes. The worker writes `state` and `message` by name, never the whole row."""

    job_kind = ""

    state = models.CharField(
        _("state"),
        max_length=12,
        choices=State.choices,
        default=State.WAITING,
        editable=False,
        db_index=True,
        help_text=_("How far the worker is."),
    )
    message = models.TextField(
        _("what the worker says"), blank=True, editable=False, help_text=_("Why it failed, or what to know about it.")
    )

    class Meta:
        abstract = True

    @property
    def job_key(self) -> str:
        return f"{self.job_kind}:{self.pk}"

    def latest_job(self) -> Job | None:
        """The job that makes or made this row, the newest where it was asked for again."""
        return Job.objects.filter(kind=self.job_kind, key=self.job_key).order_by("-created_at", "-pk").first()

    def mark(self, **values: Any) -> None:
        """Write these fields and no other, here and in the database."""
        type(self)._default_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
