"""Networks that are lists of stops: the crawled layout of Shenzhen and a bus company's spreadsheet."""

import pytest
from openpyxl import Workbook

from geo.sources import Mapping, read_network
from trust.errors import InputError

HEAD = "linename,stationname,stationgeo\n"
OUT = "\"['东门', '中街', '西门']\",\"['113.08,22.6', '113.09,22.6', '113.1,22.6']\"\n"
BACK = "\"['西门', '中街', '东门']\",\"['113.10001,22.6', '113.09002,22.60001', '113.08,22.6']\"\n"
TABLE = (
    "线路,方向,站序,站点名称,经度,纬度,首班,末班,日班次,配车数\n"
    "1路,上行,1,东门,113.08,22.6,6:00,22:00,60,8\n"
    "1路,上行,2,中街,113.09,22.6,,,,\n"
    "1路,下行,2,东门,113.08,22.6,,,,\n"
    "1路,下行,1,中街,113.09,22.6,06:10,22:10,60,\n"
    "1路,上行,3,西门,113.1,22.6,,,,\n"
)


def shenzhen(tmp_path, *rows):
    path = tmp_path / "busline.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return read_network(path, "shenzhen", "wgs84")


def table(tmp_path, text=TABLE, mapping=None, encoding="utf-8"):
    path = tmp_path / "lines.csv"
    path.write_text(text, encoding=encoding)
    return read_network(path, "table", "wgs84", mapping)


def problems_of(read, *args):
    with pytest.raises(InputError) as caught:
        read(*args)
    return [(problem.row, problem.field) for problem in caught.value.problems]


def test_both_ways_share_the_line_and_its_stops(tmp_path):
    frames = shenzhen(tmp_path, f"1路(东门-西门),{OUT}", f"1路(西门-东门),{BACK}")
    assert frames.lines["code"].tolist() == ["1路"]
    assert frames.routes["direction"].tolist() == [0, 1]
    assert frames.stops["name"].tolist() == ["东门", "中街", "西门"]  # a few metres apart is the same stop
    assert frames.calls["sequence"].tolist() == [0, 1, 2, 0, 1, 2]
    assert frames.routes["schedule_estimated"].all()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("k578路(左环)(福田-公明)", "k578路(左环)"),
        ("旅游10线(坪山公园(坪山总站)-沙井)", "旅游10线"),
        ("无括号", "无括号"),
    ],
)
def test_the_line_is_what_stands_before_the_last_bracket(tmp_path, name, line):
    assert shenzhen(tmp_path, f"{name},{OUT}").lines["code"].tolist() == [line]


def test_a_line_that_is_there_twice_counts_once(tmp_path):
    frames = shenzhen(tmp_path, f"1路(东门-西门),{OUT}", f"1路(东门-西门),{OUT}")
    assert len(frames.routes) == 1
    assert any("once" in note.message for note in frames.notes)


def test_a_line_added_at_the_end_moves_no_stop_and_no_route(tmp_path):
    before = shenzhen(tmp_path, f"1路(东门-西门),{OUT}")
    after = shenzhen(tmp_path, f"1路(东门-西门),{OUT}", f"2路(西门-东门),{BACK}")
    assert after.stops["code"].tolist()[:3] == before.stops["code"].tolist()
    assert after.routes["code"].iloc[0] == before.routes["code"].iloc[0]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (OUT.replace("'西门'", ""), "stationgeo"),
        (OUT.replace("113.1,22.6", "0,0"), "stationgeo"),
        (OUT.replace("113.1,22.6", "113.1"), "stationgeo"),
        (OUT.replace("113.1,22.6", "west"), "stationgeo"),
        (OUT.replace("'中街'", "中街"), "stationname"),
        ("\"__import__('os').getcwd()\",\"['113.08,22.6']\"\n", "stationname"),
        ("\"['东门']\",\"['113.08,22.6']\"\n", "stationname"),
    ],
)
def test_a_faulty_list_is_named_by_row_and_column(tmp_path, row, field):
    assert problems_of(shenzhen, tmp_path, f"1路(东门-西门),{OUT}", f"2路(东门-西门),{row}")[0] == (3, field)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_spreadsheet_of_calls_is_a_network(tmp_path, encoding):
    frames = table(tmp_path, encoding=encoding)
    assert frames.lines[["code", "buses", "buses_estimated"]].to_numpy().tolist() == [["1路", 8.0, False]]
    assert frames.routes[["direction", "trips_per_day", "first_departure"]].to_numpy().tolist() == [
        [0, 60.0, 360.0],
        [1, 60.0, 370.0],
    ]
    names = dict(zip(frames.stops["code"], frames.stops["name"], strict=True))
    assert [names[stop] for stop in frames.calls["stop"]] == ["东门", "中街", "西门", "中街", "东门"]


def test_a_workbook_of_calls_is_the_same_network(tmp_path):
    book = Workbook()
    for line in TABLE.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "lines.xlsx")
    frames = read_network(tmp_path / "lines.xlsx", "table", "wgs84")
    assert frames.routes["code"].tolist() == table(tmp_path).routes["code"].tolist()


def test_columns_of_a_network_are_mapped_and_missing_ones_set(tmp_path):
    text = TABLE.replace("站点名称", "停靠点").replace("线路", "编组")
    assert (1, "stop") in problems_of(table, tmp_path, text)
    frames = table(tmp_path, text, Mapping(columns={"stop": "停靠点"}, constants={"line": "9路"}))
    assert frames.lines["code"].tolist() == ["9路"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("1路,上行,2", "1路,斜行,2", "direction"),
        ("2,中街", "二,中街", "sequence"),
        ("6:00", "六点", "first_departure"),
        ("60,8", "many,8", "trips_per_day"),
        ("113.1,", "213.1,", "经度"),
        ("西门", "", "stop"),
    ],
)
def test_a_faulty_cell_of_a_spreadsheet_is_named(tmp_path, old, new, field):
    assert field in {name for _row, name in problems_of(table, tmp_path, TABLE.replace(old, new, 1))}
