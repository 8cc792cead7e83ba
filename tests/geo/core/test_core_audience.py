"""The audience model against sums done by hand, on coefficients that are round numbers."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from geo.core.audience import (
    body_contacts,
    outcome,
    over_flight,
    people,
    places_in_reach,
    plays_met,
    screen_contacts,
    shelter_contacts,
)
from geo.core.coefficients import ASSUMED, COEFFICIENTS, LEVELS
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines
from geo.core.scores import STRETCH_M, route_scores

SCHOOL, PARK = CATEGORIES.index("school"), CATEGORIES.index("park")


def same(value):
    return (value, value, value)


ROUND = COEFFICIENTS.with_values(
    {
        "catchment_m": same(500),
        "walk_decay_m": same(100),
        "pass_share": same(0.5),
        "service_trips": same(100 / math.log(2)),  # 100 departures draw half
        "door_m": same(100),
        "stop_reach_m": same(500),
        "place_power": same(2),
        "shelter_diagonal_m": same(2),
        "notice_shelter": same(0.5),
        "sight_per_diagonal": same(50),
        "body_diagonal_m": same(4),  # seen from 200 m
        "notice_body": same(0.5),
        "outdoor_minutes.school": same(12),
        "outdoor_minutes.park": same(60),
        "bus_share.school": same(0.2),
        "bus_share.park": same(0.1),
        "ride_m": same(6000),
        "notice_screen": same(0.5),
        "visits_per_day.school": same(0.5),
        "visits_per_day.park": same(0.1),
    },
    version="round numbers",
)


@pytest.fixture
def network():
    """Line 0 has a route each way along y = 0, with stops 0 and 1; line 1 has one along y = 1000, with stop 2."""
    return Network(
        paths=Polylines(
            np.array([0.0, 3000.0, 3000.0, 0.0, 0.0, 3000.0]),
            np.array([0.0, 0.0, 0.0, 0.0, 1000.0, 1000.0]),
            np.array([0, 2, 4, 6]),
        ),
        route_line=np.array([0, 0, 1]),
        trips_per_day=np.array([60.0, 40.0, 50.0]),
        service_minutes=np.array([600.0, 600.0, 300.0]),
        speed_kmh=np.array([20.0, 20.0, 30.0]),
        stop_x=np.array([0.0, 1000.0, 0.0]),
        stop_y=np.array([0.0, 0.0, 1000.0]),
        call_route=np.array([0, 0, 1, 1, 2, 1]),
        call_stop=np.array([0, 1, 1, 0, 2, 0]),  # route 1 passes stop 0 twice
        line_buses=np.array([10.0, 5.0]),
    )


@pytest.fixture
def hotspots():
    """A school 100 m north of stop 0, a park 50 m south of the middle of line 0's road, a school far away."""
    return Hotspots(
        x=np.array([0.0, 1500.0, 9000.0]),
        y=np.array([100.0, -50.0, 9000.0]),
        persons_per_day=np.array([1000.0, 400.0, 700.0]),
        category=np.array([SCHOOL, PARK, SCHOOL]),
    )


def test_a_stop_has_the_departures_of_every_route_that_calls_once(network):
    assert network.stop_trips_per_day.tolist() == [100.0, 100.0, 50.0]


def test_regular_visitors_are_few_people_who_come_often(hotspots):
    persons, visits = people(hotspots, 20, ROUND, "central")
    assert visits.tolist() == [10.0, 2.0, 10.0]
    assert persons.tolist() == [2000.0, 4000.0, 1400.0]
    np.testing.assert_allclose(persons * visits, hotspots.persons_per_day * 20)


def test_nobody_comes_less_than_once_to_be_counted(hotspots):
    persons, visits = people(hotspots, 1, ROUND, "central")
    assert visits.tolist() == [1.0, 1.0, 1.0]
    assert persons.tolist() == hotspots.persons_per_day.tolist()


def test_a_shelter_face_by_hand(network, hotspots):
    contacts = shelter_contacts(network, hotspots, [0, 0, 2], [2.0, 4.0, 2.0], [1.0, 0.25, 1.0], ROUND, "central")
    walk = 1 / math.sqrt(2)  # 100 m, where 100 m counts as the door
    busy = 0.5  # of 100 departures
    expected = np.zeros((3, 3))
    expected[0, 0] = 0.5 * walk * busy * 0.5
    expected[1, 0] = 0.5 * walk * busy * 0.75 * 0.25  # twice the diagonal: 1 − 0.5²
    np.testing.assert_allclose(contacts.toarray(), expected, rtol=1e-12)


@pytest.fixture
def crowded(hotspots):
    """Beside the school a park at the very door of stop 0, and another park 100 m from stop 1."""
    return Hotspots(
        x=np.concatenate([hotspots.x, [0.0, 1000.0]]),
        y=np.concatenate([hotspots.y, [0.0, 100.0]]),
        persons_per_day=np.array([1000.0, 0.0, 0.0, 700.0, 400.0]),
        category=np.array([SCHOOL, PARK, SCHOOL, PARK, PARK]),
    )


def test_several_places_beside_a_stop_add_less_than_their_sum(network, crowded):
    contacts = shelter_contacts(network, crowded, [0, 1], 2.0, 1.0, ROUND, "central").toarray()
    school, park, other = 1000 / math.sqrt(2), 700.0, 400 / math.sqrt(2)
    together = math.hypot(school, park)
    kept = (school + park + other) / (together + other)  # both stops have 100 departures
    face = 0.5 * 0.5 * 0.5
    assert contacts[0, 0] == pytest.approx(face / math.sqrt(2) * kept * together / (school + park))
    assert contacts[0, 3] == pytest.approx(face * kept * together / (school + park))
    assert contacts[1, 4] == pytest.approx(face / math.sqrt(2) * kept)


def test_the_calibration_moves_people_between_stops_and_adds_none(network, crowded):
    plain = ROUND.with_values({"place_power": same(1)}, version="plain")
    busy = network.stop_trips_per_day
    totals = [
        busy @ (places_in_reach(network, crowded, chosen, "central") @ crowded.persons_per_day)
        for chosen in (ROUND, plain)
    ]
    assert totals[0] == pytest.approx(totals[1])


def test_nobody_passes_a_face_more_than_once_a_visit(network, crowded):
    everybody = ROUND.with_values({"pass_share": same(50), "notice_shelter": same(1)}, version="everybody")
    contacts = shelter_contacts(network, crowded, [0, 1], 2.0, 1.0, everybody, "central")
    assert contacts.data.max() == 1.0


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_proportions_of_the_places_count(network, crowded, factor):
    other = Hotspots(crowded.x, crowded.y, crowded.persons_per_day * factor, crowded.category)
    found = [
        shelter_contacts(network, spots, [0, 1], 2.0, 1.0, ROUND, "central").toarray() for spots in (crowded, other)
    ]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9)


def test_more_departures_and_more_people_bring_more(network, crowded):
    def total(trips, persons):
        busier = Network(**{**vars(network), "trips_per_day": np.array([trips, 40.0, 50.0])})
        spots = Hotspots(crowded.x, crowded.y, np.array([1000.0, 0.0, 0.0, persons, 400.0]), crowded.category)
        return float((shelter_contacts(busier, spots, [0], 2.0, 1.0, ROUND, "central") @ spots.persons_per_day)[0])

    by_trips = [total(trips, 700.0) for trips in (0.0, 60.0, 120.0, 180.0)]
    assert by_trips == sorted(by_trips)
    steps = np.diff(by_trips)
    assert (np.diff(steps) < 0).all()  # each departure adds less than the one before
    by_people = [total(60.0, persons) for persons in (0.0, 300.0, 700.0, 5000.0)]
    assert by_people == sorted(by_people)


def test_a_stop_without_buses_or_people_has_no_contacts(network, crowded):
    idle = Network(**{**vars(network), "trips_per_day": np.zeros(3)})
    assert shelter_contacts(idle, crowded, [0], 2.0, 1.0, ROUND, "central").sum() == 0.0
    nobody = Hotspots(crowded.x, crowded.y, np.zeros(5), crowded.category)
    found = shelter_contacts(network, nobody, [0], 2.0, 1.0, ROUND, "central")
    assert np.isfinite(found.data).all()


def test_bus_bodies_by_hand(network, hotspots):
    contacts = body_contacts(network, hotspots, [0, 1, 0], [1.0, 1.0, 0.1], ROUND, "central")
    school = (60 + 40) * (12 / 600) * (1 - 100 / 200) * 0.5
    park = (60 + 40) * (60 / 600) * (1 - 50 / 200) * 0.5
    expected = [[school, park, 0], [0, 0, 0], [school / 10, park / 10, 0]]
    np.testing.assert_allclose(contacts.toarray(), expected, rtol=1e-12)


def test_nobody_is_outdoors_longer_than_the_buses_run(network, hotspots):
    short = Network(**{**vars(network), "service_minutes": np.array([30.0, 30.0, 30.0])})
    contacts = body_contacts(short, hotspots, [0], 1.0, ROUND, "central")
    assert contacts[0, 1] == pytest.approx((60 + 40) * 1.0 * 0.75 * 0.5)


def test_screens_by_hand(network, hotspots):
    contacts = screen_contacts(network, hotspots, [0, 1], 15.0, 1.0, 600.0, ROUND, "central")
    # Only line 0 is within reach of the school: all its bus visits ride there; 2 rides × 20 % × e^(−100/100).
    rides = 2 * 0.2 * math.exp(-1)
    ride_s = 6000 / (20 / 3.6)
    met = (15 + ride_s - 2) / 600
    assert contacts[0, 0] == pytest.approx(rides * met * 0.5, rel=1e-9)
    # The park lies 502 m from the nearest stop: beyond the catchment.
    assert contacts.nnz == 1


def test_two_lines_share_the_rides_by_service_and_walk(network, hotspots):
    wide = ROUND.with_values({"catchment_m": same(950)}, version="wide")
    contacts = screen_contacts(network, hotspots, [0, 1], 15.0, 1.0, 600.0, wide, "central")
    near, far = math.exp(-1) * 100, math.exp(-9) * 50  # 100 m and 900 m away; departures
    met = [(15 + 6000 / (speed / 3.6) - 2) / 600 for speed in (20, 30)]
    rides = 2 * 0.2 * math.exp(-1)
    expected = [rides * near / (near + far) * met[0] * 0.5, rides * far / (near + far) * met[1] * 0.5]
    np.testing.assert_allclose(contacts.toarray()[:, 0], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("spot_s", "plays", "loop_s", "ride_s", "expected"),
    [
        (15, 1, 600, 900, (15 + 900 - 2) / 600),
        (15, 3, 600, 900, 3 * (15 + 900 - 2) / 600),
        (1, 1, 600, 1, 0.0),  # must start together
        (0.5, 1, 600, 900, 0.0),  # too short to be seen at all
        (15, 1, 600, 0.5, 0.0),
    ],
)
def test_plays_met_in_a_ride(spot_s, plays, loop_s, ride_s, expected):
    arrays = [np.array([float(value)]) for value in (spot_s, plays, loop_s, ride_s)]
    assert plays_met(*arrays, 1.0)[0] == pytest.approx(expected)


def test_plays_met_is_the_mean_over_every_moment_of_boarding():
    spot, loop, ride, seen = 15.0, 240.0, 400.0, 1.0
    boarding = np.arange(0, loop, 0.01)
    starts = np.arange(-2, 6)[:, np.newaxis] * loop - boarding
    overlap = np.minimum(starts + spot, ride) - np.maximum(starts, 0.0)
    counted = (overlap >= seen).sum(axis=0).mean()
    met = plays_met(np.array([spot]), np.array([1.0]), np.array([loop]), np.array([ride]), seen)
    assert met[0] == pytest.approx(counted, abs=1e-3)


def test_visits_multiply_contacts_over_the_flight():
    per_visit = sparse.csr_array(np.array([[0.1, 0.0], [0.2, 0.3]]))
    assert over_flight(per_visit, [10.0, 2.0]).toarray().tolist() == [[1.0, 0.0], [2.0, 0.6]]
    assert per_visit.toarray().tolist() == [[0.1, 0.0], [0.2, 0.3]]


def test_the_outcome_by_hand():
    result = outcome([math.log(2), 0.0], [100.0, 50.0], population=1000, cost_cny=500.0)
    assert result.reached_persons == pytest.approx(50)  # 1 − e^(−ln 2) = ½
    assert result.reach == pytest.approx(1 / 3)
    assert result.impressions == pytest.approx(100 * math.log(2))
    assert result.frequency == pytest.approx(2 * math.log(2))
    ln2 = math.log(2)
    assert result.reach_3plus == pytest.approx(100 * (1 - 0.5 * (1 + ln2 + ln2**2 / 2)) / 150)
    assert result.cpm_cny == pytest.approx(500 / (100 * ln2) * 1000)
    assert result.grp == pytest.approx(10 * ln2)


def test_persons_reached_never_exceed_the_population():
    result = outcome([9.0, 9.0], [800.0, 900.0], population=1000)
    assert result.reached_persons == 1000
    assert result.reach <= 1


def test_an_empty_plan_has_an_outcome():
    result = outcome([0.0, 0.0], [10.0, 20.0], cost_cny=0.0)
    assert (result.reach, result.frequency, result.cpm_cny, result.grp) == (0.0, 0.0, None, None)
    assert outcome([], []).reach == 0.0


def test_low_central_and_high_are_in_that_order(network, hotspots):
    def contacts(level):
        shelter = shelter_contacts(network, hotspots, [0], 2.163, 1.0, COEFFICIENTS, level)
        body = body_contacts(network, hotspots, [0], 0.5, COEFFICIENTS, level)
        screen = screen_contacts(network, hotspots, [0], 15, 1, 600, COEFFICIENTS, level)
        return [matrix.toarray() for matrix in (shelter, body, screen)]

    for low, high in pairwise(LEVELS):
        for lower, higher in zip(contacts(low), contacts(high), strict=True):
            assert (lower <= higher).all()
            assert lower.sum() < higher.sum()


def test_every_coefficient_says_where_it_comes_from():
    assert all(c.source and c.unit and c.meaning for c in COEFFICIENTS.coefficients)
    assert COEFFICIENTS["notice_body"].is_assumed
    assert COEFFICIENTS["notice_body"].source == ASSUMED
    assert "Geopath" in COEFFICIENTS["sight_per_diagonal"].source
    # One over twice the tangent of half of 1.5 degrees, to the digits that are printed.
    assert COEFFICIENTS.value("sight_per_diagonal", "central") == pytest.approx(
        0.5 / math.tan(math.radians(0.75)), abs=0.05
    )


def test_changed_coefficients_are_another_version():
    changed = COEFFICIENTS.with_values({"ride_m": (1, 2, 3)}, version="mine")
    assert changed.sha256 != COEFFICIENTS.sha256
    assert changed.value("ride_m", "high") == 3
    assert changed["ride_m"].is_assumed
    with pytest.raises(ValueError, match="another version"):
        COEFFICIENTS.with_values({"ride_m": (1, 2, 3)}, version=COEFFICIENTS.version)
    with pytest.raises(KeyError):
        COEFFICIENTS.with_values({"nothing": (1, 2, 3)}, version="mine")


def test_without_hotspots_every_format_makes_nothing(network):
    nowhere = Hotspots(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.int64))
    assert shelter_contacts(network, nowhere, [0], 2.0, 1.0, ROUND, "central").shape == (1, 0)
    assert body_contacts(network, nowhere, [0], 1.0, ROUND, "central").shape == (1, 0)
    assert screen_contacts(network, nowhere, [0], 15, 1, 600, ROUND, "central").shape == (1, 0)
    assert route_scores(network, nowhere, ROUND).score.tolist() == [0.0, 0.0, 0.0]


def test_a_network_without_stops_still_has_bodies(network, hotspots):
    bare = Network(
        **{
            **vars(network),
            "stop_x": np.empty(0),
            "stop_y": np.empty(0),
            "call_route": np.empty(0, np.int64),
            "call_stop": np.empty(0, np.int64),
        }
    )
    assert body_contacts(bare, hotspots, [0], 1.0, ROUND, "central").nnz > 0
    assert screen_contacts(bare, hotspots, [0], 15, 1, 600, ROUND, "central").nnz == 0
    assert shelter_contacts(bare, hotspots, [], 2.0, 1.0, ROUND, "central").shape == (0, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n, h: shelter_contacts(n, h, [9], 2.0, 1.0, ROUND, "central"), "stop"),
        (lambda n, h: shelter_contacts(n, h, [0], 2.0, 1.5, ROUND, "central"), "share_of_voice"),
        (lambda n, h: shelter_contacts(n, h, [0], 0.0, 1.0, ROUND, "central"), "diagonal_m"),
        (lambda n, h: body_contacts(n, h, [-1], 1.0, ROUND, "central"), "line"),
        (lambda n, h: body_contacts(n, h, [0, 1], [1.0], ROUND, "central"), "wrapped_share"),
        (lambda n, h: screen_contacts(n, h, [0], 15, 1, 0, ROUND, "central"), "loop_s"),
        (lambda n, h: people(h, 0, ROUND, "central"), "days"),
        (lambda n, h: Network(**{**vars(n), "speed_kmh": np.array([0.0, 1.0, 1.0])}), "speed_kmh"),
        (lambda n, h: Network(**{**vars(n), "route_line": np.array([0, 1, 2])}), "route_line"),
        (lambda n, h: Hotspots(h.x, h.y, h.persons_per_day, np.array([0, 1, 99])), "category"),
        (lambda n, h: Hotspots(h.x, h.y, -h.persons_per_day, h.category), "persons_per_day"),
        (lambda n, h: outcome([-1.0], [1.0]), "at least 0"),
        (lambda n, h: outcome([1.0], [1.0], population=0), "population"),
    ],
)
def test_a_wrong_argument_is_named(network, hotspots, call, message):
    with pytest.raises(ValueError, match=message):
        call(network, hotspots)


def test_a_route_scores_the_contacts_of_one_day(network, hotspots):
    scores = route_scores(network, hotspots, ROUND)
    school = 1000 * 60 * (12 / 600) * 0.5 * 0.5
    park = 400 * 60 * (60 / 600) * 0.75 * 0.5
    assert scores.score[0] == pytest.approx(school + park)
    assert scores.score[1] == pytest.approx((school + park) * 40 / 60)
    assert scores.score[2] == 0
    assert scores.by_category[0, SCHOOL] == pytest.approx(school)
    assert scores.by_category[0, PARK] == pytest.approx(park)
    np.testing.assert_allclose(scores.by_category.sum(axis=1), scores.score)
    np.testing.assert_allclose(scores.contacts.sum(axis=1), scores.score)
    assert scores.contacts.indices.tolist() == scores.distance_m.indices.tolist() == [0, 1, 0, 1]
    assert scores.distance_m.data.tolist() == [100.0, 50.0, 100.0, 50.0]


def test_a_score_is_what_the_body_format_makes_in_a_day(network, hotspots):
    whole_fleet = body_contacts(network, hotspots, [0, 1], 1.0, ROUND, "central")
    daily = whole_fleet @ hotspots.persons_per_day
    scores = route_scores(network, hotspots, ROUND)
    np.testing.assert_allclose(daily, [scores.score[0] + scores.score[1], scores.score[2]])


def test_the_best_stretch_holds_what_earns_most_within_a_kilometre():
    network = Network(
        paths=Polylines(np.array([0.0, 10_000.0]), np.array([0.0, 0.0]), np.array([0, 2])),
        route_line=np.array([0]),
        trips_per_day=np.array([10.0]),
        service_minutes=np.array([600.0]),
        speed_kmh=np.array([20.0]),
        stop_x=np.empty(0),
        stop_y=np.empty(0),
        call_route=np.empty(0, np.int64),
        call_stop=np.empty(0, np.int64),
        line_buses=np.array([1.0]),
    )
    x = np.array([500.0, 4000.0, 4600.0, 5001.0, 9000.0])
    people_per_day = np.array([250.0, 100.0, 100.0, 100.0, 90.0])
    hotspots = Hotspots(x, np.zeros(5), people_per_day, np.full(5, PARK))
    scores = route_scores(network, hotspots, ROUND)
    assert STRETCH_M == 1000
    assert (scores.stretch_from_m[0], scores.stretch_to_m[0]) == (500.0, 500.0)  # 250 beats 100 + 100
    together = Hotspots(x - [0, 0, 0, 1, 0], np.zeros(5), people_per_day, np.full(5, PARK))
    scores = route_scores(network, together, ROUND)
    assert (scores.stretch_from_m[0], scores.stretch_to_m[0]) == (4000.0, 5000.0)
