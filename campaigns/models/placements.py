"""What can be bought: a shelter face, some of a line's bus bodies, a spot on a line's screens."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.rates import NOT_NEGATIVE, Format, RateLine, Specification
from geo.models import Area, Line, Stop


class PlacementQuerySet(models.QuerySet["Placement"]):
    def on_sale(self) -> "PlacementQuerySet":
        """Active placements whose stop or line is still in the network."""
        return self.filter(is_active=True).exclude(stop__isnull=True, line__isnull=True)


class Placement(Specification):
    """One thing to buy. Options that exclude each other (2 or 4 buses of a line) share a `bundle`."""

    area = models.ForeignKey(
        Area,
        models.CASCADE,
        related_name="placements",
        verbose_name=_("area"),
        help_text=_("The area that it lies in."),
    )
    code = models.CharField(_("code"), max_length=120, help_text=_("Stable identifier within the area."))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, help_text=_("What is sold."))
    name = models.CharField(_("name"), max_length=250, help_text=_("As it appears in schedules."))
    stop = models.ForeignKey(
        Stop,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("stop"),
        help_text=_("Where the shelter stands; shelters only."),
    )
    line = models.ForeignKey(
        Line,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("line"),
        help_text=_("The line whose buses carry it; bodies and screens."),
    )
    bundle = models.CharField(
        _("bundle"),
        max_length=120,
        blank=True,
        db_index=True,
        help_text=_("Of the placements of one bundle at most one is bought at a time."),
    )
    wrapped_buses = models.PositiveSmallIntegerField(
        _("buses"), null=True, blank=True, help_text=_("How many buses of the line carry it; bodies and screens.")
    )
    net_price_cny = models.DecimalField(
        _("net price (yuan)"),
        max_digits=12,
        decimal_places=2,
        validators=NOT_NEGATIVE,
        help_text=_("For one period, all units together."),
    )
    production_cny = models.DecimalField(
        _("production (yuan)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=NOT_NEGATIVE,
        help_text=_("Printing and mounting, all units together, paid once."),
    )
    period_days = models.PositiveSmallIntegerField(
        _("period (days)"), default=28, validators=[MinValueValidator(1)], help_text=_("What the price is for.")
    )
    rate_line = models.ForeignKey(
        RateLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("price"),
        help_text=_("The price that it was made from."),
    )
    street = models.CharField(_("street or town"), max_length=100, blank=True, help_text=_("For lists by street."))
    is_active = models.BooleanField(_("on sale"), default=True, help_text=_("Untick to keep it out of new plans."))
    follows_rate_card = models.BooleanField(
        _("follows network and rate card"),
        default=True,
        help_text=_("Untick after changing it by hand: the next update then leaves it alone."),
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["area", "format", "code"]
        indexes: ClassVar = [models.Index(fields=["area", "format", "is_active"], name="placement_on_sale")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="placement_code_once_per_area"),
            models.CheckConstraint(
                condition=models.Q(net_price_cny__gte=0, production_cny__gte=0), name="placement_price_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(share_of_voice__gt=0, share_of_voice__lte=1), name="placement_share_of_voice"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A shelter needs a stop and a size; bodies and screens a line and buses; screens a spot within its loop."""
        wanted: dict[str, object] = {"line": self.line_id, "wrapped_buses": self.wrapped_buses}
        if self.format == Format.SHELTER:
            wanted = {"stop": self.stop_id, "width_m": self.width_m, "height_m": self.height_m}
        elif self.format == Format.SCREEN:
            wanted |= {"spot_s": self.spot_s, "plays_per_loop": self.plays_per_loop, "loop_s": self.loop_s}
        problems = {name: _("This format needs it.") for name, value in wanted.items() if not value}
        if not problems and self.format == Format.SCREEN and self._played_s > (self.loop_s or 0):
            problems["loop_s"] = _("The loop is shorter than the plays in it.")
        if problems:
            raise ValidationError(problems)

    @property
    def _played_s(self) -> int:
        return (self.spot_s or 0) * (self.plays_per_loop or 0)

    def cost_cny(self, days: int) -> Decimal:
        """What `days` (≥ 1) cost: begun periods whole, and production once."""
        periods = -(-max(days, 1) // self.period_days)
        return self.net_price_cny * periods + self.production_cny
