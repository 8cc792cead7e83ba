"""What a format costs in an area: the rate card."""

import math
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from geo.models import Area

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Format(models.TextChoices):
    SHELTER = "shelter", _("Bus shelter")
    BODY = "body", _("Bus body")
    SCREEN = "screen", _("In-bus screen")


class Specification(models.Model):
    """The size of a face, or the length and loop of a spot: what the audience model needs beside the place."""

    width_m = models.DecimalField(
        _("width (m)"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Width of the face; shelters only."),
    )
    height_m = models.DecimalField(
        _("height (m)"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Height of the face; shelters only."),
    )
    share_of_voice = models.DecimalField(
        _("share of voice"),
        max_digits=4,
        decimal_places=3,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(Decimal(1))],
        help_text=_("Share of the time that the face shows this ad; 1 for a fixed poster."),
    )
    spot_s = models.PositiveSmallIntegerField(
        _("spot (s)"), null=True, blank=True, help_text=_("Length of the spot in seconds; screens only.")
    )
    plays_per_loop = models.PositiveSmallIntegerField(
        _("plays per loop"), null=True, blank=True, help_text=_("Times the spot plays in one loop; screens only.")
    )
    loop_s = models.PositiveSmallIntegerField(
        _("loop (s)"), null=True, blank=True, help_text=_("Length of the loop in seconds; screens only.")
    )

    class Meta:
        abstract = True

    @property
    def diagonal_m(self) -> float:
        """Diagonal of the face in metres, 0.0 where its size is not known."""
        return math.hypot(self.width_m or 0, self.height_m or 0)


class RateCard(ClusterableModel):
    area = models.ForeignKey(
        Area,
        models.CASCADE,
        related_name="rate_cards",
        verbose_name=_("area"),
        help_text=_("Where these prices hold."),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("For instance the supplier and the year."))
    valid_from = models.DateField(_("valid from"), help_text=_("First day on which these prices hold."))
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("Last day; empty while no end is known.")
    )
    is_sample = models.BooleanField(
        _("sample prices"), default=False, help_text=_("Made up for demonstration: every plan from it says so.")
    )

    class Meta:
        verbose_name = _("rate card")
        verbose_name_plural = _("rate cards")
        ordering = ["area", "-valid_from", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name"], name="rate_card_name_once_per_area"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="rate_card_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RateLine(Specification):
    class Unit(models.TextChoices):
        FACE = "face", _("face")
        BUS = "bus", _("bus")

    card = ParentalKey(
        RateCard,
        on_delete=models.CASCADE,
        related_name="lines",
        verbose_name=_("rate card"),
        help_text=_("The card that it stands on."),
    )
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, help_text=_("What is sold."))
    unit = models.CharField(
        _("unit"), max_length=10, choices=Unit.choices, help_text=_("What the price is for: one face, or one bus.")
    )
    period_days = models.PositiveSmallIntegerField(
        _("period (days)"),
        default=28,
        validators=[MinValueValidator(1)],
        help_text=_("Length of the period that the price is for; a begun period counts whole."),
    )
    list_price_cny = models.DecimalField(
        _("list price (yuan)"),
        max_digits=12,
        decimal_places=2,
        validators=NOT_NEGATIVE,
        help_text=_("Published price for one unit and one period."),
    )
    net_price_cny = models.DecimalField(
        _("net price (yuan)"),
        max_digits=12,
        decimal_places=2,
        validators=NOT_NEGATIVE,
        help_text=_("Price really paid for one unit and one period."),
    )
    production_cny = models.DecimalField(
        _("production (yuan)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=NOT_NEGATIVE,
        help_text=_("Printing and mounting of one unit, paid once."),
    )
    minimum_units = models.PositiveSmallIntegerField(
        _("minimum"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Fewest units that are sold together."),
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["card", "format", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "format"], name="one_price_per_format"),
            models.CheckConstraint(
                condition=models.Q(list_price_cny__gte=0, net_price_cny__gte=0, production_cny__gte=0),
                name="price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} · {self.get_format_display()}"
