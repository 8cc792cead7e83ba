"""The sample area: plainly made up, inside its outline, drawn along its own roads, loaded once however often asked."""

import csv
import importlib.util
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.core.coordinates import Projection
from geo.examples import SAMPLE, pengjiang
from geo.models import Area, BaseLayer, Hotspot, Line, Route, RouteStop, Source, Stop
from geo.sources import read_network

ROOT = Path(__file__).resolve().parents[2]
STREETS = {"白沙街道", "环市街道", "潮连街道", "棠下镇", "荷塘镇", "杜阮镇"}


def load(name):
    return json.loads((SAMPLE / name).read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def outline():
    return shapely.from_geojson(json.dumps(load("boundary.geojson")[0]["geometry"]))


@pytest.fixture(scope="module")
def network():
    features = load("network.geojson")
    return (
        [f for f in features if f["geometry"]["type"] == "LineString"],
        {f["properties"]["code"]: f for f in features if f["geometry"]["type"] == "Point"},
    )


@pytest.fixture(scope="module")
def places():
    with (SAMPLE / "hotspots.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def metres(outline):
    """Geometry in degrees → in metres."""
    west, south, east, north = outline.bounds
    projection = Projection.around(np.array([west, east]), np.array([south, north]))

    def move(geometry):
        shape = shapely.from_geojson(json.dumps(geometry))
        return shapely.transform(shape, lambda xy: np.column_stack(projection.forward(xy[:, 0], xy[:, 1])))

    return move


def test_every_place_lies_inside_the_outline(outline, places):
    outside = [p["name"] for p in places if not outline.contains(shapely.Point(float(p["lon"]), float(p["lat"])))]
    assert outside == []


def test_no_place_stands_in_the_water(places):
    water = shapely.union_all([shapely.from_geojson(json.dumps(f["geometry"])) for f in load("base/water.geojson")])
    assert [p["name"] for p in places if water.contains(shapely.Point(float(p["lon"]), float(p["lat"])))] == []


def test_stops_and_ways_of_the_buses_lie_inside_the_outline(outline, network):
    routes, stops = network
    assert [c for c, f in stops.items() if not outline.contains(shapely.Point(f["geometry"]["coordinates"]))] == []
    ways = [shapely.LineString(route["geometry"]["coordinates"]) for route in routes]
    assert all(outline.contains(way) for way in ways)


def test_codes_are_unique(network, places):
    routes, stops = network
    assert max(Counter(p["code"] for p in places).values()) == 1
    assert max(Counter((r["properties"]["line"], r["properties"]["code"]) for r in routes).values()) == 1
    assert len(stops) == sum(f["geometry"]["type"] == "Point" for f in load("network.geojson"))


def test_everything_invented_says_that_it_is(network, places):
    routes, stops = network
    assert all(route["properties"]["line_name"].startswith("示例") for route in routes)
    assert all(stop["properties"]["name"].startswith("示例") for stop in stops.values())
    assert {place["basis"] for place in places} == {"sample"}


def test_villages_and_communities_bear_their_real_names_and_codes(places):
    with (SAMPLE / "divisions.csv").open(encoding="utf-8", newline="") as handle:
        official = {row["code"]: (row["name"], row["street"]) for row in csv.DictReader(handle)}
    villages = [place for place in places if place["category"] == "village"]
    assert len(villages) >= 80
    assert all(official[place["code"]] == (place["name"], place["street"]) for place in villages)
    assert {place["street"] for place in places} == STREETS


def test_every_category_that_the_map_shows_occurs(places):
    assert {"government", "school", "park", "mall", "village"} <= {place["category"] for place in places}


def test_a_stop_stands_within_60_m_of_each_way_that_calls_there_and_in_driving_order(network, metres):
    routes, stops = network
    for route in routes:
        way = metres(route["geometry"])
        at = [metres(stops[code]["geometry"]) for code in route["properties"]["stops"]]
        assert max(way.distance(stop) for stop in at) < 60, route["properties"]["line_name"]
        along = [way.project(stop) for stop in at]
        # A loop's first stop is also its end, so it may project there.
        assert along[1:] == sorted(along[1:]), route["properties"]["line_name"]


def test_every_line_runs_both_ways_over_the_same_road(network):
    routes, _stops = network
    ways = {(r["properties"]["line"], r["properties"]["direction"]): r["geometry"]["coordinates"] for r in routes}
    lines = {line for line, _direction in ways}
    assert 10 <= len(lines) <= 15
    assert all(ways[line, 0] == ways[line, 1][::-1] for line in lines)


def test_buses_keep_to_drawn_roads_and_cross_water_only_by_bridges(network, metres):
    routes, _stops = network
    roads = [metres(f["geometry"]) for f in load("base/road.geojson") if f["properties"]["class"] < 3]
    corridor = shapely.union_all(roads).buffer(25)
    for route in routes:
        way = metres(route["geometry"])
        assert way.difference(corridor).length < 1, route["properties"]["line_name"]


def test_the_base_map_covers_the_outline_and_stays_small(outline):
    land = shapely.from_geojson(json.dumps(load("base/land.geojson")[0]["geometry"]))
    assert land.contains(outline)
    assert {path.stem for path in (SAMPLE / "base").iterdir()} == {"land", "water", "green", "road", "label"}
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 1_500_000


def test_the_reader_takes_the_network_whole_and_estimates_nothing(network):
    routes, stops = network
    frames = read_network(SAMPLE / "network.geojson", "geojson", "wgs84")
    assert len(frames.routes) == len(routes)
    assert len(frames.stops) == len(stops)
    assert len(frames.calls) == sum(len(route["properties"]["stops"]) for route in routes)
    assert not frames.routes["schedule_estimated"].any()
    assert not frames.lines["buses_estimated"].any()


def test_the_files_are_what_the_script_makes_of_the_sketch(tmp_path, monkeypatch):
    for name in ("sketch.toml", "divisions.csv", "boundary.geojson"):
        shutil.copy(SAMPLE / name, tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("make_sample_area", ROOT / "scripts" / "make_sample_area.py")
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_sample_area", script)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    for path in sorted(tmp_path.rglob("*.geojson")):
        made, kept = (
            json.loads(path.read_text("utf-8")),
            json.loads((SAMPLE / path.relative_to(tmp_path)).read_text("utf-8")),
        )
        assert [f["properties"] for f in made["features"]] == [f["properties"] for f in kept["features"]], path.name
        for ours, theirs in zip(made["features"], kept["features"], strict=True):
            a, b = (shapely.from_geojson(json.dumps(f["geometry"])) for f in (ours, theirs))
            # Another processor may round the last digit (1e-5 degrees, a metre) the other way.
            assert shapely.hausdorff_distance(a, b) < 3e-5, (path.name, ours["properties"])
    assert (tmp_path / "hotspots.csv").read_text("utf-8").count("\n") == len(
        (SAMPLE / "hotspots.csv").read_text("utf-8").splitlines()
    )


@pytest.mark.django_db
def test_the_sample_area_is_loaded_with_everything_in_the_files(network, places):
    routes, stops = network
    area = pengjiang()
    assert area.is_sample
    assert "示例" in area.name
    assert area.map_review_number == ""
    assert area.population is None
    assert area.boundary["type"] == "MultiPolygon"
    assert Route.objects.filter(line__area=area).count() == len(routes)
    assert Stop.objects.filter(area=area).count() == len(stops)
    assert Hotspot.objects.filter(area=area, basis="sample").count() == len(places)
    assert set(BaseLayer.objects.filter(area=area).values_list("kind", flat=True)) == {
        "land",
        "water",
        "green",
        "road",
        "label",
    }
    assert set(Source.objects.filter(area=area).values_list("kind", flat=True)) == set(Source.Kind.values)
    first = Route.objects.get(line__area=area, line__code="S01", code="0")
    assert [c.stop.code for c in first.calls.order_by("sequence").select_related("stop")] == routes[0]["properties"][
        "stops"
    ]
    assert (first.first_departure, first.last_departure, first.trips_per_day) == (360, 1320, 96)


@pytest.mark.django_db
def test_loading_the_sample_area_again_changes_nothing():
    def state():
        tables = (Area, Line, Route, Stop, RouteStop, Hotspot, BaseLayer, Source)
        return [sorted(map(repr, model.objects.values_list())) for model in tables if model is not Source] + [
            sorted(Source.objects.values_list("pk", "kind", "file_name", "sha256"))
        ]

    pengjiang()
    before = state()
    pengjiang()
    assert state() == before
