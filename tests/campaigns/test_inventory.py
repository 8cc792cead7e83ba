"""Placements come from the network and the rate card, and coming again changes nothing."""

from dataclasses import astuple
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Campaign, Format, Placement, RateCard, RateLine
from campaigns.services.inventory import generate_placements, rate_card_for
from geo.models import Area, Line, Stop


def test_every_served_stop_gets_a_face_and_every_line_its_options(town: Area, card: RateCard) -> None:
    Stop.objects.create(area=town, code="unserved", name="无车站", lon=113.0, lat=22.6)
    report = generate_placements(town, card)
    counts = {format_: Placement.objects.filter(format=format_).count() for format_ in Format}
    # Line 1 has 10 buses: 2, 4 or 8 wrapped; line 2 has 4: 2 or 4. Screens: once or twice per loop on either line.
    assert counts == {Format.SHELTER: 6, Format.BODY: 5, Format.SCREEN: 4}
    assert astuple(report) == (15, 0, 0, 0, 0)


def test_prices_follow_units_and_plays(town: Area, card: RateCard) -> None:
    generate_placements(town, card)
    body = Placement.objects.get(code="body:1:4")
    assert (body.net_price_cny, body.production_cny) == (Decimal(20_000), Decimal(3200))
    twice = Placement.objects.get(code="screen:2:15s2")
    assert (twice.net_price_cny, twice.plays_per_loop, twice.wrapped_buses) == (Decimal(2400), 2, 4)


def test_a_face_takes_the_street_of_the_nearest_place(town: Area, card: RateCard) -> None:
    generate_placements(town, card)
    streets = dict(Placement.objects.filter(format=Format.SHELTER).values_list("stop__code", "street"))
    assert streets["s0"] == "东街"
    assert streets["s5"] == "西街"


def test_a_second_run_changes_nothing(town: Area, card: RateCard) -> None:
    generate_placements(town, card)
    before = list(Placement.objects.order_by("pk").values())
    assert astuple(generate_placements(town, card)) == (0, 0, 15, 0, 0)
    assert list(Placement.objects.order_by("pk").values()) == before


def test_a_new_price_reaches_what_follows_the_card_and_spares_what_a_person_changed(town: Area, card: RateCard) -> None:
    generate_placements(town, card)
    Placement.objects.filter(code="shelter:s0:a").update(follows_rate_card=False, net_price_cny=1)
    RateLine.objects.filter(card=card, format=Format.SHELTER).update(net_price_cny=1500)
    report = generate_placements(town, RateCard.objects.get())
    assert (report.updated, report.unchanged) == (5, 10)
    prices = dict(Placement.objects.filter(format=Format.SHELTER).values_list("code", "net_price_cny"))
    assert prices["shelter:s0:a"] == 1
    assert prices["shelter:s1:a"] == 1500


def test_what_the_network_lost_goes_off_sale_and_is_not_deleted(town: Area, card: RateCard) -> None:
    generate_placements(town, card)
    Line.objects.get(code="2").delete()
    report = generate_placements(town, card)
    assert report.retired == 4
    assert Placement.objects.count() == 15
    assert not Placement.objects.filter(code__startswith="body:2", is_active=True).exists()
    assert Placement.objects.on_sale().count() == 11


def test_a_line_with_fewer_buses_than_the_minimum_is_not_offered(town: Area, card: RateCard) -> None:
    Line.objects.filter(code="2").update(buses=1)
    report = generate_placements(town, card)
    assert report.lines_too_small == 1
    assert not Placement.objects.filter(line__code="2").exists()


def test_the_card_that_holds_on_the_day_is_used_and_made_up_prices_only_where_there_is_none(town: Area) -> None:
    made_up = rate_card_for(town, date(2026, 6, 1))
    assert made_up.is_sample
    assert made_up.lines.count() == 3
    real = RateCard.objects.create(
        area=town, name="2026 刊例", valid_from=date(2026, 5, 1), valid_to=date(2026, 12, 31)
    )
    assert rate_card_for(town, date(2026, 6, 1)) == real
    assert rate_card_for(town, date(2027, 6, 1)) == made_up


def test_a_begun_period_costs_a_whole_one(face: Placement) -> None:
    face.production_cny = Decimal(50)
    assert [face.cost_cny(days) for days in (1, 28, 29)] == [Decimal(1050), Decimal(1050), Decimal(2050)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stop": None}, "stop"),
        ({"width_m": None}, "width_m"),
        ({"format": Format.BODY}, "line"),
        ({"format": Format.SCREEN}, "spot_s"),
    ],
)
def test_a_placement_without_what_its_format_needs_is_refused(
    face: Placement, changes: dict[str, object], field: str
) -> None:
    for name, value in changes.items():
        setattr(face, name, value)
    with pytest.raises(ValidationError) as refused:
        face.full_clean()
    assert field in refused.value.message_dict


def test_a_loop_shorter_than_its_plays_is_refused(campaign: Campaign) -> None:
    screen = Placement.objects.filter(format=Format.SCREEN).first()
    assert screen is not None
    screen.plays_per_loop, screen.loop_s = 10, 100
    with pytest.raises(ValidationError) as refused:
        screen.full_clean()
    assert "loop_s" in refused.value.message_dict
