"""What was really paid for a campaign. Entries are never changed; a mistake is booked back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.briefs import Campaign
from trust.models import AppendOnly


class Payment(AppendOnly):
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="payments", verbose_name=_("campaign"), help_text=_("Whose budget.")
    )
    paid_on = models.DateField(_("paid on"), help_text=_("Day of the payment or refund."))
    amount_cny = models.DecimalField(
        _("amount (yuan)"), max_digits=12, decimal_places=2, help_text=_("Negative for money that came back.")
    )
    payee = models.CharField(_("paid to"), max_length=100, help_text=_("Supplier, printer or crew."))
    voucher = models.CharField(_("voucher"), max_length=60, blank=True, help_text=_("Number of invoice or contract."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("Who wrote it down."),
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True, help_text=_("When it was written down."))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["campaign", "paid_on", "id"]
        default_permissions = ("add", "view")
        constraints = [models.CheckConstraint(condition=~models.Q(amount_cny=0), name="payment_is_not_zero")]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.payee} ¥{self.amount_cny}"
