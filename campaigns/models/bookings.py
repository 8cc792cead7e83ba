"""A placement bought for dates. No placement, and no two options of one bundle, are ever sold twice."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaigns.models.placements import Placement
from campaigns.models.plans import PlanVersion


class BookingConflict(ValidationError):
    """The placement, or another option of its bundle, is taken on some of the days."""


class Booking(models.Model):
    class State(models.TextChoices):
        HOLD = "hold", _("Held")
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="bookings", verbose_name=_("placement"), help_text=_("What is bought.")
    )
    plan = models.ForeignKey(
        PlanVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("plan"),
        help_text=_("The approved plan that it carries out; empty when bought by hand."),
    )
    starts_on = models.DateField(_("posting"), help_text=_("First day on the street."))
    ends_on = models.DateField(_("take-down"), help_text=_("Last day on the street."))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.HOLD,
        help_text=_("A cancelled one frees its days."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("Who booked it."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, help_text=_("When it was booked."))

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_on", "placement"]
        indexes: ClassVar = [models.Index(fields=["placement", "starts_on", "ends_on"], name="booking_flight")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="booking_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement} {self.starts_on}–{self.ends_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, or raise BookingConflict. Whoever comes second waits for the first to finish, then looks."""
        with transaction.atomic():
            self._lock_rivals()
            self._refuse_conflict()
            super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("Take-down is before posting.")})
        if self.placement_id and self.starts_on and self.ends_on:
            self._refuse_conflict()

    def conflicts(self) -> models.QuerySet["Booking"]:
        """Live bookings of the same placement or bundle that share a day with this one."""
        return (
            Booking.objects.filter(
                placement__in=self._rivals(), starts_on__lte=self.ends_on, ends_on__gte=self.starts_on
            )
            .exclude(state=self.State.CANCELLED)
            .exclude(pk=self.pk)
        )

    def _rivals(self) -> models.QuerySet[Placement]:
        if not self.placement.bundle:
            return Placement.objects.filter(pk=self.placement_id)
        return Placement.objects.filter(area=self.placement.area_id, bundle=self.placement.bundle)

    def _lock_rivals(self) -> None:
        # PostgreSQL locks the rows. SQLite has no row locks: there the transaction took the write lock as it began
        # (transaction_mode=IMMEDIATE). In one fixed order, so that two savers cannot wait for each other.
        list(self._rivals().select_for_update().order_by("pk").values_list("pk", flat=True))

    def _refuse_conflict(self) -> None:
        if self.state == self.State.CANCELLED:
            return
        taken = self.conflicts().select_related("placement").first()
        if taken is not None:
            raise BookingConflict(
                _("%(placement)s is taken from %(starts_on)s to %(ends_on)s.")
                % {"placement": taken.placement.name, "starts_on": taken.starts_on, "ends_on": taken.ends_on}
            )
