"""Every figure of the closing report, computed here a second time from the raw matrix and by hand."""

import math
import re
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from campaigns.models import Booking, ClosingReport, Payment, PlanVersion, PostingProof, ScanCount
from campaigns.services.booking import approve_plan, book_plan, make_good
from campaigns.services.closing import NotYet, close, figures, plan_carried_out
from campaigns.services.exports import picks_geojson
from campaigns.services.planning import make_plan
from campaigns.services.problems import flight_contacts
from geo.arrays import load_area
from geo.core.days import Flight
from geo.models import Hotspot
from trust.models import AppendOnlyError
from trust.roles import Role

LEVELS = ("low", "central", "high")


def prove(booking: Booking, user: Any, deed: str = "posting", state: str = "proved") -> None:
    PostingProof.objects.create(
        booking=booking, deed=deed, original=ContentFile(b"x", "a.jpg"), shown=ContentFile(b"x", "a.jpg"),
        sha256=f"{booking.pk}-{deed}-{state}", time_source="photo", place_source="photo", state=state, uploaded_by=user,
    )  # fmt: skip


@pytest.fixture
def plan(campaign: Any, planner: Any, person: Any) -> PlanVersion:
    """Three or more flights booked; the last of them without proof; one made good; scans and payments."""
    campaign.formats = ["shelter"]
    campaign.save()
    made = make_plan(campaign, iterations=60, user=planner)
    approve_plan(made, person("second", Role.FINAL_REVIEWER))
    book_plan(made, planner)
    bookings = list(made.bookings.order_by("placement__code"))
    assert len(bookings) >= 3
    for booking in bookings[:-1]:
        prove(booking, planner)
    prove(bookings[0], planner, "take_down", "confirmed")
    prove(bookings[-1], planner, state="waiting")
    again = make_good(
        bookings[0], bookings[0].placement, (date(2027, 1, 4), date(2027, 1, 10)), why="坏了七天", person=planner
    )
    prove(again, planner)
    for booking, scans in ((bookings[0], 30), (bookings[1], 12), (again, 3)):
        ScanCount.objects.create(code=booking.codes.get(), day=date(2026, 12, 2), hour=9, count=scans)
    Payment.objects.create(campaign=campaign, paid_on=date(2026, 12, 3), amount_cny=Decimal("1234.5"), payee="示例")
    return made


def by_hand(plan: PlanVersion, level: Any) -> tuple[float, float, float]:
    """Reach, persons and impressions with plain loops over the matrix: no function of the report is used."""
    proved = [
        booking
        for booking in plan.bookings.filter(state="booked").select_related("placement__stop", "placement__line")
        if booking.proofs.filter(deed="posting", state__in=["proved", "confirmed"]).exists()
    ]
    matrix, persons = flight_contacts(
        [booking.placement for booking in proved], load_area(plan.campaign.area), Flight(20, 4, 4), level
    )
    dense = matrix.toarray()
    seen = met = 0.0
    for hotspot in range(dense.shape[1]):
        total = 0.0
        for row, booking in enumerate(proved):
            total += dense[row, hotspot] * ((booking.ends_on - booking.starts_on).days + 1) / 28
        seen += persons[hotspot] * (1 - math.exp(-total))
        met += persons[hotspot] * total
    return seen / float(np.sum(persons)), seen, met


def test_reach_and_impressions_follow_from_what_is_proved(plan: PlanVersion) -> None:
    found = figures(plan)["delivered"]
    reaches = []
    for level in LEVELS:
        reach, persons, impressions = by_hand(plan, level)
        reaches.append(reach)
        assert found[level]["reach"] == pytest.approx(reach, rel=1e-9)
        assert found[level]["reached_persons"] == pytest.approx(persons, rel=1e-9)
        assert found[level]["impressions"] == pytest.approx(impressions, rel=1e-9)
        assert found[level]["frequency"] == pytest.approx(impressions / persons, rel=1e-9)
    assert (found["reach_low"], found["reach_high"]) == pytest.approx((min(reaches), max(reaches)))
    assert found["reach_low"] < found["central"]["reach"] < found["reach_high"]
    assert found["central"]["reach"] < plan.reach  # one flight is not proved
    assert not found["inputs_changed"]


def test_what_was_planned_follows_from_the_picks_and_the_matrix(plan: PlanVersion) -> None:
    found = figures(plan)["planned"]
    picks = list(plan.picks.select_related("placement__stop", "placement__line"))
    reaches = {}
    for level in LEVELS:
        matrix, persons = flight_contacts(
            [pick.placement for pick in picks], load_area(plan.campaign.area), Flight(20, 4, 4), level
        )
        dense = matrix.toarray()
        seen = met = 0.0
        for hotspot in range(dense.shape[1]):
            total = sum(dense[row, hotspot] for row in range(len(picks)))
            seen += persons[hotspot] * (1 - math.exp(-total))
            met += persons[hotspot] * total
        reaches[level] = seen / float(np.sum(persons))
        if level == "central":
            assert found["impressions"] == pytest.approx(met, rel=1e-9)
    assert found["reach"] == pytest.approx(reaches["central"], rel=1e-9)
    assert (found["reach_low"], found["reach_high"]) == pytest.approx((min(reaches.values()), max(reaches.values())))
    assert Decimal(found["cost_cny"]) == sum(pick.placement.cost_cny(28) for pick in picks)
    assert found["placements"] == len(picks)
    assert 0.9 < found["attained"] <= 1


def test_the_map_shows_the_scans_of_what_hangs(plan: PlanVersion) -> None:
    told = {pick["properties"]["placement"]: pick["properties"] for pick in picks_geojson(plan)["features"]}
    booked = plan.bookings.filter(state="booked", makes_good__isnull=True)
    counted = {flight.placement_id: sum(row.count for row in flight.codes.get().counts.all()) for flight in booked}
    assert sum(counted.values()) > 0
    assert {key: told[key]["scans"] for key in counted} == counted


def test_three_contacts_and_more_follow_from_the_poisson_tail(plan: PlanVersion) -> None:
    proved = [
        booking
        for booking in plan.bookings.filter(state="booked").select_related("placement__stop", "placement__line")
        if booking.proofs.filter(deed="posting", state__in=["proved", "confirmed"]).exists()
    ]
    matrix, persons = flight_contacts(
        [booking.placement for booking in proved], load_area(plan.campaign.area), Flight(20, 4, 4), "central"
    )
    dense, often = matrix.toarray(), 0.0
    for hotspot in range(dense.shape[1]):
        met = sum(dense[row, hotspot] * booking.days / 28 for row, booking in enumerate(proved))
        often += persons[hotspot] * (1 - math.exp(-met) * (1 + met + met * met / 2))
    reach = often / float(np.sum(persons))
    assert figures(plan)["delivered"]["central"]["reach_3plus"] == pytest.approx(reach, rel=1e-9)


def test_every_figure_of_the_page_is_one_that_was_kept(plan: PlanVersion, planner: Any) -> None:
    """Reads the downloaded file as a person does: no number on it that the kept figures do not give."""
    kept = close(plan, "好。", planner)
    client = Client()
    client.force_login(planner)
    file = client.get(reverse("campaigns:closing_file", args=[kept.pk])).content.decode()
    delivered, money = kept.figures["delivered"], kept.figures["money"]
    low, high = 100 * delivered["reach_low"], 100 * delivered["reach_high"]
    for text in (
        f"{100 * delivered['central']['reach']:.0f}% ({low:.0f}–{high:.0f}%)",
        f"{delivered['central']['impressions']:,.0f}",
        f"{kept.figures['planned']['impressions']:,.0f}",
        f"{delivered['posted']} / {delivered['flights']}",
        f"¥{money['per_reach_point_cny']:,.0f}",
        f"¥{money['per_thousand_impressions_cny']:,.1f}",
        f"¥{money['per_scan_cny']:,.1f}",
        f"{kept.figures['scans']['per_thousand_reached']:.2f}",
        "¥1,234.50",
    ):
        assert text in file, text
    for row in kept.figures["rows"]:
        assert row["placement"] in file
        assert f'<td class="r">{row["scans"]}</td>' in file


def test_money_scans_and_counts_follow_from_the_tables(plan: PlanVersion) -> None:
    found = figures(plan)
    reach, persons, impressions = by_hand(plan, "central")
    cost = float(sum(pick.cost_cny for pick in plan.picks.all()))
    assert found["scans"]["total"] == 45
    assert found["scans"]["per_thousand_reached"] == pytest.approx(45_000 / persons)
    assert found["money"]["committed_cny"] == f"{cost:.2f}"
    assert found["money"]["paid_cny"] == "1234.50"
    assert found["money"]["per_reach_point_cny"] == pytest.approx(cost / (100 * reach))
    assert found["money"]["per_thousand_impressions_cny"] == pytest.approx(1000 * cost / impressions)
    assert found["money"]["per_scan_cny"] == pytest.approx(cost / 45)
    flights = plan.picks.count() + 1
    delivered = found["delivered"]
    assert (delivered["flights"], delivered["posted"], delivered["taken_down"]) == (flights, flights - 1, 1)
    assert delivered["made_good_days"] == 7
    assert sum(Decimal(row["cost_cny"]) for row in found["rows"]) == plan.cost_cny
    assert sum(row["scans"] for row in found["rows"]) == 45


def test_nothing_proved_is_nothing_delivered_and_nothing_is_divided_by_it(plan: PlanVersion) -> None:
    PostingProof.objects.all().delete()
    ScanCount.objects.all().delete()
    found = figures(plan)
    assert found["delivered"]["central"]["reach"] == 0
    assert found["money"]["per_reach_point_cny"] is None
    assert found["money"]["per_scan_cny"] is None


def test_changed_data_are_said(plan: PlanVersion) -> None:
    Hotspot.objects.filter(code="mall").update(persons_per_day=9000)
    assert figures(plan)["delivered"]["inputs_changed"]


def test_a_kept_report_stays_as_it_was(plan: PlanVersion, planner: Any) -> None:
    kept = close(plan, "站台灯箱要早报修。", planner)
    before = kept.figures["scans"]["total"]
    ScanCount.objects.update(count=1000)
    assert ClosingReport.objects.get().figures["scans"]["total"] == before
    kept.lessons = "改写"
    with pytest.raises(AppendOnlyError):
        kept.save()


def test_a_campaign_is_not_closed_without_lessons(plan: PlanVersion, planner: Any) -> None:
    with pytest.raises(NotYet):
        close(plan, "  ", planner)


def test_the_page_closes_and_the_file_needs_no_network(plan: PlanVersion, planner: Any) -> None:
    client = Client()
    client.force_login(planner)
    address = reverse("campaigns:closing", args=[plan.campaign_id])
    page = client.get(address).content.decode()
    reach = by_hand(plan, "central")[0]
    assert f"<dd>{100 * reach:.0f}%</dd>" in page
    assert " style=" not in page
    kept = client.post(address, {"lessons": "学校门口的<候车亭>最好。"})
    assert kept.status_code == 302
    shown = client.get(kept["Location"]).content.decode()
    assert "学校门口的&lt;候车亭&gt;最好。" in shown
    file = client.get(reverse("campaigns:closing_file", args=[ClosingReport.objects.get().pk])).content.decode()
    assert "学校门口的&lt;候车亭&gt;最好。" in file
    assert not re.findall(r"(?:src|href)=", file)
    assert "@import" not in file
    assert "url(" not in file


def test_a_campaign_without_bookings_says_so(campaign: Any, planner: Any) -> None:
    client = Client()
    client.force_login(planner)
    assert plan_carried_out(campaign) is None
    assert "还没有" in client.get(reverse("campaigns:closing", args=[campaign.pk])).content.decode()
