"""A computed plan, kept for ever as it was: inputs' fingerprint, parameters, seed and result."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.briefs import Campaign, Mode
from campaigns.models.placements import Placement
from campaigns.models.rates import Format
from trust.models import AppendOnly


class PlanVersion(AppendOnly):
    """One answer to a brief. The same inputs, parameters, seed, iterations and libraries give it again."""

    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        related_name="plans",
        verbose_name=_("campaign"),
        help_text=_("The brief that it answers."),
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counts within the campaign from 1."))
    inputs_sha256 = models.CharField(
        _("inputs"), max_length=64, help_text=_("Fingerprint of network, hotspots, placements and prices used.")
    )
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, help_text=_("Fingerprint of the whole plan: what is approved.")
    )
    parameters = models.JSONField(_("parameters"), help_text=_("The brief and the coefficients as they were."))
    seed = models.PositiveIntegerField(_("seed"), help_text=_("Of the optimiser's random numbers."))
    iterations = models.PositiveIntegerField(_("iterations"), help_text=_("Rounds of ruin and recreate."))
    libraries = models.JSONField(_("libraries"), help_text=_("Versions of what computed it."))
    result = models.JSONField(
        _("result"), help_text=_("Low, central and high figures, raw and weighted, and what cannot be reached.")
    )
    reach_low = models.FloatField(_("reach, low"), help_text=_("Share of people, 0 to 1, low coefficients."))
    reach = models.FloatField(_("reach"), help_text=_("Share of people, 0 to 1, central coefficients."))
    reach_high = models.FloatField(_("reach, high"), help_text=_("Share of people, 0 to 1, high coefficients."))
    reached_persons = models.FloatField(_("persons reached"), help_text=_("Central, deduplicated."))
    impressions = models.FloatField(_("impressions"), help_text=_("Expected contacts over the flight, central."))
    frequency = models.FloatField(_("frequency"), help_text=_("Impressions per person reached, central."))
    cpm_cny = models.FloatField(
        _("cost per thousand (yuan)"), null=True, help_text=_("Cost per thousand impressions; empty without any.")
    )
    cost_cny = models.DecimalField(
        _("cost (yuan)"), max_digits=14, decimal_places=2, help_text=_("Media and production together.")
    )
    value = models.FloatField(_("value"), help_text=_("What the optimiser maximised, or the cost that it minimised."))
    bound = models.FloatField(_("bound"), help_text=_("No plan under the same brief can be better than this."))
    attained = models.FloatField(_("attained"), help_text=_("How near the plan surely is to the best, 0 to 1."))
    seconds = models.FloatField(_("seconds"), default=0.0, help_text=_("Time that computing took."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("Who asked for it; empty for a command."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, help_text=_("When it was computed."))

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["campaign", "-number"]
        default_permissions = ("add", "view")
        permissions: ClassVar = [("approve_planversion", _("Can approve a plan made by somebody else"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="plan_number_once_per_campaign"),
            models.CheckConstraint(
                condition=models.Q(
                    reach_low__gte=0, reach_high__lte=1, attained__gte=0, attained__lte=1, cost_cny__gte=0
                ),
                name="plan_figures_in_range",
            ),
        ]

    def __str__(self) -> str:
        return _("%(campaign)s, plan %(number)d") % {"campaign": self.campaign.name, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("campaigns:plan", args=[self.pk])

    @property
    def mode(self) -> str:
        return str(self.parameters.get("mode", Mode.REACH))


class PlanPick(AppendOnly):
    """One placement of a plan, as it was when the plan was made."""

    plan = models.ForeignKey(
        PlanVersion,
        models.CASCADE,
        related_name="picks",
        verbose_name=_("plan"),
        help_text=_("The plan it belongs to."),
    )
    order = models.PositiveIntegerField(_("order"), help_text=_("In which order it was picked, from 1."))
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="picks", verbose_name=_("placement"), help_text=_("What was picked.")
    )
    code = models.CharField(_("code"), max_length=120, help_text=_("The placement's code then."))
    name = models.CharField(_("name"), max_length=250, help_text=_("The placement's name then."))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, help_text=_("What is bought."))
    cost_cny = models.DecimalField(_("cost (yuan)"), max_digits=12, decimal_places=2, help_text=_("For the flight."))
    standalone = models.FloatField(_("alone"), help_text=_("Reach that it would bring by itself, share of people."))
    marginal = models.FloatField(_("added"), help_text=_("Reach that it adds to those before it, share of people."))
    cumulative_reach = models.FloatField(_("cumulative reach"), help_text=_("Reach of it and those before it."))
    facts = models.JSONField(_("why"), default=dict, help_text=_("Places, lines and overlap that speak for it."))
    shape = models.JSONField(_("shape"), default=dict, help_text=_("GeoJSON geometry for the map, WGS-84."))

    class Meta:
        verbose_name = _("picked placement")
        verbose_name_plural = _("picked placements")
        ordering = ["plan_id", "order"]
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "order"], name="pick_order_once_per_plan"),
            models.UniqueConstraint(fields=["plan", "placement"], name="pick_placement_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"

    @property
    def before(self) -> float:
        """Reach of the picks before this one."""
        return max(0.0, self.cumulative_reach - self.marginal)

    def as_record(self) -> dict[str, Any]:
        """What the plan's fingerprint covers of this pick."""
        return {
            "order": self.order,
            "code": self.code,
            "name": self.name,
            "cost_cny": f"{self.cost_cny:.2f}",
            "standalone": self.standalone,
            "marginal": self.marginal,
            "cumulative_reach": self.cumulative_reach,
        }
