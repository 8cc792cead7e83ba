"""Trips by hour and day type: nothing lost, night buses in the hours that they run in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sources import read_network
from geo.sources.profiles import by_hour, profile_of, spread


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 30 * 60 - 0.01)), max_size=60))
def test_every_departure_is_counted_once_in_the_hour_of_the_clock(departures):
    group = np.array([g for g, _ in departures], dtype=int)
    minute = np.array([m for _, m in departures])
    counted = by_hour(group, minute, 5)
    assert counted.shape == (5, 24)
    assert counted.dtype == np.int32
    wanted = np.zeros((5, 24), dtype=int)
    for g, m in departures:
        wanted[g, int(m // 60) % 24] += 1
    assert (counted == wanted).all()


@given(st.floats(0, 1440), st.floats(0, 400), st.integers(0, 500))
def test_a_spread_timetable_has_all_trips_within_its_hours(first, service, trips):
    profile = spread(first, first + service, float(trips))
    assert (profile.sum(axis=0) == trips).all()
    hours = {int(h) % 24 for h in range(int(first // 60), int((first + service) // 60) + 1)}
    assert set(np.flatnonzero(profile[:, 0])) <= hours


def test_hours_that_nobody_knows_are_those_assumed_elsewhere():
    assert set(np.flatnonzero(spread(float("nan"), float("nan"), 200.0)[:, 2])) == set(range(6, 20))


def test_the_profile_of_a_feed_tells_weekday_saturday_and_sunday_apart(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    profile = {(r.line, r.trips_per_day): r.trips_by_hour for r in frames.routes.itertuples()}
    full = profile["L1", 3.0]
    assert full[:, 0].tolist() == [0] * 7 + [2, 1] + [0] * 15
    assert full[:, 1].sum() == full[9, 1] == 1  # t9 on Saturday
    assert full[:, 2].sum() == 0
    night = profile["L2", 8.0]
    assert night[:, 0].tolist() == [2, 2] + [0] * 20 + [2, 2]


def test_a_calendar_too_short_for_a_weekend_takes_the_weekday_for_it(feed):
    dates = "service_id,date,exception_type\nWD,20260901,1\nSA,20260902,1\n"
    frames = read_network(feed(files={"calendar.txt": None, "calendar_dates.txt": dates}), "gtfs", "wgs84")
    for route in frames.routes.itertuples():
        assert (route.trips_by_hour == route.trips_by_hour[:, :1]).all()


def test_a_layout_without_timetable_has_no_profile(tmp_path):
    path = tmp_path / "lines.geojson"
    path.write_text(
        '{"type":"Feature","properties":{"line":"1"},"geometry":{"type":"LineString","coordinates":[[113,22],[113.1,22]]}}'
    )
    assert read_network(path, "geojson", "wgs84").routes["trips_by_hour"].tolist() == [None]


@pytest.mark.parametrize(
    "value", ["x", None, [], [[1, 2, 3]] * 23, [[1, 2]] * 24, [[1, 2, -1]] * 24, [[1, 2, 0.5]] * 24, [[1, 2, 1e9]] * 24]
)
def test_what_is_no_profile_is_none(value):
    assert profile_of(value) is None
    assert profile_of([[1, 2, 3]] * 24).tolist() == [[1, 2, 3]] * 24
