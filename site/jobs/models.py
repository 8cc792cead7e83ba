"""The one queue: a job row is the only truth about a piece of long work."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=80, db_index=True, help_text=_("Which handler runs it."))
    key = models.CharField(
        _("key"), max_length=200, blank=True, help_text=_("Two open jobs never share a key; empty: no such limit.")
    )
    payload = models.JSONField(_("input"), default=dict, help_text=_("What the handler is given."))
    result = models.JSONField(_("result"), null=True, help_text=_("What the handler left."))
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Smaller runs first."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, help_text=_("How often it was begun."))
    progress = models.FloatField(_("progress"), default=0, help_text=_("Percent."))
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("What it is doing."))
    error = models.TextField(_("error"), blank=True, help_text=_("Why it failed, for a person."))
    cancel_requested = models.BooleanField(default=False)
    run_after = models.DateTimeField(_("not before"), help_text=_("When it may begin."))
    leased_by = models.CharField(max_length=100, blank=True)
    leased_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ("view", "change")
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "priority", "run_after"])]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(key=""),
                name="one_open_job_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
