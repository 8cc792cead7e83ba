"""Two plans side by side: what differs, by how much, and whether that is certain."""

import math
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import PlanVersion
from campaigns.services.comparing import compare, signed
from campaigns.services.planning import make_plan
from campaigns.services.problems import flight_contacts
from geo.arrays import load_area
from geo.core.days import Flight


@pytest.fixture
def plans(campaign: Any, planner: Any) -> tuple[PlanVersion, PlanVersion]:
    """The same brief with little and with more money."""
    campaign.formats, campaign.budget_cny = ["shelter"], Decimal(2_500)
    campaign.save()
    small = make_plan(campaign, iterations=60, user=planner)
    campaign.budget_cny = Decimal(6_000)
    campaign.save()
    return small, make_plan(campaign, iterations=60, user=planner)


def test_placements_are_sorted_into_both_and_only_one(plans: tuple[PlanVersion, PlanVersion]) -> None:
    found = compare(*plans)
    ours, theirs = ({pick.code for pick in plan.picks.all()} for plan in plans)
    assert {one.code for one, _two in found.both} == ours & theirs
    assert {pick.code for pick in found.only_first} == ours - theirs
    assert {pick.code for pick in found.only_second} == theirs - ours
    assert len(ours) < len(theirs)


def test_sensitivity_is_what_the_matrix_gives(plans: tuple[PlanVersion, PlanVersion]) -> None:
    found = compare(*plans).sensitivity
    assert found is not None
    for plan, sensitivity in zip(plans, found, strict=True):
        matrix, persons = flight_contacts(
            [pick.placement for pick in plan.picks.all()], load_area(plan.campaign.area), Flight(20, 4, 4), "central"
        )
        summed = matrix.toarray().sum(axis=0)
        for name, factor in (("less", 0.7), ("central", 1.0), ("more", 1.3)):
            by_hand = sum(people * (1 - math.exp(-factor * met)) for people, met in zip(persons, summed, strict=True))
            assert getattr(sensitivity, name) == pytest.approx(by_hand / sum(persons))
        assert sensitivity.central == pytest.approx(plan.reach)
        assert sensitivity.less < sensitivity.central < sensitivity.more


def test_more_money_is_better_in_every_case_and_a_plan_equals_itself(plans: tuple[PlanVersion, PlanVersion]) -> None:
    small, large = plans
    assert f"方案 {large.number} " in compare(small, large).verdict
    assert f"方案 {large.number} " in compare(large, small).verdict
    assert "一样" in compare(small, small).verdict


def test_the_page_shows_both_and_either_on_the_map(
    plans: tuple[PlanVersion, PlanVersion], planner: Any, campaign: Any
) -> None:
    client = Client()
    client.force_login(planner)
    address = reverse("campaigns:compare", args=[plans[0].pk, plans[1].pk])
    first, second = (client.get(address, {"show": show}).content.decode() for show in ("1", "2"))
    assert f"?plan={plans[0].pk}" in first
    assert f"?plan={plans[1].pk}" in second
    assert " style=" not in first
    assert client.get(reverse("campaigns:compare", args=[plans[0].pk, plans[0].pk])).status_code == 404
    bench = client.get(plans[1].get_absolute_url()).content.decode()
    assert reverse("campaigns:compare", args=[plans[0].pk, plans[1].pk]) in bench


@pytest.mark.parametrize(
    ("gap", "places", "said"),
    [(4800, 0, "+4,800"), (-0.06, 1, "−0.1"), (0.04, 1, "0"), (-0.4, 0, "0"), (0, 0, "0"), (-12345.6, 1, "−12,345.6")],
)
def test_a_difference_has_its_sign_and_nothing_is_0(gap: float, places: int, said: str) -> None:
    assert signed(gap, places) == said


def test_whoever_subtracts_the_columns_gets_the_third(plans: tuple[PlanVersion, PlanVersion]) -> None:
    def number(text: str) -> float:
        return float(re.sub(r"[^0-9.-]", "", text.replace("−", "-")) or "nan")

    for label, one, two, gap in compare(*plans).rows:
        if gap:
            assert number(two) - number(one) == pytest.approx(number(gap), abs=1e-6), label
