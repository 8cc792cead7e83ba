"""The base map: fewer and coarser things from farther away, never heavier than allowed, nothing outside the area."""

import json

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box, shape

from geo.sources import read_hotspots
from geo.sources.base_map import DETAILS, read_base_map
from trust.errors import InputError

osmium = pytest.importorskip("osmium", reason="the extra `osm` is not installed")
HERE = (113.0, 22.5, 113.2, 22.7)


def extract(tmp_path, name="town.osm.pbf"):
    """An invented town: a square of main road, a lane, a lake, a park, a village, a school."""
    path = tmp_path / name
    path.unlink(missing_ok=True)
    corners = [(113.05, 22.55), (113.15, 22.55), (113.15, 22.65), (113.05, 22.65)]
    lake = [(113.06, 22.56), (113.08, 22.56), (113.08, 22.58), (113.06, 22.58)]
    pond = [(113.1, 22.6), (113.1001, 22.6), (113.1001, 22.6001), (113.1, 22.6001)]
    school = [(113.12, 22.6), (113.121, 22.6), (113.121, 22.601), (113.12, 22.601)]
    nodes, ways, number = [], [], 1
    for places, tags, closed in (
        (corners, {"highway": "primary", "name": "环城路"}, True),
        ([(113.09, 22.59), (113.095, 22.59)], {"highway": "residential", "name": "小巷"}, False),
        ([(113.09, 22.61), (113.095, 22.61)], {"highway": "footway"}, False),
        ([(115.0, 22.61), (115.1, 22.61)], {"highway": "primary", "name": "远处"}, False),
        (lake, {"natural": "water", "name": "东湖"}, True),
        (pond, {"natural": "water"}, True),
        (school, {"amenity": "school", "name": "示例小学"}, True),
    ):
        first = number
        for place in places:
            nodes.append((number, place, {}))
            number += 1
        refs = [*range(first, number), *([first] if closed else [])]
        ways.append((len(ways) + 1, refs, tags))
    nodes.append((number, (113.07, 22.62), {"place": "village", "name": "李村"}))
    nodes.append((number + 1, (113.1, 22.62), {"place": "town", "name": "示例镇"}))
    nodes.append((number + 2, (113.11, 22.62), {"amenity": "hospital"}))
    with osmium.SimpleWriter(str(path)) as writer:
        for key, place, tags in nodes:
            writer.add_node(osmium.osm.mutable.Node(id=key, location=place, tags=tags))
        for key, refs, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=key, nodes=refs, tags=tags))
    return path


def names(base, kind, detail):
    return [f["properties"].get("name", "") for f in base.layers.get((kind, detail), [])]


@pytest.mark.parametrize("name", ["town.osm.pbf", "town.osm"])
def test_an_extract_becomes_layers_in_three_details(tmp_path, name):
    base = read_base_map(extract(tmp_path, name), "wgs84", {}, HERE)
    assert names(base, "road", 1) == ["环城路"]
    assert names(base, "road", 3) == ["环城路", "小巷"]
    assert names(base, "water", 1) == ["东湖"]
    assert len(base.layers["water", 3]) == 1  # the pond is too small even from near
    assert [names(base, "label", detail) for detail in (1, 2, 3)] == [
        ["示例镇"],
        ["示例镇", "李村"],
        ["示例镇", "李村"],
    ]
    assert "OpenStreetMap" in base.notes[0].message
    road = base.layers["road", 1][0]
    assert road["properties"]["class"] == 1
    assert shape(road["geometry"]).length == pytest.approx(0.4, abs=1e-3)


def test_nothing_outside_the_area_is_drawn(tmp_path):
    base = read_base_map(extract(tmp_path), "wgs84", {}, HERE)
    for features in base.layers.values():
        for feature in features:
            assert box(*HERE).buffer(1e-4).covers(shape(feature["geometry"]))
    with pytest.raises(InputError):
        read_base_map(extract(tmp_path), "wgs84", {}, (10.0, 50.0, 11.0, 51.0))


def test_a_layer_never_weighs_more_than_allowed_and_says_what_went(tmp_path):
    path = tmp_path / "roads.geojson"
    ways = [LineString([(113 + i * 1e-4, 22.6), (113 + i * 1e-4, 22.6 + (i + 1) * 1e-4)]) for i in range(400)]
    frame = gpd.GeoDataFrame({"class": [3] * 400, "name": [f"路{i}" for i in range(400)]}, geometry=ways, crs=4326)
    frame.to_file(path, driver="GeoJSON")
    base = read_base_map(path, "wgs84", {}, None, most_bytes=10_000)
    kept = base.layers["road", 3]
    assert 10 < len(kept) < 400
    assert sum(len(json.dumps(feature, ensure_ascii=False).encode()) for feature in kept) <= 10_000
    assert kept[0]["properties"]["name"] == "路399"  # the longest stays
    assert [dict(note.values)["n"] for note in base.notes] == [str(400 - len(kept))]


def test_layers_of_a_geopackage_are_told_by_their_names_or_named(tmp_path):
    path = tmp_path / "base.gpkg"
    lines = [LineString([(113.05, 22.6), (113.06, 22.6)])]
    gpd.GeoDataFrame({"fclass": ["primary"]}, geometry=lines, crs=4326).to_file(path, layer="gis_roads")
    pools = [box(113.05, 22.6, 113.07, 22.62)]
    gpd.GeoDataFrame({"name": ["东湖"]}, geometry=pools, crs=4326).to_file(path, layer="甲", mode="a")
    assert {kind for kind, _detail in read_base_map(path, "wgs84", {}, None).layers} == {"road"}
    base = read_base_map(path, "wgs84", {"甲": "water", "gis_roads": "road"}, None)
    assert {kind for kind, _detail in base.layers} == {"road", "water"}
    with pytest.raises(InputError):
        read_base_map(path, "wgs84", {"甲": "sky"}, None)
    with pytest.raises(InputError):
        read_base_map(path, "wgs84", {"乙": "road"}, None)


def test_coordinates_of_a_base_map_are_converted(tmp_path):
    path = tmp_path / "labels.geojson"
    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(113.05, 22.6)], crs=4326).to_file(path, driver="GeoJSON")
    moved = read_base_map(path, "gcj02", {}, None).layers["label", 3][0]["geometry"]["coordinates"]
    assert moved[0] == pytest.approx(113.0446, abs=5e-4)


@pytest.mark.parametrize("system", ["gcj02", "bd09", "epsg:4547"])
def test_openstreetmap_is_wgs84_whatever_is_answered(tmp_path, system):
    for read in (
        lambda: read_base_map(extract(tmp_path), system, {}, HERE),
        lambda: read_hotspots(extract(tmp_path), "osm", system),
    ):
        with pytest.raises(InputError) as caught:
            read()
        assert caught.value.problems[0].field == "system"


def test_places_of_an_extract_are_hotspots_by_tag(tmp_path):
    from geo.sources import Mapping
    from geo.sources.mapping import Each

    found = read_hotspots(extract(tmp_path), "osm", "wgs84")
    rows = {row.name: row for row in found.hotspots.itertuples()}
    assert (rows["示例小学"].category, rows["示例小学"].basis, rows["示例小学"].code) == ("school", "estimated", "w7")
    assert rows["示例小学"].lon == pytest.approx(113.1205, abs=1e-4)
    assert rows["李村"].code.startswith("n")
    assert rows[""].category == "hospital"
    assert any("assumed" in note.message for note in found.notes)
    mapping = Mapping(each=(Each("amenity=school", "school", 1234.0),))
    assert read_hotspots(extract(tmp_path), "osm", "wgs84", mapping).hotspots["persons_per_day"].tolist() == [1234.0]


@pytest.mark.parametrize("data", [b"", b"not a map", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\xff"])
def test_a_damaged_extract_is_refused(tmp_path, data):
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_hotspots(path, "osm", "wgs84")
    with pytest.raises(InputError):
        read_base_map(path, "wgs84", {}, None)


def test_without_the_extra_it_is_said_what_to_install(tmp_path, monkeypatch):
    import sys

    path = extract(tmp_path)
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(InputError) as caught:
        read_hotspots(path, "osm", "wgs84")
    assert "pip install osmium" in caught.value.problems[0].expected


def test_each_detail_shows_no_less_than_the_one_before():
    assert [detail.rank for detail in DETAILS] == [1, 2, 3]
    assert sorted((detail.tolerance_m for detail in DETAILS), reverse=True) == [d.tolerance_m for d in DETAILS]
