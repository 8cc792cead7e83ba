"""The brief of a campaign: when, where, how much money, and whom it is for."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.placements import Placement
from campaigns.models.rates import Format
from geo.models import Area, Category

PRIORITY_MOST = 2.0
MINIMUM_MOST = 999


class MinimumBy(models.TextChoices):
    """What the placements of a minimum have in common."""

    FORMAT = "format", _("By format")
    CATEGORY = "category", _("By kind of place")
    STREET = "street", _("By street or town")


class Mode(models.TextChoices):
    REACH = "reach", _("Broad")
    IMPRESSIONS = "impressions", _("Deep")
    COVER = "cover", _("Everywhere")


def default_priorities() -> dict[str, float]:
    return dict.fromkeys(Category.values, 1.0)


def all_formats() -> list[str]:
    return list(Format.values)


class Campaign(models.Model):
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="campaigns", verbose_name=_("area"), help_text=_("Where it runs.")
    )
    name = models.CharField(_("campaign"), max_length=100, help_text=_("As it appears in plans and schedules."))
    starts_on = models.DateField(_("posting"), help_text=_("First day on the street."))
    ends_on = models.DateField(_("take-down"), help_text=_("Last day on the street."))
    budget_cny = models.DecimalField(
        _("budget (yuan)"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(1))],
        help_text=_("Media and production together."),
    )
    mode = models.CharField(
        _("aim"), max_length=12, choices=Mode.choices, default=Mode.REACH, help_text=_("What the plan maximises.")
    )
    priorities = models.JSONField(
        _("priorities"), default=default_priorities, help_text=_("Weight of each category of place, 0 to 2.")
    )
    formats = models.JSONField(_("formats"), default=all_formats, help_text=_("Formats that may be bought."))
    cover_threshold = models.FloatField(
        _("contacts that count as covered"),
        default=1.0,
        validators=[MinValueValidator(0.01)],
        help_text=_("Expected contacts per person and flight; only for the aim of covering everywhere."),
    )
    minima = models.JSONField(
        _("minimum numbers"),
        null=True,
        blank=True,
        help_text=_("At least so many placements of a format, for a kind of place, or of a street or town."),
    )
    ceiling_cny = models.DecimalField(
        _("most that a thousand more may cost (yuan)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("A thousand more people, or contacts for the aim deep. Money that would bring less is not spent."),
    )
    must_have: models.ManyToManyField = models.ManyToManyField(
        Placement,
        related_name="+",
        blank=True,
        verbose_name=_("locked"),
        help_text=_("Placements that every plan must hold."),
    )
    never: models.ManyToManyField = models.ManyToManyField(
        Placement,
        related_name="+",
        blank=True,
        verbose_name=_("excluded"),
        help_text=_("Placements that no plan may hold."),
    )
    landing_page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("landing page"),
        help_text=_("The page that the codes on its ads open."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, help_text=_("Made for demonstration."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("Who wrote the brief; empty for a command."),
    )
    created_at = models.DateTimeField(
        _("created at"), auto_now_add=True, help_text=_("When the brief was first saved.")
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True, help_text=_("When the brief was last saved."))

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-updated_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=models.Q(budget_cny__gt=0), name="campaign_has_a_budget"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("Take-down is before posting.")})
        if not set(self.formats) <= set(Format.values) or not self.formats:
            raise ValidationError({"formats": _("Choose at least one format.")})
        for category, weight in self.priorities.items():
            if category not in Category.values or not 0 <= float(weight) <= PRIORITY_MOST:
                raise ValidationError({"priorities": _("A priority is a number from 0 to 2.")})
        for by, wanted in (self.minima or {}).items():
            if by not in MinimumBy.values or not all(
                isinstance(least, int) and 0 < least <= MINIMUM_MOST for least in wanted.values()
            ):
                raise ValidationError({"minima": _("A minimum is a number from 1 to 999.")})
        if self.ceiling_cny is not None and self.mode == Mode.COVER:
            raise ValidationError(
                {"ceiling_cny": _("The aim of covering everywhere has no such limit. Leave it empty.")}
            )

    @property
    def days(self) -> int:
        """Days of the flight, both ends included."""
        return days_between(self.starts_on, self.ends_on)

    def at_least(self, by: str, of: str) -> int:
        """How many placements that have `of` in common every plan must hold; 0 where the brief says nothing."""
        return int((self.minima or {}).get(by, {}).get(of, 0))

    def weight(self, category: str) -> float:
        """Priority of a category; 1 where the brief says nothing."""
        return float(self.priorities.get(category, 1.0))


def days_between(starts_on: date, ends_on: date) -> int:
    """Days of a flight, both ends included."""
    return (ends_on - starts_on).days + 1
