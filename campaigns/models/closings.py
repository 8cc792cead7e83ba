"""What came of a campaign, kept as it was when it was closed."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.plans import PlanVersion
from trust.models import AppendOnly


class ClosingReport(AppendOnly):
    plan = models.ForeignKey(
        PlanVersion,
        models.PROTECT,
        related_name="closings",
        verbose_name=_("plan"),
        help_text=_("The plan that was carried out; every figure goes back to it."),
    )
    figures = models.JSONField(_("figures"), help_text=_("As computed when the campaign was closed."))
    lessons = models.TextField(_("lessons"), help_text=_("What to do again, and what not."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Fingerprint of plan, figures and lessons."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("closed by"),
        help_text=_("Who closed the campaign."),
    )
    created_at = models.DateTimeField(_("closed at"), auto_now_add=True, help_text=_("When it was closed."))

    class Meta:
        verbose_name = _("closing report")
        verbose_name_plural = _("closing reports")
        ordering = ["-created_at"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.plan} · {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:closing_kept", args=[self.pk])
