"""The Macau, CPTOND and GeoJSON layouts, and boundaries."""

import json

import numpy as np
import pandas as pd
import pytest

from geo.core.records import CATEGORIES as CORE_CATEGORIES
from geo.sources import read_boundary, read_network
from geo.sources.frames import CATEGORIES
from geo.sources.generated import FARTHEST_M, generate_hotspots
from geo.sources.plausible import guess_system
from trust.errors import InputError

SQUARE = [[[113.0, 22.5], [113.2, 22.5], [113.2, 22.7], [113.0, 22.7], [113.0, 22.5]]]


def save(folder, name, value):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def found_in(path, layout, system="wgs84"):
    with pytest.raises(InputError) as caught:
        read_network(path, layout, system)
    return {(problem.file, problem.row, problem.field) for problem in caught.value.problems}


# -- Macau ---------------------------------------------------------------------------------------------------------


def macau_route(**changes):
    return {
        "id": "1",
        "name": "1",
        "nameCn": "關閘 - 媽閣",
        "stopsForward": ["M1", "M2", "M1"],
        "stopsBackward": [],
        "geometry": feature("LineString", [[113.54, 22.2], [113.55, 22.21], [113.54, 22.2]]),
        "frequency": 10,
        "serviceHoursStart": 6,
        "serviceHoursEnd": 20,
        "routeType": "circular",
        **changes,
    }


STOPS = [
    {"id": "M1", "name": "M1", "nameCn": "關閘", "coordinates": [113.54, 22.2], "routeIds": ["1"]},
    {"id": "M2", "name": "M2", "nameCn": "媽閣", "coordinates": [113.55, 22.21], "routeIds": ["1"]},
]


def macau(tmp_path, routes, stops=STOPS):
    save(tmp_path / "m", "bus-routes.json", routes)
    save(tmp_path / "m", "bus-stops.json", stops)
    return tmp_path / "m"


def test_macau_headway_and_hours_become_trips(tmp_path):
    frames = read_network(macau(tmp_path, [macau_route()]), "macau", "wgs84")
    (row,) = frames.routes.to_dict("records")
    assert row["trips_per_day"] == 14 * 60 / 10 + 1
    assert (row["first_departure"], row["last_departure"], row["direction"]) == (360, 1200, 2)
    assert list(frames.calls["stop"]) == ["M1", "M2", "M1"]
    assert list(frames.stops["name"]) == ["關閘", "媽閣"]


def test_macau_night_buses_run_past_midnight(tmp_path):
    frames = read_network(macau(tmp_path, [macau_route(serviceHoursStart=18, serviceHoursEnd=6)]), "macau", "wgs84")
    assert frames.routes["last_departure"].iat[0] == 30 * 60


def test_macau_way_back_is_a_route_of_the_same_line(tmp_path):
    route = macau_route(stopsForward=["M1", "M2"], stopsBackward=["M2", "M1"], routeType="bidirectional")
    frames = read_network(macau(tmp_path, [route]), "macau", "wgs84")
    assert list(frames.routes["line"]) == ["1", "1"]
    assert list(frames.routes["direction"]) == [0, 1]
    np.testing.assert_allclose(frames.routes["path"].iat[1], [[113.55, 22.21], [113.54, 22.2]])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stopsForward": ["M1", "M9"]}, "stopsForward"),
        ({"stopsForward": ["M1"]}, "stopsForward"),
        ({"stopsForward": 5}, "stopsForward"),
        ({"frequency": 0}, "frequency"),
        ({"frequency": "often"}, "frequency"),
        ({"serviceHoursStart": 31}, "serviceHoursStart"),
        ({"serviceHoursEnd": None}, "serviceHoursEnd"),
        ({"id": None}, "id"),
        ({"id": "1A"}, "id"),
        ({"geometry": feature("Point", [113.5, 22.2])}, "geometry"),
        ({"geometry": feature("LineString", [[113.5, 22.2]])}, "coordinates"),
        ({"geometry": feature("LineString", [[113.5, 222.2], [113.5, 22.2]])}, "coordinates"),
    ],
)
def test_macau_faults_are_named_by_number_and_field(tmp_path, changes, field):
    path = macau(tmp_path, [macau_route(id="1A"), macau_route(**changes)])
    assert ("bus-routes.json", 2, field) in found_in(path, "macau")


def test_macau_stops_are_checked_too(tmp_path):
    stops = [*STOPS, {"id": "M2", "coordinates": "here"}, "M3"]
    found = found_in(macau(tmp_path, [macau_route()], stops), "macau")
    assert ("bus-stops.json", 4, "-") in found
    stops = [*STOPS, {"id": "M2", "coordinates": "here"}]
    found = found_in(macau(tmp_path, [macau_route()], stops), "macau")
    assert {("bus-stops.json", 3, "id"), ("bus-stops.json", 3, "coordinates")} <= found


def test_macau_needs_both_files(tmp_path):
    save(tmp_path / "m", "bus-routes.json", [macau_route()])
    assert ("m", 0, "stop") in found_in(tmp_path / "m", "macau")


# -- CPTOND --------------------------------------------------------------------------------------------------------


def cptond_route(name="5路(东门--西门)", coordinates=((113.08, 22.6), (113.1, 22.6)), **changes):
    _line, _bracket, way = name.rstrip(")").partition("(")
    start, _dash, end = way.partition("--")
    properties = {
        "route_cn": name,
        "s_stop_cn": start,
        "e_stop_cn": end,
        "start_time": "0630",
        "end_time": "2130",
        "loop": "0",
        "status": "1",
        "route_type": [],
        **changes,
    }
    return feature("LineString", [list(point) for point in coordinates], **properties)


def test_cptond_both_ways_share_the_line_and_its_end_stops(tmp_path):
    there = cptond_route()
    back = cptond_route("5路(西门--东门)", ((113.1, 22.6), (113.08, 22.6)))
    frames = read_network(save(tmp_path / "c", "c.geojson", collection(there, back)), "cptond", "wgs84")
    assert list(frames.lines["code"]) == ["5路"]
    assert list(frames.routes["direction"]) == [0, 1]
    assert list(frames.routes["first_departure"]) == [390, 390]
    assert list(frames.stops["name"]) == ["东门", "西门"]
    assert frames.routes["trips_per_day"].iat[0] == 15 * 60 / 15 + 1
    assert frames.routes["schedule_estimated"].all()


def test_cptond_lines_out_of_service_have_no_trips(tmp_path):
    path = save(tmp_path / "c", "c.geojson", collection(cptond_route(status="0", start_time="", end_time="")))
    frames = read_network(path, "cptond", "wgs84")
    assert frames.routes["trips_per_day"].iat[0] == 0
    assert np.isnan(frames.routes["first_departure"].iat[0])
    assert any("not running" in str(note) for note in frames.notes)


def test_cptond_brackets_inside_a_name_stay_with_the_stop(tmp_path):
    path = save(
        tmp_path / "c", "c.geojson", collection(cptond_route("15号线(镇政府--中学(南门))", s_stop_cn="", e_stop_cn=""))
    )
    frames = read_network(path, "cptond", "wgs84")
    assert frames.lines["code"].iat[0] == "15号线"
    assert list(frames.stops["name"]) == ["镇政府", "中学(南门)"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_time": "early"}, "start_time"),
        ({"end_time": "0675"}, "end_time"),
        ({"route_cn": ""}, "route_cn"),
        ({"route_cn": "6路", "s_stop_cn": ""}, "s_stop_cn"),
        ({"route_cn": "5路(东门--西门)"}, "route_cn"),
        ({"coordinates": ((113.08, 22.6),)}, "coordinates"),
        ({"coordinates": ((113.08, 122.6), (113.1, 22.6))}, "coordinates"),
    ],
)
def test_cptond_faults_are_named_by_number_and_field(tmp_path, changes, field):
    path = save(
        tmp_path / "c", "c.geojson", collection(cptond_route(), cptond_route(**{"name": "6路(甲--乙)", **changes}))
    )
    assert ("c.geojson", 2, field) in found_in(path, "cptond")


# -- GeoJSON -------------------------------------------------------------------------------------------------------

LINE = [[113.08, 22.6], [113.09, 22.6], [113.1, 22.6]]


def test_geojson_lines_and_points_are_routes_and_stops(tmp_path):
    value = collection(
        feature(
            "LineString", LINE, line="1路", name="东门—西门", trips_per_day=40, speed_kmh=16, buses=4, stops=["B", "A"]
        ),
        feature("LineString", LINE[::-1], line="1路", direction="下行", headway_minutes=20),
        feature("Point", [113.09, 22.6], code="B", name="中街"),
        feature("Point", [113.08, 22.6], code="A", name="东门"),
        feature("Point", [113.095, 22.61], code="C", name="远处"),
    )
    frames = read_network(save(tmp_path / "g", "g.geojson", value), "geojson", "wgs84")
    assert frames.lines.to_dict("records") == [{"code": "1路", "name": "1路", "buses": 4.0, "buses_estimated": False}]
    assert list(frames.routes["code"]) == ["0-1", "1-1"]
    assert list(frames.routes["trips_per_day"]) == [40, 12.5 * 60 // 20 + 1]
    assert list(frames.routes["schedule_estimated"]) == [False, True]
    first, second = (frames.calls[frames.calls["route"] == code]["stop"] for code in ("0-1", "1-1"))
    assert list(first) == ["B", "A"]  # as listed
    assert list(second) == ["B", "A"]  # those within 30 m, in driving order


def test_geojson_points_may_name_their_lines(tmp_path):
    value = [
        feature("LineString", LINE, line="1"),
        feature("LineString", [[113.08, 22.7], [113.1, 22.7]], line="2"),
        feature("Point", [113.095, 22.601], name="甲", lines=["1"]),
        feature("Point", [113.085, 22.601], name="乙", lines="1; 2"),
    ]
    frames = read_network(save(tmp_path / "g", "g.json", value), "geojson", "wgs84")
    names = dict(zip(frames.stops["code"], frames.stops["name"], strict=True))
    calls = [(row.line, names[row.stop]) for row in frames.calls.itertuples()]
    assert calls == [("1", "乙"), ("1", "甲"), ("2", "乙")]


@pytest.mark.parametrize(
    "value",
    [
        feature("LineString", LINE, line="1"),
        [feature("LineString", LINE, line="1")],
        collection(feature("LineString", LINE, line="1")),
        collection(feature("MultiLineString", [LINE[:2], LINE[:0:-1]], line="1")),
        collection(feature("LineString", [[*point, 12.5] for point in LINE], line="1")),
    ],
)
def test_geojson_in_any_wrapping_is_the_same_network(tmp_path, value):
    frames = read_network(save(tmp_path / "g", "g.geojson", value), "geojson", "wgs84")
    np.testing.assert_allclose(frames.routes["path"].iat[0], LINE)
    assert any("no stops" in str(note) for note in frames.notes)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (feature("LineString", LINE), "line"),
        (feature("Polygon", SQUARE, line="1"), "geometry"),
        (feature("LineString", [[113, 22], [113]], line="1"), "coordinates"),
        (feature("LineString", [[113, 22], ["x", 22]], line="1"), "coordinates"),
        (feature("MultiLineString", [LINE, [[113.5, 22.6], [113.6, 22.6]]], line="1"), "geometry"),
        (feature("LineString", LINE, line="1", direction="up"), "direction"),
        (feature("LineString", LINE, line="1", trips_per_day=-1), "trips_per_day"),
        (feature("LineString", LINE, line="1", headway_minutes="x"), "headway_minutes"),
        (feature("LineString", LINE, line="1", stops=["Z"]), "stops"),
        (feature("LineString", LINE, line="1", code="same"), "code"),
        ({"type": "Feature", "properties": {"line": "1"}, "geometry": None}, "geometry"),
    ],
)
def test_geojson_faults_are_named_by_number_and_field(tmp_path, wrong, field):
    path = save(tmp_path / "g", "g.geojson", collection(feature("LineString", LINE, line="1", code="same"), wrong))
    assert ("g.geojson", 2, field) in found_in(path, "geojson")


@pytest.mark.parametrize(
    ("text", "row"), [("{", 1), ('{"type": "FeatureCollection",\n"features": [}', 2), ("[]", 0), ("5", 0), ("", 1)]
)
def test_geojson_that_is_none_is_named_by_line(tmp_path, text, row):
    path = save(tmp_path / "g", "g.geojson", text)
    assert any(found[:2] == ("g.geojson", row) for found in found_in(path, "geojson"))


# -- boundaries and plausibility -----------------------------------------------------------------------------------


def test_a_boundary_is_chosen_by_a_property(tmp_path):
    other = feature("Polygon", [[[1, 1], [2, 1], [2, 2], [1, 1]]], gb="2")
    path = save(tmp_path / "b", "b.geojson", collection(feature("Polygon", SQUARE, gb="1", name="甲区"), other))
    boundary = read_boundary(path, "wgs84", ("gb", "1"))
    assert boundary.geometry["type"] == "Polygon"
    assert boundary.properties["name"] == "甲区"
    with pytest.raises(InputError):
        read_boundary(path, "wgs84")
    with pytest.raises(InputError):
        read_boundary(path, "wgs84", ("gb", "3"))


def test_a_boundary_whose_rings_cross_is_refused(tmp_path):
    bow = [[[113.0, 22.5], [113.2, 22.7], [113.2, 22.5], [113.0, 22.7], [113.0, 22.5]]]
    with pytest.raises(InputError, match="Self-intersection"):
        read_boundary(save(tmp_path / "b", "b.geojson", feature("Polygon", bow)), "wgs84")


def test_the_system_that_puts_more_places_inside_is_named():
    from geo.core.coordinates import to_wgs84, wgs84_to_bd09

    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(113.0, 113.05, 500), rng.uniform(22.5, 22.55, 500)
    outline = {
        "type": "Polygon",
        "coordinates": [[[113, 22.5], [113.05, 22.5], [113.05, 22.55], [113, 22.55], [113, 22.5]]],
    }
    file_lon, file_lat = wgs84_to_bd09(lon, lat)
    assert guess_system(*to_wgs84(file_lon, file_lat, "wgs84"), "wgs84", outline).best == "bd09"
    assert guess_system(*to_wgs84(file_lon, file_lat, "bd09"), "bd09", outline).best == "bd09"


def test_generated_hotspots_say_so_and_are_the_same_every_time():
    stops = pd.DataFrame(
        {"code": [f"S{i}" for i in range(300)], "name": "站", "lon": 113.5, "lat": 22.2 + np.arange(300) / 1e4}
    )
    frame, again = generate_hotspots(stops).hotspots, generate_hotspots(stops).hotspots
    assert frame.equals(again)
    assert 60 < len(frame) < 140
    assert frame["name"].str.startswith("示例").all()
    assert set(frame["basis"]) == {"sample"}
    kept = generate_hotspots(stops.iloc[:150]).hotspots
    assert frame.iloc[: len(kept)].equals(kept)
    merged = frame.assign(stop=frame["code"].str.removeprefix("sample-")).merge(stops, left_on="stop", right_on="code")
    away = np.hypot((merged["lon_x"] - 113.5) * 103000, (merged["lat_x"] - merged["lat_y"]) * 111320)
    assert away.max() < FARTHEST_M * 1.01
    assert set(frame["category"]) <= set(CATEGORIES)


def test_there_is_one_list_of_categories():
    from geo.models import Category

    assert tuple(Category.values) == CATEGORIES == CORE_CATEGORIES
