"""What may go to the public: one row for one revision that passed, used up when it is published."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """A revision that may be published once: after three reviews, or as an urgent correction by two people."""

    class How(models.TextChoices):
        REVIEW = "review", _("Three reviews")
        URGENT = "urgent", _("Urgent correction")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", help_text=_("Kind of thing."))
    object_id = models.CharField(max_length=64, help_text=_("Its key."))
    revision = models.ForeignKey(
        "wagtailcore.Revision", models.CASCADE, related_name="+", help_text=_("Exactly this version.")
    )
    how = models.CharField(_("how it passed"), max_length=10, choices=How, help_text=_("Which way it took."))
    round_key = models.CharField(max_length=60, help_text=_("The round of review whose signatures count."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Digest of what was signed."))
    created_at = models.DateTimeField(_("passed at"), auto_now_add=True, help_text=_("When it passed."))
    used_at = models.DateTimeField(_("published at"), null=True, help_text=_("When it went to the public."))

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        default_permissions = ("view",)
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="editorial_release_of")]
        constraints = [models.UniqueConstraint(fields=["revision", "round_key"], name="editorial_one_release")]

    def __str__(self) -> str:
        return f"{self.get_how_display()} · {self.revision}"


class UrgentCorrection(models.Model):
    """紧急更正: somebody asks with a reason, a second person reads, proofreads and confirms; the review follows."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for a second person")
        DONE = "done", _("Published")
        REFUSED = "refused", _("Refused")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", help_text=_("Kind of thing."))
    object_id = models.CharField(max_length=64, help_text=_("Its key."))
    subject = GenericForeignKey(for_concrete_model=False)
    revision = models.ForeignKey(
        "wagtailcore.Revision", models.CASCADE, related_name="+", help_text=_("Exactly this version.")
    )
    reason = models.TextField(
        _("reason"), max_length=500, help_text=_("What is wrong on the public site, and why it cannot wait.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.ASKED, help_text=_("How far it has come.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
        help_text=_("Who wants it corrected."),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True, help_text=_("When it was asked for."))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("second person"),
        help_text=_("The second person."),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, help_text=_("When the second person decided."))
    answer = models.TextField(_("answer"), blank=True, max_length=500, help_text=_("What the second person wrote."))

    class Meta:
        verbose_name = _("urgent correction")
        verbose_name_plural = _("urgent corrections")
        default_permissions = ("add", "view")
        permissions = [("confirm_urgentcorrection", "Can confirm an urgent correction that somebody else made")]
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.subject_name} · {self.get_state_display()}"

    @property
    def subject_name(self) -> str:
        return self.revision.object_str or str(self.subject)

    @property
    def round_key(self) -> str:
        return f"urgent:{self.pk}"

    def as_object(self) -> Any:
        return self.revision.as_object()
