"""Examples of this app's things: a rate card, placements, a campaign and codes for 蓬江区（示例）."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from campaigns.models import AdCode, Campaign, Format, Mode, Placement, RateCard
from campaigns.models.briefs import default_priorities
from campaigns.services.inventory import generate_placements, sample_rate_card
from geo.examples import pengjiang
from geo.models import Area
from pages.models import ContentPage

CAMPAIGN = "2026 冬季普法公交（示例）"
CODES = ("demo2a", "demo3b", "demo4c")


def rate_card(area: Area | None = None) -> RateCard:
    """The rate card of invented prices."""
    return sample_rate_card(area or pengjiang())


@transaction.atomic
def campaign(area: Area | None = None) -> Campaign:
    """A brief with something to buy; nothing is planned yet: that is the button's work."""
    place = area or pengjiang()
    generate_placements(place, rate_card(place))
    priorities = default_priorities() | {"school": 1.5, "mall": 0.8, "village": 1.5}
    made, _new = Campaign.objects.get_or_create(
        area=place,
        name=CAMPAIGN,
        defaults={
            "starts_on": date(2026, 12, 1),
            "ends_on": date(2026, 12, 28),
            "budget_cny": Decimal(200_000),
            "mode": Mode.REACH,
            "priorities": priorities,
            "landing_page": landing_page(),
            "is_sample": True,
        },
    )
    return made


def landing_page() -> ContentPage | None:
    """The page that the example's codes open: the first guide, where the starter site is there."""
    return ContentPage.objects.live().order_by("path").first()


@transaction.atomic
def codes(area: Area | None = None) -> list[AdCode]:
    """A code for each of the first shelter faces."""
    place = area or pengjiang()
    generate_placements(place, rate_card(place))
    shelters = Placement.objects.filter(area=place, format=Format.SHELTER).order_by("code")
    return [
        AdCode.objects.get_or_create(
            code=code, defaults={"placement": placement, "landing_page": landing_page(), "landing_path": "/law/"}
        )[0]
        for code, placement in zip(CODES, shelters, strict=False)
    ]
