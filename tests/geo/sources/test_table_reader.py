"""Tables as people save them: any delimiter, UTF-8 or GBK, with or without a mark, CSV or workbook."""

import pytest
from openpyxl import Workbook

from geo.sources.problems import Problems
from geo.sources.tables import ROW, parse_csv, read_table

TEXT = "名称,类别,经度,纬度\n区政府,政府,113.08,22.6\n“一中”,学校,113.09,22.61\n"


def read(data: bytes):
    problems = Problems()
    return parse_csv(data, problems.of("t.csv"), None), problems.found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding, delimiter):
    frame, found = read(TEXT.replace(",", delimiter).encode(encoding))
    assert not found
    assert list(frame.columns) == ["名称", "类别", "经度", "纬度", ROW]
    assert list(frame["名称"]) == ["区政府", "“一中”"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(newline):
    frame, found = read(TEXT.replace("\n", newline).encode())
    assert not found
    assert list(frame["经度"]) == ["113.08", "113.09"]


def test_rows_are_numbered_as_an_editor_numbers_them():
    frame, _found = read(b'a,b\n1,2\n\n"x\ny",3\n4,5\n')
    assert list(frame[ROW]) == [2, 5, 6]  # a cell of two lines ends on its second


def test_quoted_delimiters_do_not_count():
    frame, found = read(b'"a, b";c\n"1;2";3\n')
    assert not found
    assert list(frame.columns[:2]) == ["a, b", "c"]
    assert frame["a, b"].iat[0] == "1;2"


def test_empty_cells_at_the_end_of_a_row_are_forgiven_and_others_are_not():
    frame, found = read(b"a,b,,\n1,2,,\n3,4\n5,6,7\n8\n")
    assert list(frame["a"]) == ["1", "3"]
    assert [(problem.row, problem.found) for problem in found] == [(4, "3"), (5, "1")]


def test_only_the_columns_asked_for_are_kept():
    problems = Problems()
    frame = parse_csv(b"a,b,c\n1,2,3\n", problems.of("t.csv"), {"a", "c", "z"})
    assert list(frame.columns) == ["a", "c", ROW]


def test_a_head_without_rows_is_an_empty_table():
    frame, found = read(b"a,b\n")
    assert not found
    assert len(frame) == 0
    assert list(frame.columns) == ["a", "b", ROW]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02\x03", b"\xff\xff\xff\xff", b"a,a\n1,2\n"])
def test_what_is_no_table_is_a_problem(data):
    frame, found = read(data)
    assert frame is None
    assert found


def test_the_first_sheet_of_a_workbook_is_read_with_its_row_numbers(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["名称", "经度", "人流", None])
    sheet.append(["区政府", 113.08, 1200, None])
    sheet.append([None, None, None, None])
    sheet.append(["一中", 113, "1 500", None])
    book.create_sheet("其他").append(["不看"])
    path = tmp_path / "places.xlsx"
    book.save(path)
    problems = Problems()
    frame = read_table(path, problems.of(path.name))
    assert not problems.found
    assert frame.to_dict("list") == {
        "名称": ["区政府", "一中"],
        "经度": ["113.08", "113"],
        "人流": ["1200", "1 500"],
        ROW: [2, 4],
    }


def test_a_workbook_that_is_none_is_a_problem(tmp_path):
    path = tmp_path / "places.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    problems = Problems()
    assert read_table(path, problems.of(path.name)) is None
    assert problems.found[0].file == "places.xlsx"
