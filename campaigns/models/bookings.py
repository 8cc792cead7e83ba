"""A placement bought for dates. No placement, and no two options of one bundle, are ever sold twice."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.placements import Placement
from campaigns.models.plans import PlanVersion
from campaigns.models.rates import NOT_NEGATIVE


class BookingConflict(ValidationError):
    """The placement, or another option of its bundle, is taken on some of the days."""


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> "BookingQuerySet":
        """What keeps others out now: booked, or held and not run out. A hold ends by the clock, no job has to run."""
        over = models.Q(state=Booking.State.HOLD, held_until__lte=timezone.now())
        return self.exclude(state=Booking.State.CANCELLED).exclude(over)


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
    held_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("Then a hold frees its days by itself; empty for no end.")
    )
    cost_cny = models.DecimalField(
        _("cost (yuan)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("Agreed when booked, production included; empty where not known."),
    )
    makes_good = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_good_by",
        verbose_name=_("makes good"),
        help_text=_("The flight that was lost in part and is made up for, free of charge."),
    )
    # Null, since SQLite copies the whole table for a column that may not be.
    note = models.CharField(  # noqa: DJ001
        _("note"), max_length=200, blank=True, null=True, help_text=_("Why it is made good or cancelled.")
    )
    crew = models.CharField(  # noqa: DJ001
        _("crew"), max_length=40, blank=True, null=True, help_text=_("Who posts it and takes it down.")
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

    objects = BookingQuerySet.as_manager()

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

    @property
    def has_run_out(self) -> bool:
        """Whether this is a hold whose time is over."""
        return self.state == self.State.HOLD and self.held_until is not None and self.held_until <= timezone.now()

    @property
    def crew_name(self) -> str:
        return self.crew or ""

    @property
    def days(self) -> int:
        """Days on the street, both ends included."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def price_cny(self) -> Decimal:
        """What it costs the budget: what was agreed, else the placement's price today; making good costs nothing."""
        if self.makes_good_id is not None:
            return Decimal(0)
        return self.cost_cny if self.cost_cny is not None else self.placement.cost_cny(self.days)

    def conflicts(self) -> models.QuerySet["Booking"]:
        """Live bookings of the same placement or bundle that share a day with this one."""
        return (
            Booking.objects.live()
            .filter(placement__in=self._rivals(), starts_on__lte=self.ends_on, ends_on__gte=self.starts_on)
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
        if self.state == self.State.CANCELLED or self.has_run_out:
            return
        taken = self.conflicts().select_related("placement").first()
        if taken is not None:
            raise BookingConflict(
                _("%(placement)s is taken from %(starts_on)s to %(ends_on)s.")
                % {"placement": taken.placement.name, "starts_on": taken.starts_on, "ends_on": taken.ends_on}
            )
