"""Hotspots from tables and points: columns found, mapped, set or counted; every wrong cell named."""

import json
from datetime import date

import pytest

from geo.sources import Mapping, read_hotspots
from geo.sources.problems import Problems
from trust.errors import InputError

HEAD = "编号,名称,类别,经度,纬度,日均人流,街道,数据日期,依据\n"
ROWS = "G1,区政府,政府机关,113.08,22.60,900,白沙街道,2026-05-01,实测\nS1,一中,school,113.09,22.61,2400,,,\n"


def write(tmp_path, text, name="places.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def mapping(maps=(), sets=(), each=()):
    problems = Problems()
    parsed = Mapping.parse(maps, sets, each, problems.of("places.csv"))
    problems.raise_any()
    return parsed


def problems_of(path, layout="csv", system="wgs84", chosen=None, **options):
    with pytest.raises(InputError) as caught:
        read_hotspots(path, layout, system, chosen, **options)
    return [(problem.row, problem.field, problem.found) for problem in caught.value.problems]


def test_chinese_headings_and_words_need_no_mapping(tmp_path):
    frame = read_hotspots(write(tmp_path, HEAD + ROWS, encoding="gbk"), "csv", "wgs84").hotspots
    assert frame.to_dict("records") == [
        {
            "code": "G1",
            "name": "区政府",
            "category": "government",
            "lon": 113.08,
            "lat": 22.6,
            "persons_per_day": 900.0,
            "basis": "measured",
            "as_of": date(2026, 5, 1),
            "street": "白沙街道",
        },
        {
            "code": "S1",
            "name": "一中",
            "category": "school",
            "lon": 113.09,
            "lat": 22.61,
            "persons_per_day": 2400.0,
            "basis": "estimated",
            "as_of": None,
            "street": "",
        },
    ]


def test_columns_of_other_names_are_mapped_and_missing_ones_set(tmp_path):
    path = write(tmp_path, "校名;东经;北纬\n一中;113.09;22.61\n二中;113.10;22.62\n")
    chosen = mapping(["name=校名", "lon=东经", "lat=北纬"], ["category=school", "persons_per_day=800", "basis=sample"])
    frame = read_hotspots(path, "csv", "wgs84", chosen).hotspots
    assert list(frame["name"]) == ["一中", "二中"]
    assert set(frame["category"]) == {"school"}
    assert set(frame["persons_per_day"]) == {800.0}
    assert set(frame["basis"]) == {"sample"}


def test_a_made_code_is_the_same_next_time_and_differs_by_place(tmp_path):
    path = write(tmp_path, "name,category,lon,lat,persons\n一中,school,113.09,22.61,1\n一中,school,113.19,22.61,1\n")
    first, again = (read_hotspots(path, "csv", "wgs84").hotspots for _i in range(2))
    assert list(first["code"]) == list(again["code"])
    assert first["code"].is_unique


def test_counting_columns_make_a_hotspot_each_where_they_are_above_zero(tmp_path):
    path = write(
        tmp_path, "id,lon,lat,population,schools\nh1,-51.1,-30.1,120,2\nh2,-51.2,-30.2,0,1\nh3,-51.3,-30.3,,\n"
    )
    found = read_hotspots(path, "csv", "wgs84", mapping(each=["population=village", "schools=school*600"]))
    assert [tuple(row) for row in found.hotspots[["code", "category", "persons_per_day", "basis"]].to_numpy()] == [
        ("h1:population", "village", 120.0, "estimated"),
        ("h1:schools", "school", 1200.0, "estimated"),
        ("h2:schools", "school", 600.0, "estimated"),
    ]
    assert "600" in str(found.notes[1])


def test_coordinates_are_converted_from_the_system_that_was_named(tmp_path):
    from geo.core.coordinates import to_wgs84

    frame = read_hotspots(write(tmp_path, HEAD + ROWS), "csv", "gcj02").hotspots
    lon, lat = to_wgs84([113.08], [22.6], "gcj02")
    assert (frame["lon"].iat[0], frame["lat"].iat[0]) == (
        pytest.approx(lon[0], abs=1e-6),
        pytest.approx(lat[0], abs=1e-6),
    )
    assert abs(frame["lon"].iat[0] - 113.08) > 1e-3


def test_rows_without_coordinates_are_problems_unless_left_out_on_purpose(tmp_path):
    path = write(tmp_path, HEAD + ROWS + "X1,无坐标,学校,,,5,,,\n")
    assert problems_of(path) == [(4, "经度", ""), (4, "纬度", "")]
    found = read_hotspots(path, "csv", "wgs84", skip_incomplete=True)
    assert list(found.hotspots["code"]) == ["G1", "S1"]
    assert "1 rows" in str(found.notes[0])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("113.08,22.60", "13.8.1,22.60", (2, "经度", "13.8.1")),
        ("113.08,22.60", "22.60,113.08", (2, "纬度", "113.08")),
        ("113.08,22.60", "0,0", (2, "经度, 纬度", "0, 0")),
        ("113.08,22.60", "113.08,", (2, "纬度", "")),
        ("政府机关", "宾馆", (2, "类别", "宾馆")),
        (",900,", ",many,", (2, "日均人流", "many")),
        (",900,", ",-5,", (2, "日均人流", "-5")),
        (",900,", ",,", (2, "日均人流", "")),
        ("2026-05-01", "May", (2, "数据日期", "May")),
        ("实测", "听说", (2, "依据", "听说")),
        ("S1", "G1", (3, "编号", "G1")),
        ("2400,,,", "2400,,,,,x", (3, "-", "11")),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(tmp_path, old, new, expected):
    text = HEAD + ROWS
    assert old in text
    assert problems_of(write(tmp_path, text.replace(old, new, 1))) == [expected]


def test_a_missing_column_is_named(tmp_path):
    path = write(tmp_path, "名称,经度,纬度\n甲,113,22\n")
    assert {field for _row, field, _found in problems_of(path)} == {"category", "persons_per_day"}


def test_a_mapped_column_must_be_there(tmp_path):
    found = problems_of(write(tmp_path, HEAD + ROWS), chosen=mapping(["name=场所"]))
    assert [(row, field) for row, field, _found in found] == [(1, "场所")]


def test_a_place_twice_without_codes_is_a_problem(tmp_path):
    row = "一中,school,113.09,22.61,1\n"
    found = problems_of(write(tmp_path, "name,category,lon,lat,persons\n" + row + row))
    assert found == [(3, "name", "一中")]


@pytest.mark.parametrize(
    ("maps", "sets", "each"),
    [
        (["persons=客流"], [], []),
        (["name"], [], []),
        (["name=甲", "name=乙"], [], []),
        ([], ["category="], []),
        (["name=甲"], ["name=乙"], []),
        ([], [], ["schools"]),
        ([], [], ["schools=college*2"]),
        ([], [], ["schools=school*many"]),
        ([], [], ["schools=school*-1"]),
    ],
)
def test_a_mapping_that_is_none_is_refused(maps, sets, each):
    with pytest.raises(InputError):
        mapping(maps, sets, each)


def test_points_and_areas_of_geojson_become_hotspots(tmp_path):
    square = [[[113.1, 22.6], [113.2, 22.6], [113.2, 22.7], [113.1, 22.7], [113.1, 22.6]]]
    value = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"名称": "区政府", "类别": "政府", "人流": 900},
                "geometry": {"type": "Point", "coordinates": [113.08, 22.6]},
            },
            {
                "type": "Feature",
                "properties": {"名称": "公园", "类别": "公园", "人流": 300.5},
                "geometry": {"type": "Polygon", "coordinates": square},
            },
        ],
    }
    path = write(tmp_path, json.dumps(value), "places.geojson")
    frame = read_hotspots(path, "geojson", "wgs84").hotspots
    assert list(frame["persons_per_day"]) == [900.0, 300.5]
    assert 113.1 < frame["lon"].iat[1] < 113.2
    assert 22.6 < frame["lat"].iat[1] < 22.7


def test_a_feature_without_a_place_is_named(tmp_path):
    value = [{"type": "Feature", "properties": {"name": "甲"}, "geometry": None}]
    found = problems_of(write(tmp_path, json.dumps(value), "p.geojson"), "geojson")
    assert found == [(1, "geometry", "None")]


def test_a_table_of_nothing_is_a_problem(tmp_path):
    assert problems_of(write(tmp_path, HEAD)) == [(0, "-", "-")]
