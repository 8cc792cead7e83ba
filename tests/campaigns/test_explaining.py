"""A placement explained: whose people see it, from the same matrix as the plan; and only what is really near."""

import math
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, Placement
from campaigns.services import trial
from campaigns.services.explaining import explain, span_m, stretch_of
from campaigns.services.problems import flight_contacts
from geo.arrays import load_area
from geo.core.days import Flight
from geo.models import Route, RouteScore
from geo.services import score_area
from trust.roles import Role

LON, STEP = 113.0, 0.005  # of the town's stops, 514 m apart


@pytest.fixture(autouse=True)
def _forget() -> None:
    trial._kept.clear()


def place(format_: str) -> Placement:
    found = Placement.objects.filter(format=format_).select_related("area", "stop", "line").order_by("code").first()
    assert found is not None
    return found


@pytest.mark.parametrize("format_", ["shelter", "body", "screen"])
def test_people_are_those_of_the_matrix(campaign: Campaign, format_: str) -> None:
    one = place(format_)
    found = explain(one, 28)
    assert found is not None
    arrays = load_area(campaign.area)
    matrix, persons = flight_contacts([one], arrays, Flight(weekdays=28), "central")
    dense = np.asarray(matrix.toarray())[0]
    by_hand = {
        int(arrays.hotspot_ids[hotspot]): float(persons[hotspot]) * (1 - math.exp(-float(dense[hotspot])))
        for hotspot in range(dense.size)
    }
    assert {seen.hotspot.pk: seen.persons for seen in found.places} == pytest.approx(
        {key: value for key, value in by_hand.items() if value >= 0.5}
    )
    assert found.persons == pytest.approx(sum(by_hand.values()))
    assert [seen.persons for seen in found.places] == sorted((seen.persons for seen in found.places), reverse=True)
    assert all(0 < seen.share <= 1 for seen in found.places)
    assert "远村" not in {seen.hotspot.name for seen in found.places}


def test_a_line_has_its_best_stretch_and_a_shelter_none(campaign: Campaign) -> None:
    score_area(campaign.area)
    RouteScore.objects.update(stretch_from_m=500.0, stretch_to_m=1500.0)
    body, shelter = explain(place("body"), 28), explain(place("shelter"), 28)
    assert body is not None
    assert shelter is not None
    assert shelter.stretch == []
    assert body.route is not None
    ends = [round((point[0] - LON) / STEP * 514.0) for point in body.stretch]  # metres along the one street
    assert sorted((ends[0], ends[-1])) in ([500, 1500], [2570 - 1500, 2570 - 500])


def test_a_single_place_gets_the_road_on_both_its_sides(campaign: Campaign) -> None:
    score_area(campaign.area)
    RouteScore.objects.update(stretch_from_m=1000.0, stretch_to_m=1000.0)
    for route in Route.objects.select_related("score").filter(line__code="1"):
        assert span_m(route) == (800.0, 1200.0)
        assert len(stretch_of(route)) >= 2
    RouteScore.objects.update(stretch_from_m=0.0, stretch_to_m=0.0)
    assert {span_m(route) for route in Route.objects.select_related("score")} == {(0.0, 200.0)}


def test_a_route_without_a_length_has_no_stretch(campaign: Campaign) -> None:
    route = Route.objects.first()
    assert route is not None
    assert stretch_of(route) == []


def test_what_is_off_sale_is_not_explained(campaign: Campaign) -> None:
    one = place("shelter")
    Placement.objects.filter(pk=one.pk).update(is_active=False)
    assert explain(one, 28) is None


class TestScreen:
    def get(self, user: Any, name: str, pk: int, **query: str) -> Any:
        client = Client()
        client.force_login(user)
        return client.get(reverse(f"campaigns:{name}", args=["town", pk]), query)

    def test_the_page_and_the_maps_card_say_the_same(self, campaign: Campaign, planner: Any) -> None:
        one = place("shelter")
        page = self.get(planner, "placement", one.pk).content.decode()
        card = self.get(planner, "placement_json", one.pk).json()
        assert one.name in page
        assert f"<dd>{card['persons']:,}</dd>" in page
        for _lon, _lat, name, persons in card["places"]:
            assert name in page
            assert f'<td class="r">{persons:,}</td>' in page

    def test_another_length_of_flight_reaches_other_numbers(self, campaign: Campaign, planner: Any) -> None:
        one = place("shelter")
        weeks = [self.get(planner, "placement_json", one.pk, days=days).json()["persons"] for days in ("7", "28")]
        assert weeks[0] < weeks[1]

    @pytest.mark.parametrize("days", ["0", "-3", "many", "99999"])
    def test_a_length_that_is_none_is_taken_for_four_weeks(self, campaign: Campaign, planner: Any, days: str) -> None:
        one = place("shelter")
        assert self.get(planner, "placement_json", one.pk, days=days).json() == (
            self.get(planner, "placement_json", one.pk).json()
        )

    def test_another_areas_placement_is_not_found_here(self, campaign: Campaign, planner: Any, person: Any) -> None:
        assert self.get(planner, "placement", 999_999).status_code == 404
        assert self.get(person("editor", Role.EDITOR), "placement", place("shelter").pk).status_code == 403
