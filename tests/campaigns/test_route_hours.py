"""Hours and days in a plan: fewer buses at weekends, fewer pupils in their holidays, and when spots are worth most."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from campaigns import explain
from campaigns.models import Campaign, Format
from campaigns.services.planning import make_plan
from campaigns.services.problems import build_problem, flight_of_plan
from geo.core.days import Flight
from geo.models import Area, Hotspot, Route
from geo.services import score_area


@pytest.fixture
def timetable(town: Area) -> list[list[int]]:
    """Every route: 60 trips on a weekday with two peaks, 30 on a Saturday, none on a Sunday."""
    hours = [[0, 0, 0] for _ in range(24)]
    hours[7], hours[8], hours[17], hours[12] = [20, 10, 0], [20, 10, 0], [15, 5, 0], [5, 5, 0]
    Route.objects.filter(line__area=town).update(trips_by_hour=hours)
    return hours


def row_of(campaign: Campaign, code: str) -> np.ndarray:
    planning = build_problem(campaign)
    index = [placement.code for placement in planning.placements].index(code)
    return planning.problem.contacts.toarray()[index]


def test_without_a_timetable_every_day_is_a_weekday(campaign: Campaign) -> None:
    four_weeks = row_of(campaign, "body:1:4")
    assert build_problem(campaign).parameters["flight"] == {
        "weekdays": 20, "saturdays": 4, "sundays": 4, "school_holidays": 0
    }  # fmt: skip
    campaign.area.days_off = "放假 2026-12-01 2026-12-28"
    assert np.array_equal(row_of(campaign, "body:1:4"), four_weeks)


def test_weekends_with_fewer_buses_bring_fewer_contacts(campaign: Campaign, timetable: Any) -> None:
    whole = row_of(campaign, "body:1:4")
    Route.objects.update(trips_by_hour=None)
    even = row_of(campaign, "body:1:4")
    assert whole == pytest.approx(even * (20 * 60 + 4 * 30) / (28 * 60))


def test_school_holidays_lower_schools_and_nothing_else(campaign: Campaign) -> None:
    before = row_of(campaign, "shelter:s0:a")
    campaign.area.days_off = "学校放假 2026-12-01 2026-12-28 示例"
    after = row_of(campaign, "shelter:s0:a")
    schools = build_problem(campaign).arrays.hotspots.category == 1
    assert 0 < after[schools].sum() < 0.2 * before[schools].sum()
    assert np.array_equal(after[~schools], before[~schools])


def test_a_stored_plan_remembers_its_days_and_an_old_one_has_weekdays() -> None:
    kept = {"days": 28, "flight": {"weekdays": 20, "saturdays": 4, "sundays": 4, "school_holidays": 3}}
    assert flight_of_plan(kept) == Flight(20, 4, 4, 3)
    assert flight_of_plan({"days": 28}) == Flight(28)


def test_a_screen_says_when_its_spots_are_worth_most(campaign: Campaign, timetable: Any) -> None:
    campaign.formats = [Format.SCREEN]
    pick = make_plan(campaign, iterations=50).picks.filter(format=Format.SCREEN).first()
    assert pick is not None
    assert pick.facts["hours"] == [[7, 9], [12, 13], [17, 18]]
    assert "7:00–9:00、12:00–13:00、17:00–18:00" in explain.reason(pick)


def test_a_screen_without_a_timetable_says_nothing_of_hours(campaign: Campaign) -> None:
    campaign.formats = [Format.SCREEN]
    pick = make_plan(campaign, iterations=50).picks.first()
    assert pick is not None
    assert pick.facts["hours"] == []


class TestPage:
    @pytest.fixture
    def desk(self, planner: Any) -> Client:
        client = Client()
        client.force_login(planner)
        return client

    def test_a_route_shows_its_hours_as_bars_and_as_a_table(
        self, desk: Client, campaign: Campaign, timetable: Any
    ) -> None:
        score_area(campaign.area)
        route = Route.objects.select_related("score").get(code="1-0")
        address = reverse("campaigns:tables", args=["town"])
        assert f'href="?routes=1&amp;route={route.pk}#hours"' in desk.get(address).content.decode()
        page = desk.get(address, {"route": route.pk}).content.decode()
        shown = page[page.index('<section id="hours"') :]
        shown = shown[: shown.index("</section>")]
        assert shown.count("<rect") == 3 * 24
        assert f"工作日 <b>{route.score.score:,.0f}</b>" in shown
        assert f"周六 <b>{route.score.score / 2:,.0f}</b>" in shown
        assert shown.count("<tr>") == 1 + 4 + 1  # head, hours with buses, total
        assert "style=" not in shown

    def test_without_a_timetable_it_says_so(self, desk: Client, town: Area) -> None:
        route = Route.objects.filter(line__area=town).first()
        assert route is not None
        page = desk.get(reverse("campaigns:tables", args=["town"]), {"route": route.pk}).content.decode()
        assert "没有时刻表" in page

    def test_a_route_of_another_area_is_not_found(self, desk: Client, town: Area) -> None:
        other = Area.objects.create(slug="other", name="别处")
        Hotspot.objects.filter(area=town).update(area=other)
        route = Route.objects.filter(line__area=town).first()
        assert route is not None
        answer = desk.get(reverse("campaigns:tables", args=["other"]), {"route": route.pk})
        assert answer.status_code == 404


def test_october_has_its_days(campaign: Campaign) -> None:
    campaign.starts_on, campaign.ends_on = date(2026, 10, 1), date(2026, 10, 11)
    campaign.area.days_off = "放假 2026-10-01 2026-10-07 国庆节\n上班 2026-10-10"
    assert build_problem(campaign).flight == Flight(3, 0, 8)
