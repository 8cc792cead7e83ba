"""GTFS in, frames out: patterns, timetable, overnight trips, paths, and the stops that count."""

import numpy as np
import pytest
from pyproj import Geod

from geo.sources import read_network
from geo.sources.gtfs_service import buses_needed

GEOD = Geod(ellps="WGS84")


def route(frames, line, code_start):
    found = frames.routes[(frames.routes["line"] == line) & frames.routes["code"].str.startswith(code_start)]
    return found.sort_values("trips_per_day", ascending=False)


def test_each_distinct_sequence_of_stops_in_a_direction_is_a_route_of_its_line(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    assert list(frames.lines["code"]) == ["L1", "L2"]
    assert list(frames.lines["name"]) == ["1路 东门—西门", "夜2路"]
    assert sorted(frames.routes["line"]) == ["L1", "L1", "L1", "L2"]
    assert sorted(route(frames, "L1", "0-")["name"]) == ["东门—中街", "东门—西门"]
    full = route(frames, "L1", "0-").iloc[0]
    calls = frames.calls[(frames.calls["line"] == "L1") & (frames.calls["route"] == full["code"])]
    assert list(calls["stop"]) == ["A", "B", "C"]
    assert list(calls["sequence"]) == [0, 1, 2]


def test_trips_are_those_of_a_usual_weekday(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    full, short = (row for _i, row in route(frames, "L1", "0-").iterrows())
    assert full["trips_per_day"] == 3  # not the Saturday's fourth
    assert short["trips_per_day"] == 1
    assert (full["first_departure"], full["last_departure"]) == (420, 480)
    assert "2026-09-01" in str(frames.notes[1])


def test_repeated_trips_run_past_midnight(feed):
    night = route(read_network(feed(), "gtfs", "wgs84"), "L2", "x-").iloc[0]
    assert night["trips_per_day"] == 8  # 22:00, 22:30 … 25:30; the span's end is not a departure
    assert (night["first_departure"], night["last_departure"]) == (22 * 60, 25 * 60 + 30)


def test_a_shape_is_drawn_in_the_order_of_its_numbers_and_stops_are_joined_where_there_is_none(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    full = route(frames, "L1", "0-").iloc[0]
    np.testing.assert_allclose(full["path"], [[113.08, 22.6], [113.09, 22.602], [113.1, 22.6]])
    back = route(frames, "L1", "1-").iloc[0]
    np.testing.assert_allclose(back["path"], [[113.1, 22.6], [113.09, 22.6], [113.08, 22.6]])
    assert any("no shape" in str(note) for note in frames.notes)


def test_length_and_speed_come_from_the_path_and_the_timetable(feed):
    full = route(read_network(feed(), "gtfs", "wgs84"), "L1", "0-").iloc[0]
    metres = GEOD.line_length([113.08, 113.09, 113.1], [22.6, 22.602, 22.6])
    assert full["length_m"] == pytest.approx(metres)
    assert full["speed_kmh"] == pytest.approx(metres / 1000 / (12 / 60))
    assert not full["schedule_estimated"]


def test_buses_are_the_trips_under_way_at_once(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    # 07:00 and 07:05 overlap; the way back at 07:30 and the others stand alone.
    assert list(frames.lines["buses"]) == [2, 1]


def test_a_bus_that_arrives_may_leave_again_the_same_minute():
    needed = buses_needed(np.array([0, 0, 1]), np.array([0.0, 30.0, 0.0]), np.array([30.0, 30.0, 5.0]), 3)
    assert list(needed) == [1, 1, 0]


def test_every_stop_of_a_bus_is_kept_and_stations_and_piers_are_not(feed):
    frames = read_network(feed(), "gtfs", "wgs84")
    assert list(frames.stops["code"]) == ["A", "B", "C", "D", "E", "F"]
    assert frames.stops["name"].iat[0] == "东门"
    assert any("rail, ferry" in str(note) for note in frames.notes)


def test_a_missing_direction_is_read_off_the_ends(feed):
    text = {"trips.txt": ("L1,WD,back,1,", "L1,WD,back,,")}
    frames = read_network(feed(replace=text), "gtfs", "wgs84")
    assert list(route(frames, "L1", "x-")["direction"]) == [1]


def test_a_zip_with_everything_in_a_folder_reads_the_same(feed):
    folder, archive = read_network(feed(), "gtfs", "wgs84"), read_network(feed(zipped=True), "gtfs", "wgs84")
    assert folder.routes.drop(columns="path").equals(archive.routes.drop(columns="path"))
    assert folder.stops.equals(archive.stops)
    assert folder.sha256 != archive.sha256


def test_calendar_dates_alone_are_a_calendar(feed):
    dates = "service_id,date,exception_type\n" + "".join(f"WD,202609{day:02d},1\n" for day in (7, 8, 9))
    only = feed(files={"calendar.txt": None, "calendar_dates.txt": dates + "SA,20260912,1\n"})
    frames = read_network(only, "gtfs", "wgs84")
    assert route(frames, "L1", "0-")["trips_per_day"].max() == 3


def test_an_empty_calendar_dates_file_is_no_fault(feed):
    frames = read_network(feed(files={"calendar_dates.txt": ""}), "gtfs", "wgs84")
    assert route(frames, "L1", "0-")["trips_per_day"].max() == 3


def test_a_code_stays_when_other_trips_are_added(feed):
    before = read_network(feed("before"), "gtfs", "wgs84")
    more = feed(
        "after",
        replace={
            "trips.txt": ("L1,WD,t1,0,s1\n", "L1,WD,t0,0,s1\nL1,WD,t1,0,s1\n"),
            "stop_times.txt": ("t1,07:00:00", "t0,06:00:00,06:00:00,A,1\nt0,06:06:00,06:06:00,C,2\nt1,07:00:00"),
        },
    )
    after = read_network(more, "gtfs", "wgs84")
    assert set(before.routes["code"]) < set(after.routes["code"])


def test_coordinates_are_converted_from_the_system_that_was_named(feed):
    from geo.core.coordinates import wgs84_to_bd09

    plain = read_network(feed(), "gtfs", "wgs84")
    moved = read_network(feed(), "gtfs", "bd09")
    lon, lat = wgs84_to_bd09(moved.stops["lon"].to_numpy(), moved.stops["lat"].to_numpy())
    np.testing.assert_allclose(lon, plain.stops["lon"], atol=1e-6)
    np.testing.assert_allclose(lat, plain.stops["lat"], atol=1e-6)
    shift = GEOD.inv(moved.stops["lon"], moved.stops["lat"], plain.stops["lon"], plain.stops["lat"])[2]
    assert (shift > 400).all()
    first = route(moved, "L1", "0-").iloc[0]["path"][0]
    assert GEOD.inv(*first, moved.stops["lon"].iat[0], moved.stops["lat"].iat[0])[2] < 1


def test_metres_of_an_epsg_system_become_degrees(feed):
    from pyproj import Transformer

    transformer = Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True)
    rows = []
    for code, lon, lat in (("A", 113.08, 22.6), ("B", 113.09, 22.6), ("C", 113.1, 22.6), ("D", 113.1, 22.61)):
        x, y = transformer.transform(lon, lat)
        rows.append(f"{code},{code},{y:.3f},{x:.3f},0\n")
    stops = "stop_id,stop_name,stop_lat,stop_lon,location_type\n" + "".join(rows)
    replace = {"stop_times.txt": ("22:20:00,22:20:00,E,3\n", "22:20:00,22:20:00,D,3\n")}
    files = {"stops.txt": stops + "P,P,1,1,0\nQ,Q,1,1,0\n", "shapes.txt": None}
    frames = read_network(feed(replace=replace, files=files), "gtfs", "epsg:32649")
    assert list(frames.stops["code"]) == ["A", "B", "C", "D"]
    np.testing.assert_allclose(frames.stops["lon"], [113.08, 113.09, 113.1, 113.1], atol=1e-7)
    np.testing.assert_allclose(frames.stops["lat"], [22.6, 22.6, 22.6, 22.61], atol=1e-7)
