"""A made-up town of one street: two lines, six stops 500 m apart, four places with people. Small enough for a hand."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Page

from campaigns import examples
from campaigns.models import Campaign, Format, Mode, Placement, PlanVersion, RateCard, RateLine
from campaigns.services.booking import approve_plan, book_plan
from campaigns.services.planning import make_plan
from geo.models import Area, Hotspot, Line, Route, RouteStop, Stop
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
LON, LAT = 113.0, 22.6
STEP = 0.005  # degrees of longitude between stops, about 514 m here


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """`person("li", Role.PLANNER)`: a member of staff with these roles."""
    sync_roles()

    def make(name: str, *roles: Role) -> Any:
        user = get_user_model().objects.create_user(name, password=PASSWORD)
        user.groups.set(group_of(role) for role in roles)
        return user

    return make


@pytest.fixture
def planner(person: Callable[..., Any]) -> Any:
    return person("planner-li", Role.PLANNER)


@pytest.fixture
def town(db: None) -> Area:
    area = Area.objects.create(slug="town", name="示例镇", is_sample=True)
    stops = [
        Stop.objects.create(area=area, code=f"s{i}", name=f"第{i}站", lon=LON + STEP * i, lat=LAT) for i in range(6)
    ]
    for code, buses, calls in (("1", 10, stops), ("2", 4, stops[3:])):
        line = Line.objects.create(area=area, code=code, name=f"{code}路", buses=buses)
        for direction in (0, 1):
            ordered = calls if direction == 0 else calls[::-1]
            route = Route.objects.create(
                line=line,
                code=f"{code}-{direction}",
                name="往东" if direction == 0 else "往西",
                direction=direction,
                path=[[stop.lon, stop.lat] for stop in ordered],
                length_m=514.0 * (len(ordered) - 1),
                trips_per_day=60.0,
                first_departure=360,
                last_departure=1260,
                speed_kmh=18.0,
            )
            for sequence, stop in enumerate(ordered):
                RouteStop.objects.create(route=route, stop=stop, sequence=sequence)
    for code, category, at, persons in (
        ("school", "school", 0, 900.0),
        ("mall", "mall", 3, 4000.0),
        ("park", "park", 5, 700.0),
    ):
        Hotspot.objects.create(
            area=area,
            code=code,
            name=f"示例{code}",
            category=category,
            lon=LON + STEP * at,
            lat=LAT,
            persons_per_day=persons,
            basis=Hotspot.Basis.SAMPLE,
            street="东街" if at < 3 else "西街",
        )
    Hotspot.objects.create(
        area=area, code="far", name="远村", category="village", lon=LON, lat=LAT + 0.5, persons_per_day=300.0
    )
    return area


@pytest.fixture
def card(town: Area) -> RateCard:
    made = RateCard.objects.create(area=town, name="示例价目", valid_from=date(2026, 1, 1), is_sample=True)
    RateLine.objects.create(
        card=made, format=Format.SHELTER, unit=RateLine.Unit.FACE, list_price_cny=2000, net_price_cny=1000,
        production_cny=100, width_m=Decimal("3.5"), height_m=Decimal("1.5"),
    )  # fmt: skip
    RateLine.objects.create(
        card=made, format=Format.BODY, unit=RateLine.Unit.BUS, list_price_cny=9000, net_price_cny=5000,
        production_cny=800, minimum_units=2,
    )  # fmt: skip
    RateLine.objects.create(
        card=made, format=Format.SCREEN, unit=RateLine.Unit.BUS, list_price_cny=500, net_price_cny=300,
        spot_s=15, plays_per_loop=1, loop_s=300, minimum_units=2,
    )  # fmt: skip
    return made


@pytest.fixture
def campaign(town: Area, card: RateCard, planner: Any) -> Campaign:
    from campaigns.services.inventory import generate_placements

    generate_placements(town, card)
    return Campaign.objects.create(
        area=town,
        name="示例活动",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 28),
        budget_cny=Decimal(20_000),
        mode=Mode.REACH,
        created_by=planner,
    )


@pytest.fixture
def hanging(campaign: Campaign, planner: Any, person: Callable[..., Any]) -> PlanVersion:
    """A plan of shelters alone, approved and booked, that hang from today."""
    today = timezone.localdate()
    campaign.formats = ["shelter"]
    campaign.starts_on, campaign.ends_on = today, today + timedelta(days=27)
    campaign.save()
    plan = make_plan(campaign, iterations=60, user=planner)
    approve_plan(plan, person("approver", Role.FINAL_REVIEWER))
    book_plan(plan, planner)
    return plan


@pytest.fixture
def face(town: Area) -> Placement:
    """One shelter face, made by hand."""
    return Placement.objects.create(
        area=town,
        code="by-hand",
        format=Format.SHELTER,
        name="手工点位",
        stop=Stop.objects.filter(area=town).first(),
        width_m=Decimal("1.2"),
        height_m=Decimal("1.8"),
        net_price_cny=1000,
        follows_rate_card=False,
    )


@pytest.fixture
def planner_at(page: Page, site_server: Any, planner: Any) -> Callable[[str], None]:
    """`planner_at(path)`: the planner logs in on the browser's page, and stands there."""

    def enter(path: str) -> None:
        page.goto(f"{site_server.url}{path}")
        page.locator("[name=username]").fill(planner.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.wait_for_url(f"**{path}")

    return enter


@pytest.fixture
def bench(page: Page, planner_at: Callable[[str], None]) -> tuple[Page, Campaign]:
    """The workbench with the example's brief, opened by a planner."""
    campaign = examples.campaign()
    planner_at(f"/planner/{campaign.area.slug}/")
    return page, campaign
