"""Shapefiles and GeoPackages: any encoding, one layer or a named one, never against what the file itself says."""

import json
import zipfile

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, Polygon

from geo.sources import read_boundary, read_hotspots, read_network
from trust.errors import InputError

PLACES = {"名称": ["一中", "区政府"], "类别": ["学校", "政府"], "人流": [2400, 900]}


def frame(crs=4326, **columns):
    data = columns or PLACES
    return gpd.GeoDataFrame(data, geometry=[Point(113.08, 22.6), Point(113.09, 22.61)], crs=4326).to_crs(crs)


def shapefile(tmp_path, encoding="UTF-8", **options):
    path = tmp_path / "places.shp"
    frame(**options).to_file(path, encoding=encoding)
    return path


def packed(tmp_path, path, folder=""):
    archive = tmp_path / "places.zip"
    with zipfile.ZipFile(archive, "w") as packing:
        for part in sorted(path.parent.glob(f"{path.stem}.*")):
            packing.write(part, f"{folder}{part.name}")
    return archive


def expected_of(path, *args, **options):
    with pytest.raises(InputError) as caught:
        read_hotspots(path, *args, **options)
    return caught.value.problems


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("with_cpg", [True, False])
def test_chinese_in_a_shapefile_is_read_whatever_its_encoding(tmp_path, encoding, with_cpg):
    path = shapefile(tmp_path, encoding)
    if not with_cpg:
        path.with_suffix(".cpg").unlink()
    found = read_hotspots(path, "shapefile", "wgs84").hotspots
    assert found[["name", "category", "persons_per_day"]].to_numpy().tolist() == [
        ["一中", "school", 2400.0],
        ["区政府", "government", 900.0],
    ]
    assert found[["lon", "lat"]].to_numpy().tolist() == [[113.08, 22.6], [113.09, 22.61]]


@pytest.mark.parametrize("folder", ["", "导出/2026/"])
def test_a_zip_with_a_shapefile_is_one(tmp_path, folder):
    archive = packed(tmp_path, shapefile(tmp_path), folder)
    assert read_hotspots(archive, "shapefile", "wgs84").hotspots["name"].tolist() == ["一中", "区政府"]


def test_the_fingerprint_of_a_shapefile_covers_its_attributes(tmp_path):
    path = shapefile(tmp_path)
    before = read_hotspots(path, "shapefile", "wgs84").sha256
    frame(**{**PLACES, "人流": [2400, 901]}).to_file(path, encoding="UTF-8")
    assert read_hotspots(path, "shapefile", "wgs84").sha256 != before


@pytest.mark.parametrize("lost", [".shx", ".dbf"])
def test_a_shapefile_that_lacks_a_part_is_named(tmp_path, lost):
    path = shapefile(tmp_path)
    path.with_suffix(lost).unlink()
    (problem,) = expected_of(path, "shapefile", "wgs84")
    assert (problem.file, problem.found) == ("places.shp", lost)


def test_of_several_layers_the_wanted_one_is_named(tmp_path):
    path = tmp_path / "places.gpkg"
    frame().to_file(path, layer="一月")
    frame(**{**PLACES, "人流": [1, 2]}).to_file(path, layer="二月", mode="a")
    (problem,) = expected_of(path, "geopackage", "wgs84")
    assert problem.field == "layer"
    assert "一月" in problem.found
    (problem,) = expected_of(path, "geopackage", "wgs84", layers=["三月"])
    assert problem.found == "三月"
    assert read_hotspots(path, "geopackage", "wgs84", layers=["二月"]).hotspots["persons_per_day"].tolist() == [1, 2]


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "epsg:4526"])
def test_an_answer_that_the_file_contradicts_is_refused(tmp_path, system):
    path = tmp_path / "places.gpkg"
    frame(crs=4547).to_file(path)
    (problem,) = expected_of(path, "geopackage", system)
    assert (problem.field, problem.found) == ("system", system)
    assert dict(problem.values) == {"declared": "epsg:4547"}
    lon = read_hotspots(path, "geopackage", "epsg:4547").hotspots["lon"].tolist()
    assert lon == pytest.approx([113.08, 113.09], abs=2e-6)


def test_degrees_that_call_themselves_wgs84_may_still_be_gcj02(tmp_path):
    path = tmp_path / "places.gpkg"
    frame().to_file(path)
    as_wgs84 = read_hotspots(path, "geopackage", "wgs84").hotspots["lon"]
    as_gcj02 = read_hotspots(path, "geopackage", "gcj02").hotspots["lon"]
    assert (as_wgs84 - as_gcj02).tolist() == pytest.approx([0.0054] * 2, abs=5e-4)


def test_a_database_under_another_name_is_opened_as_nothing_else(tmp_path):
    path = tmp_path / "places.gpkg"
    path.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>')
    (problem,) = expected_of(path, "geopackage", "wgs84")
    assert problem.field == "-"


def test_a_network_comes_as_a_geopackage_with_a_layer_of_lines_and_one_of_stops(tmp_path):
    path = tmp_path / "network.gpkg"
    ways = [LineString([(113.08, 22.6), (113.09, 22.6), (113.1, 22.6)])]
    gpd.GeoDataFrame({"line": ["1路"], "trips_per_day": [40]}, geometry=ways, crs=4326).to_file(path, layer="线路")
    points = [Point(113.08, 22.6001), Point(113.1, 22.6)]
    gpd.GeoDataFrame({"name": ["东门", "西门"]}, geometry=points, crs=4326).to_file(path, layer="站点", mode="a")
    frames = read_network(path, "geojson", "wgs84", layers=["线路", "站点"])
    assert frames.calls["stop"].str.partition("@")[0].tolist() == ["东门", "西门"]
    assert frames.routes["trips_per_day"].tolist() == [40]


def test_column_names_that_a_shapefile_cuts_off_are_understood(tmp_path):
    path = tmp_path / "lines.shp"
    ways = [LineString([(113.08, 22.6), (113.1, 22.6)])]
    columns = {
        "line": ["1"],
        "trips_per_": [40],
        "headway_mi": [12.0],
        "first_depa": ["06:10"],
        "last_depar": ["22:00"],
    }
    gpd.GeoDataFrame(columns, geometry=ways, crs=4326).to_file(path)
    route = read_network(path, "geojson", "wgs84").routes.iloc[0]
    assert (route["trips_per_day"], route["first_departure"], route["last_departure"]) == (40, 370, 1320)


def test_a_boundary_comes_as_a_shapefile(tmp_path):
    path = tmp_path / "district.shp"
    square = Polygon([(113, 22), (113.2, 22), (113.2, 22.2), (113, 22.2)])
    gpd.GeoDataFrame({"gb": ["1", "2"]}, geometry=[square, square.buffer(0.1)], crs=4326).to_file(path)
    assert read_boundary(path, "wgs84", ("gb", "1")).geometry["type"] == "Polygon"


def test_geojson_in_a_zip_is_read(tmp_path):
    archive = tmp_path / "places.zip"
    properties = {"name": "一中", "category": "school", "persons": 9}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [113, 22]}}
    with zipfile.ZipFile(archive, "w") as packing:
        packing.writestr("a/places.geojson", json.dumps(feature))
    assert read_hotspots(archive, "geojson", "wgs84").hotspots["name"].tolist() == ["一中"]
