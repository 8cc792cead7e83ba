"""Wagtail's admin: the way to the planner, and lists of prices, placements and bookings."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from campaigns.models import AdCode, Booking, Campaign, Placement, RateCard

PANEL_CAMPAIGNS = 3


class PlannerMenuItem(MenuItem):
    def is_shown(self, request: object) -> bool:
        return request.user.has_perm("campaigns.view_campaign")  # type: ignore[attr-defined]


@hooks.register("register_admin_menu_item")
def planner_menu_item() -> MenuItem:
    return PlannerMenuItem(
        _("Campaign planner"), reverse("campaigns:planner"), name="planner", icon_name="site", order=250
    )


class PlannerPanel(Component):
    """On the admin's first page: the latest campaigns, each with the one button."""

    name = "planner"
    order = 50
    template_name = "campaigns/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        campaigns = Campaign.objects.select_related("area").prefetch_related("plans")[:PANEL_CAMPAIGNS]
        return {
            "csrf_token": get_token(parent_context["request"]),
            "may_compute": parent_context["request"].user.has_perm("campaigns.add_planversion"),
            "rows": [{"campaign": campaign, "plan": campaign.plans.first()} for campaign in campaigns],
        }


@hooks.register("construct_homepage_panels")
def planner_panel(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("campaigns.view_campaign"):
        panels.append(PlannerPanel())


class RateCardViewSet(ModelViewSet):
    model = RateCard
    add_to_reference_index = False
    icon = "form"
    list_display = ["name", "area", "valid_from", "valid_to", BooleanColumn("is_sample")]
    list_filter = ["area"]
    search_fields = None
    panels = [
        FieldPanel("area"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        FieldPanel("is_sample"),
        InlinePanel(
            "lines",
            panels=[
                FieldRowPanel([FieldPanel("format"), FieldPanel("unit"), FieldPanel("period_days")]),
                FieldRowPanel(
                    [FieldPanel("list_price_cny"), FieldPanel("net_price_cny"), FieldPanel("production_cny")]
                ),
                FieldPanel("minimum_units"),
                FieldRowPanel([FieldPanel("width_m"), FieldPanel("height_m"), FieldPanel("share_of_voice")]),
                FieldRowPanel([FieldPanel("spot_s"), FieldPanel("plays_per_loop"), FieldPanel("loop_s")]),
            ],
            heading=_("Prices"),
            label=_("Price"),
        ),
    ]


class PlacementViewSet(ModelViewSet):
    model = Placement
    add_to_reference_index = False
    icon = "site"
    list_display = ["name", "area", "format", "net_price_cny", "street", BooleanColumn("is_active")]
    list_filter = ["area", "format", "is_active"]
    panels = [
        FieldPanel("area"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("name")]),
        FieldPanel("format"),
        FieldRowPanel([FieldPanel("stop"), FieldPanel("line")]),
        FieldRowPanel([FieldPanel("bundle"), FieldPanel("wrapped_buses")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("width_m"), FieldPanel("height_m"), FieldPanel("share_of_voice")]),
                FieldRowPanel([FieldPanel("spot_s"), FieldPanel("plays_per_loop"), FieldPanel("loop_s")]),
            ],
            heading=_("Specification"),
        ),
        FieldRowPanel([FieldPanel("net_price_cny"), FieldPanel("production_cny"), FieldPanel("period_days")]),
        FieldPanel("street"),
        FieldRowPanel([FieldPanel("is_active"), FieldPanel("follows_rate_card")]),
    ]


class BookingViewSet(ModelViewSet):
    model = Booking
    add_to_reference_index = False
    icon = "date"
    list_display = ["placement", "starts_on", "ends_on", "state", "plan"]
    list_filter = ["state"]
    # A plan's bookings are made by booking an approved plan; here a person holds, books or cancels one by hand.
    panels = [
        FieldPanel("placement"),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldPanel("state"),
    ]


class AdCodeViewSet(ModelViewSet):
    model = AdCode
    icon = "link"
    list_display = ["code", "placement", "booking", "landing_page", "landing_path"]
    panels = [
        FieldPanel("code"),
        FieldPanel("placement"),
        FieldPanel("booking"),
        FieldPanel("landing_page"),
        FieldPanel("landing_path"),
    ]


class CampaignsGroup(ModelViewSetGroup):
    menu_label = _("Ad inventory")
    menu_icon = "clipboard-list"
    menu_order = 260
    items = (RateCardViewSet, PlacementViewSet, BookingViewSet, AdCodeViewSet)


@hooks.register("register_admin_viewset")
def campaigns_viewsets() -> CampaignsGroup:
    return CampaignsGroup()
