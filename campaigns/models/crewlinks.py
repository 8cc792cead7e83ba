"""A signed address that opens one crew's list of one campaign to whoever holds it, until it ends or is revoked."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.briefs import Campaign
from campaigns.models.proofs import PostingProof


class CrewLink(models.Model):
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="crew_links", verbose_name=_("campaign"), help_text=_("Whose list.")
    )
    crew = models.CharField(_("crew"), max_length=40, help_text=_("Whose placements it opens."))
    deed = models.CharField(
        _("list"), max_length=10, choices=PostingProof.Deed.choices, help_text=_("Posting or take-down.")
    )
    expires_at = models.DateTimeField(_("valid until"), help_text=_("From then on it opens nothing."))
    revoked_at = models.DateTimeField(
        _("revoked at"), null=True, blank=True, help_text=_("From then on it opens nothing; empty while it holds.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("Counts as a sender of its photos: may not confirm them."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, help_text=_("When it was made."))

    class Meta:
        verbose_name = _("crew link")
        verbose_name_plural = _("crew links")
        ordering = ["campaign", "crew", "-created_at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.campaign} · {self.crew} · {self.get_deed_display()}"

    @property
    def has_ended(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def opens(self) -> bool:
        return self.revoked_at is None and not self.has_ended
