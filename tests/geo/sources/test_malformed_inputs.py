"""Broken files of every kind are refused with file, field, what was found and what was expected; nothing crashes.

Each is made here from a good one, so that what is wrong can be read.
"""

import io
import json
import struct
import zipfile

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from shapely.geometry import Point

from geo.sources import read_boundary, read_hotspots, read_network
from geo.sources.base_map import read_base_map
from trust.errors import InputError

HEAD = "名称,类别,经度,纬度,日均人流\n"
GOOD = "一中,学校,113.08,22.6,900\n"


def points(*coordinates, **properties):
    given = {"name": "一中", "category": "school", "persons": 5, **properties}
    features = [
        {"type": "Feature", "properties": given, "geometry": {"type": "Point", "coordinates": list(place)}}
        for place in coordinates
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def line(coordinates, **properties):
    geometry = {"type": "LineString", "coordinates": coordinates}
    return json.dumps({"type": "Feature", "properties": {"line": "1", **properties}, "geometry": geometry})


def packed(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def workbook(*rows):
    book, buffer = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def bomb():
    """A cell of formulas that name each other, in a zip whose sheet is no XML."""
    return packed(
        **{"[Content_Types]__xml": "<Types/>", "xl/workbook__xml": "<workbook", "xl/worksheets/sheet1__xml": "<"}
    )


WAY = [[113.0, 22.5], [113.1, 22.5]]
RING = [[113.0, 22.5], [113.1, 22.5], [113.1, 22.6], [113.0, 22.5]]


def area(coordinates, kind="Polygon"):
    return json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}})


# Name: (file name, content, how it is read).
BROKEN = {
    "empty table": ("a.csv", "", "csv"),
    "head alone": ("a.csv", HEAD, "csv"),
    "head twice": ("a.csv", "名称,名称\n1,2\n", "csv"),
    "no head": ("a.csv", GOOD, "csv"),
    "open quote": ("a.csv", HEAD + '"一中,学校,113,22,9\n', "csv"),
    "too many cells": ("a.csv", HEAD + GOOD.replace("\n", ",1,2\n"), "csv"),
    "too few cells": ("a.csv", HEAD + "一中,学校\n", "csv"),
    "no text at all": ("a.csv", bytes(range(256)) * 3, "csv"),
    "cut utf-16": ("a.csv", (HEAD + GOOD).encode("utf-16")[:-1], "csv"),
    "nul bytes": ("a.csv", HEAD + "一\0中,学校,113,22,9\n", "csv"),
    "number in words": ("a.csv", HEAD + GOOD.replace("900", "九百"), "csv"),
    "infinite number": ("a.csv", HEAD + GOOD.replace("900", "inf"), "csv"),
    "negative number": ("a.csv", HEAD + GOOD.replace("900", "-1"), "csv"),
    "place unknown": ("a.csv", HEAD + GOOD.replace("113.08,22.6", "0,0"), "csv"),
    "place off the globe": ("a.csv", HEAD + GOOD.replace("22.6", "122.6"), "csv"),
    "axes exchanged": ("a.csv", HEAD + GOOD.replace("113.08,22.6", "22.6,113.08"), "csv"),
    "category unknown": ("a.csv", HEAD + GOOD.replace("学校", "月亮"), "csv"),
    "same place twice": ("a.csv", HEAD + GOOD + GOOD, "csv"),
    "no workbook": ("a.xlsx", b"PK\x03\x04 nothing", "csv"),
    "workbook of nothing": ("a.xlsx", workbook(), "csv"),
    "workbook of torn XML": ("a.xlsx", bomb(), "csv"),
    "workbook with an error cell": (
        "a.xlsx",
        workbook(HEAD.strip().split(","), ["一中", "学校", "#N/A", 22.6, 9]),
        "csv",
    ),
    "no JSON": ("a.geojson", "{", "geojson"),
    "JSON of depth": ("a.geojson", "[" * 50_000, "geojson"),
    "JSON of numbers": ("a.geojson", "[1, 2]", "geojson"),
    "features of nothing": ("a.geojson", '{"type": "FeatureCollection", "features": []}', "geojson"),
    "feature without geometry": ("a.geojson", '{"type": "Feature", "properties": {}, "geometry": null}', "geojson"),
    "coordinates in words": ("a.geojson", points(["east", "north"]), "geojson"),
    "coordinates of one": ("a.geojson", points([113]), "geojson"),
    "no zip": ("a.zip", b"PK nothing", "shapefile"),
    "zip of nothing": ("a.zip", packed(), "shapefile"),
    "zip with half a shapefile": ("a.zip", packed(a__shp=struct.pack(">i", 9994)), "shapefile"),
    "no geopackage": ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200, "geopackage"),
    "text as geopackage": ("a.gpkg", "<OGRVRTDataSource/>", "geopackage"),
    "line of one point": ("a.geojson", line([[113, 22]]), "network"),
    "line to nowhere": ("a.geojson", line([[113, 22], [0, 0]]), "network"),
    "time of no clock": ("a.geojson", line(WAY, first_departure="25时"), "network"),
    "profile of no day": ("a.geojson", line(WAY, trips_by_hour=[[1, 2]] * 24), "network"),
    "stop of nobody": ("a.geojson", line(WAY, stops=["X", "Y"]), "network"),
    "feed of nothing": ("a.zip", packed(), "gtfs"),
    "feed without trips": ("a.zip", packed(routes__txt="route_id,route_type\n1,3\n"), "gtfs"),
    "ring of two": ("a.geojson", area([RING[:2]]), "boundary"),
    "rings that cross": ("a.geojson", area([[[0, 1], [1, 2], [1, 1], [0, 2], [0, 1]]]), "boundary"),
    "boundary of a line": ("a.geojson", area(WAY, "LineString"), "boundary"),
    "lists of another length": (
        "a.csv",
        "linename,stationname,stationgeo\n1(a-b),\"['a', 'b']\",\"['113,22']\"\n",
        "shenzhen",
    ),
    "list that is a program": (
        "a.csv",
        'linename,stationname,stationgeo\n1(a-b),"exit()","[\'113,22\']"\n',
        "shenzhen",
    ),
    "base map of nothing": ("roads.geojson", '{"type": "FeatureCollection", "features": []}', "base"),
    "base map of no kind": ("a.geojson", points([113, 22]), "base"),
}


def read(path, how):
    if how in {"gtfs", "shenzhen", "macau", "table", "cptond"}:
        return read_network(path, how, "wgs84")
    if how == "network":
        return read_network(path, "geojson", "wgs84")
    if how == "boundary":
        return read_boundary(path, "wgs84")
    if how == "base":
        return read_base_map(path, "wgs84", {}, None)
    return read_hotspots(path, how, "wgs84")


def problems_of(path, how):
    """The problems with which a file is refused; None where it is taken. Anything but a refusal passes on."""
    try:
        read(path, how)
    except InputError as error:
        return error.problems
    return None


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_and_the_fault_is_named(tmp_path, name):
    file, content, how = BROKEN[name]
    path = tmp_path / file
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read(path, how)
    assert caught.value.total >= 1
    for problem in caught.value.problems:
        assert problem.file
        assert problem.field
        assert problem.expected
        assert problem.row >= 0
        assert len(problem.found) <= 80
        assert str(problem)


def test_there_are_at_least_thirty_of_them():
    assert len(BROKEN) >= 30
    assert len({content for _file, content, _how in BROKEN.values()}) >= 30


def test_a_folder_of_nothing_is_refused_in_every_layout(tmp_path):
    for how in ("gtfs", "macau", "network", "cptond", "geojson", "base"):
        with pytest.raises(InputError):
            read(tmp_path, how)


TORN = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet='名称类别经度纬度,;\t\n"0123456789.-一中学校', max_size=300).map(
        lambda text: (HEAD + text).encode()
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "line"]), inner)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(TORN, st.sampled_from(["csv", "table", "shenzhen", "gtfs", "geojson", "shapefile", "geopackage"]))
def test_no_bytes_crash_a_reader(tmp_path_factory, data, how):
    suffix = {"geojson": "geojson", "gtfs": "zip", "shapefile": "zip", "geopackage": "gpkg"}.get(how, "csv")
    path = tmp_path_factory.mktemp("torn") / f"a.{suffix}"
    path.write_bytes(data)
    assert problems_of(path, how) != []


@settings(deadline=None)
@given(JSON, st.sampled_from(["geojson", "network", "boundary", "cptond", "base"]))
def test_no_json_crashes_a_reader(tmp_path_factory, value, how):
    path = tmp_path_factory.mktemp("torn") / "roads.geojson"
    path.write_text(json.dumps(value))
    assert problems_of(path, how) != []


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(73.5, 134.5), st.floats(18.0, 53.5), st.integers(0, 10**6)),
        min_size=1,
        max_size=20,
        unique=True,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gbk", "utf-16"]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_table_is_read_as_it_was_written_whatever_its_encoding(tmp_path_factory, rows, encoding, delimiter):
    text = [delimiter.join(["编号", "类别", "经度", "纬度", "人流"])]
    text += [delimiter.join([f"场{i}", "学校", repr(x), repr(y), str(n)]) for i, (x, y, n) in enumerate(rows)]
    path = tmp_path_factory.mktemp("table") / "a.csv"
    path.write_bytes("\r\n".join(text).encode(encoding))
    found = read_hotspots(path, "csv", "wgs84").hotspots
    assert found["code"].tolist() == [f"场{i}" for i in range(len(rows))]
    assert found["persons_per_day"].tolist() == [n for _x, _y, n in rows]
    for (x, y, _n), lon, lat in zip(rows, found["lon"], found["lat"], strict=True):
        assert abs(lon - x) <= 1e-6
        assert abs(lat - y) <= 1e-6


def test_good_neighbours_of_the_broken_files_are_taken(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    assert len(read(path, "csv").hotspots) == 1
    path = tmp_path / "a.geojson"
    path.write_text(points([113, 22]), encoding="utf-8")
    assert len(read(path, "geojson").hotspots) == 1
    path.write_text(line(WAY), encoding="utf-8")
    assert len(read(path, "network").routes) == 1
    path.write_text(area([RING]), encoding="utf-8")
    assert read(path, "boundary").geometry["type"] == "Polygon"
    gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(113, 22)], crs=4326).to_file(tmp_path / "places.geojson")
    assert read(tmp_path / "places.geojson", "base").layers
