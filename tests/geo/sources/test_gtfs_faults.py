"""Every fault of a feed is named by file, row and field, all of them at once."""

import pytest

from geo.sources import read_network
from trust.errors import InputError

STOPS, TIMES, TRIPS = "stops.txt", "stop_times.txt", "trips.txt"

# Name: what is changed in the feed, and the problem expected: file, row, field, part of what was found.
FAULTS = {
    "a latitude that is a word": ({"replace": {STOPS: ("22.610000", "north")}}, (STOPS, 5, "stop_lat", "north")),
    "an empty longitude": ({"replace": {STOPS: (",113.090000", ",")}}, (STOPS, 3, "stop_lon", "")),
    "latitude and longitude swapped": (
        {"replace": {STOPS: ("22.600000,113.080000", "113.080000,22.600000")}},
        (STOPS, 2, "stop_lat", "113.080000"),
    ),
    "a stop at 0, 0": (
        {"replace": {STOPS: ("22.620000,113.100000", "0,0")}},
        (STOPS, 6, "stop_lon, stop_lat", "0, 0"),
    ),
    "a stop twice": ({"replace": {STOPS: ("B,中街", "A,中街")}}, (STOPS, 3, "stop_id", "A")),
    "a trip twice": ({"replace": {TRIPS: ("WD,t2", "WD,t1")}}, (TRIPS, 3, "trip_id", "t1")),
    "a trip of no route": ({"replace": {TRIPS: ("L2,WD", "L7,WD")}}, (TRIPS, 8, "route_id", "L7")),
    "a trip of no service": ({"replace": {TRIPS: ("L2,WD", "L2,SU")}}, (TRIPS, 8, "service_id", "SU")),
    "a direction of 5": ({"replace": {TRIPS: ("back,1", "back,5")}}, (TRIPS, 6, "direction_id", "5")),
    "a call at no stop": ({"replace": {TIMES: (",D,2", ",Z,2")}}, (TIMES, 20, "stop_id", "Z")),
    "a call of no trip": ({"replace": {TIMES: ("short,10:00", "long,10:00")}}, (TIMES, 11, "trip_id", "long")),
    "a time that is none": (
        {"replace": {TIMES: ("7:36:00,7:36:00", "soon,soon")}},
        (TIMES, 14, "arrival_time", "soon"),
    ),
    "a minute above 59": (
        {"replace": {TIMES: ("22:10:00,22:10:00", "22:70:00,22:70:00")}},
        (TIMES, 20, "departure_time", "22:70:00"),
    ),
    "a time that goes back": (
        {"replace": {TIMES: ("07:12:00,07:12:00", "06:12:00,06:12:00")}},
        (TIMES, 4, "arrival_time", "06:12:00"),
    ),
    "no time at the first stop": (
        {"replace": {TIMES: ("short,10:00:00,10:00:00", "short,,")}},
        (TIMES, 11, "departure_time", ""),
    ),
    "a sequence number twice": ({"replace": {TIMES: (",B,20", ",B,10")}}, (TIMES, 9, "stop_sequence", "10")),
    "a sequence that is no number": (
        {"replace": {TIMES: (",B,20", ",B,second")}},
        (TIMES, 9, "stop_sequence", "second"),
    ),
    "a row cut short": ({"replace": {TIMES: ("t1,07:12:00,07:12:00,C,3", "t1,07:1")}}, (TIMES, 4, "-", "2")),
    "an open quotation mark": ({"replace": {STOPS: ("E,山脚", 'E,"山脚')}}, (STOPS, 10, "-", "unexpected end")),
    "a required column missing": ({"replace": {STOPS: ("stop_lat", "latitude")}}, (STOPS, 1, "stop_lat", "")),
    "a column name twice": ({"replace": {STOPS: ("stop_name", "stop_id")}}, (STOPS, 1, "stop_id", "")),
    "a required file missing": ({"files": {TIMES: None}}, ("feed", 0, TIMES, "")),
    "no calendar at all": (
        {"files": {"calendar.txt": None, "calendar_dates.txt": None}},
        ("feed", 0, "calendar.txt", ""),
    ),
    "an empty required file": ({"files": {"routes.txt": ""}}, ("routes.txt", 1, "-", "")),
    "a picture instead of text": (
        {"files": {"routes.txt": b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x00"}},
        ("routes.txt", 0, "-", "PNG"),
    ),
    "the thirtieth of February": (
        {"replace": {"calendar.txt": ("20260901", "20260230")}},
        ("calendar.txt", 2, "start_date", "20260230"),
    ),
    "a calendar that ends before it begins": (
        {"replace": {"calendar.txt": ("20260901,20261231", "20261231,20260901")}},
        ("calendar.txt", 2, "end_date", "20260901"),
    ),
    "a weekday that is yes": (
        {"replace": {"calendar.txt": ("WD,1", "WD,yes")}},
        ("calendar.txt", 2, "monday", "yes"),
    ),
    "an exception of kind 3": (
        {"replace": {"calendar_dates.txt": ("20261001,2", "20261001,3")}},
        ("calendar_dates.txt", 2, "exception_type", "3"),
    ),
    "a headway of nothing": (
        {"replace": {"frequencies.txt": ("1800", "0")}},
        ("frequencies.txt", 2, "headway_secs", "0"),
    ),
    "a span that ends before it begins": (
        {"replace": {"frequencies.txt": ("26:00:00", "02:00:00")}},
        ("frequencies.txt", 2, "end_time", "02:00:00"),
    ),
    "a shape point off the globe": (
        {"replace": {"shapes.txt": ("22.602000", "222.602")}},
        ("shapes.txt", 4, "shape_pt_lat", "222.602"),
    ),
    "no bus among the routes": (
        {"files": {"routes.txt": "route_id,route_type\nL1,4\nL2,2\nFERRY,4\n"}},
        ("routes.txt", 0, "route_type", "2, 4"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_file_row_and_field(feed, name):
    changes, (file, row, field, found) = FAULTS[name]
    with pytest.raises(InputError) as caught:
        read_network(feed(**changes), "gtfs", "wgs84")
    problems = caught.value.problems
    matching = [problem for problem in problems if (problem.file, problem.row, problem.field) == (file, row, field)]
    assert matching, f"{file}:{row}:{field} is not among\n{caught.value}"
    assert found in matching[0].found
    assert matching[0].expected


def test_all_faults_of_a_feed_come_at_once(feed):
    broken = feed(
        replace={
            STOPS: ("22.610000", "north"),
            TIMES: (",B,20", ",B,second"),
            "calendar.txt": ("20260901", "20260230"),
            "frequencies.txt": ("1800", "0"),
        }
    )
    with pytest.raises(InputError) as caught:
        read_network(broken, "gtfs", "wgs84")
    assert {problem.file for problem in caught.value.problems} == {
        STOPS,
        TIMES,
        "calendar.txt",
        "frequencies.txt",
    }


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(InputError, match=r"feed\.zip"):
        read_network(path, "gtfs", "wgs84")


def test_a_damaged_zip_is_refused(feed):
    path = feed(zipped=True)
    data = bytearray(path.read_bytes())
    at = data.find(b"stop_id,stop_name")
    data[at : at + 10] = b"XXXXXXXXXX"
    path.write_bytes(bytes(data))
    with pytest.raises(InputError) as caught:
        read_network(path, "gtfs", "wgs84")
    assert caught.value.problems[0].file == STOPS


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"absent\.zip"):
        read_network(tmp_path / "absent.zip", "gtfs", "wgs84")


@pytest.mark.parametrize("system", ["", "gps", "epsg:abc", "EPSG 4326", "epsg:99999"])
def test_an_unknown_coordinate_system_is_refused(feed, system):
    with pytest.raises(InputError) as caught:
        read_network(feed(), "gtfs", system)
    assert caught.value.problems[0].field == "system"
