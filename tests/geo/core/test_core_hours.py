"""Days of a flight by kind, buses of an average day, and when a route earns its contacts."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.audience import people
from geo.core.coefficients import COEFFICIENTS
from geo.core.days import SATURDAY, SUNDAY, WEEKDAY, DaysOff, Flight, flight_of
from geo.core.hours import busiest_hours, network_in, spread_score
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines

MONDAY = date(2026, 12, 7)


def network(*trips_per_day):
    routes = len(trips_per_day)
    return Network(
        paths=Polylines(np.empty(0), np.empty(0), np.zeros(routes + 1, dtype=np.int64)),
        route_line=np.zeros(routes, dtype=np.int64),
        trips_per_day=np.array(trips_per_day, dtype=float),
        service_minutes=np.full(routes, 600.0),
        speed_kmh=np.full(routes, 18.0),
        stop_x=np.empty(0),
        stop_y=np.empty(0),
        call_route=np.empty(0, np.int64),
        call_stop=np.empty(0, np.int64),
        line_buses=np.ones(1),
    )


def profile(weekday, saturday, sunday):
    table = np.zeros((24, 3), dtype=np.int32)
    table[8] = (weekday, saturday, sunday)
    return table


def test_four_weeks_have_twenty_weekdays():
    assert flight_of(MONDAY, MONDAY + timedelta(days=27)) == Flight(20, 4, 4)


def test_a_calendar_moves_days():
    calendar = DaysOff(
        holidays=frozenset({MONDAY, MONDAY + timedelta(days=1)}),
        workdays=frozenset({MONDAY + timedelta(days=6), MONDAY}),
        school_holidays=frozenset({MONDAY, MONDAY + timedelta(days=40)}),
    )
    assert calendar.type_of(MONDAY) == SUNDAY  # a public holiday, whatever else is said of it
    assert calendar.type_of(MONDAY + timedelta(days=5)) == SATURDAY
    assert calendar.type_of(MONDAY + timedelta(days=6)) == WEEKDAY
    assert flight_of(MONDAY, MONDAY + timedelta(days=6), calendar) == Flight(4, 1, 2, school_holidays=1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_the_kinds_add_up_to_the_flight(first, more):
    assert flight_of(first, first + timedelta(days=more)).days == more + 1


@pytest.mark.parametrize("counts", [(0, 0, 0), (-1, 2, 0)])
def test_a_flight_without_days_is_refused(counts):
    with pytest.raises(ValueError, match="flight"):
        Flight(*counts)


def test_an_average_day_of_the_flight_by_hand():
    tables = np.stack([profile(60, 30, 0), profile(10, 10, 10), profile(0, 14, 0)])
    found = network_in(network(60.0, 7.3, 0.0), tables, Flight(5, 1, 1)).trips_per_day
    assert found[0] == pytest.approx((5 * 60 + 30) / 7)
    assert found[1] == 7.3  # every day alike: to the last bit
    assert found[2] == pytest.approx(14 / 7)  # runs on Saturdays only


@given(st.floats(0.1, 500), st.integers(1, 60), st.integers(0, 20), st.integers(0, 20))
def test_a_flight_of_weekdays_or_an_even_timetable_changes_nothing(trips, weekdays, saturdays, sundays):
    even = np.stack([profile(7, 7, 7)])
    assert network_in(network(trips), even, Flight(weekdays, saturdays, sundays)).trips_per_day[0] == trips
    uneven = np.stack([profile(9, 3, 0)])
    assert network_in(network(trips), uneven, Flight(weekdays)).trips_per_day[0] == trips


def test_a_route_without_a_timetable_keeps_its_trips():
    nothing = np.zeros((1, 24, 3), dtype=np.int32)
    assert network_in(network(0.3), nothing, Flight(5, 1, 1)).trips_per_day[0] == 0.3


def test_a_weekdays_contacts_add_up_to_the_score():
    table = profile(6, 3, 0)
    table[17, 0] = 2
    found = spread_score(800.0, table)
    assert found[:, WEEKDAY].sum() == pytest.approx(800.0)
    assert (found[8].tolist(), found[17].tolist()) == ([600.0, 300.0, 0.0], [200.0, 0.0, 0.0])
    assert spread_score(70.0, profile(0, 7, 0)).sum() == pytest.approx(70.0)
    assert not spread_score(70.0, profile(0, 0, 0)).any()


def test_the_busiest_hours_are_joined_where_they_touch():
    trips = np.zeros(24)
    trips[[7, 8, 17, 12]] = [9, 8, 8, 3]
    assert busiest_hours(trips, 3) == [(7, 9), (17, 18)]
    assert busiest_hours(np.zeros(24), 3) == []
    assert busiest_hours(np.ones(24), 2) == [(0, 2)]


def test_in_school_holidays_the_same_pupils_come_less_often():
    spots = Hotspots(
        np.zeros(2),
        np.zeros(2),
        np.array([1000.0, 1000.0]),
        np.array([CATEGORIES.index(c) for c in ("school", "park")]),
    )
    persons, visits = people(spots, 28, COEFFICIENTS, "central")
    fewer, rarer = people(spots, 28, COEFFICIENTS, "central", school_holiday_share=0.5)
    left = 1 - 0.5 * (1 - COEFFICIENTS.value("school_holiday_visits", "central"))
    assert (fewer[0], rarer[0]) == (pytest.approx(persons[0]), pytest.approx(visits[0] * left))
    assert (fewer[1], rarer[1]) == (persons[1], visits[1])
    with pytest.raises(ValueError, match="school_holiday_share"):
        people(spots, 28, COEFFICIENTS, "central", school_holiday_share=1.5)
