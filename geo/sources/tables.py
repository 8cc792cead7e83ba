"""Tables of text: CSV in whatever encoding and delimiter it was saved, or the first sheet of a workbook.

Every cell stays text and every row keeps the number that a person sees beside it, in the column `ROW`.
"""

import codecs
import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import load_workbook

from geo.sources.problems import FileProblems, gettext_noop

ROW = "__row__"
DELIMITERS = ",;\t|"
WORKBOOKS = {".xlsx", ".xlsm"}
PEEK_BYTES = 1 << 18
MOST_UNPACKED_BYTES = 1 << 30
BATCH = 200_000  # rows held as Python objects at a time


def decode(data: bytes, log: FileProblems) -> str | None:
    """Text of `data`: UTF-8 with or without a mark, UTF-16 with one, else GB 18030, which holds GBK and GB 2312."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    encodings = [encoding for mark, encoding in marks if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    log.add(0, "-", data[:12], gettext_noop("text in UTF-8 or GBK"))
    return None


def delimiter_of(text: str) -> str:
    """The delimiter that the first line holds most of, outside quotes; a comma where it holds none."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def parse_csv(data: bytes, log: FileProblems, usecols: set[str] | None = None) -> pd.DataFrame | None:
    """A CSV file as text cells, or None with the problem noted. Empty lines are passed over but still counted.

    A row with another number of cells than the head is a problem, except for empty cells at its end.
    """
    text = decode(data, log)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    parts: list[pd.DataFrame] = []
    try:
        head = next((row for row in reader if any(cell.strip() for cell in row)), [])
        columns = [cell.strip() for cell in head]
        while columns and not columns[-1]:
            columns.pop()
        wanted = [i for i, column in enumerate(columns) if usecols is None or column in usecols]
        while rows := _rows(reader, len(columns), log):
            lines, cells = zip(*rows, strict=True)
            parts.append(pd.DataFrame({columns[i]: [row[i] for row in cells] for i in wanted}, dtype=str))
            parts[-1][ROW] = lines
    except csv.Error as error:
        log.add(reader.line_num, "-", error, gettext_noop("a table of rows with closed quotation marks"))
        return None
    if not _head_is_good(columns, log):
        return None
    if not parts:
        return pd.DataFrame({columns[i]: pd.Series(dtype=str) for i in wanted}).assign(**{ROW: 0})
    frame = pd.concat(parts, ignore_index=True)
    for i in wanted:
        frame[columns[i]] = frame[columns[i]].str.strip()
    return frame


def _rows(reader: Any, width: int, log: FileProblems) -> list[tuple[int, list[str]]]:
    """Up to `BATCH` rows of `width` cells with the line that each ends on."""
    rows: list[tuple[int, list[str]]] = []
    for row in reader:
        if len(row) != width:
            if not any(row):
                continue
            while len(row) > width and not row[-1].strip():
                row.pop()
            if len(row) != width:
                log.add(reader.line_num, "-", len(row), gettext_noop("%(n)s cells, as many as column names"), n=width)
                continue
        rows.append((reader.line_num, row))
        if len(rows) == BATCH:
            break
    return rows


def _head_is_good(columns: list[str], log: FileProblems) -> bool:
    if not columns:
        log.add(1, "-", "", gettext_noop("a line of column names and rows under it"))
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        log.add(1, column or "-", column, gettext_noop("column names that differ"))
    return bool(columns) and len(set(columns)) == len(columns)


def parse_workbook(data: bytes, log: FileProblems) -> pd.DataFrame | None:
    """The first sheet of an .xlsx workbook as text cells, or None with the problem noted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise ValueError("too large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # noqa: BLE001 - openpyxl passes on what zlib, expat, lxml and its own parts stumble over
        log.add(0, "-", error, gettext_noop("a workbook (.xlsx) that can be opened"))
        return None
    if not rows:
        log.add(1, "-", "", gettext_noop("a line of column names and rows under it"))
        return None
    columns = [_cell(value) for value in rows[0]]
    while columns and not columns[-1]:
        columns.pop()
    if not _head_is_good(columns, log):
        return None
    width = len(columns)
    body = [[_cell(value) for value in (row + [None] * width)[:width]] for row in rows[1:]]
    frame = pd.DataFrame(body, columns=columns, dtype=str)
    frame[ROW] = np.arange(2, len(body) + 2)
    filled = (frame[columns] != "").any(axis=1)
    return frame[filled].reset_index(drop=True)


def read_table(path: Path, log: FileProblems) -> pd.DataFrame | None:
    """A CSV file or workbook as text cells with `ROW`, or None with the problem noted."""
    data = path.read_bytes()
    if path.suffix.lower() in WORKBOOKS:
        return parse_workbook(data, log)
    return parse_csv(data, log)


def peek_table(path: Path, log: FileProblems, rows: int = 5) -> pd.DataFrame | None:
    """The head of a table and its first rows, as `read_table` gives them, without reading a long file to its end."""
    if path.suffix.lower() in WORKBOOKS:
        found = read_table(path, log)
        return None if found is None else found.head(rows)
    with path.open("rb") as stream:
        data = stream.read(PEEK_BYTES)
    if len(data) == PEEK_BYTES and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data[: data.rfind(b"\n") + 1] or data
    found = parse_csv(data, log)
    return None if found is None else found.head(rows)


def require(frame: pd.DataFrame, columns: list[str], log: FileProblems) -> bool:
    """Whether `frame` has every one of `columns`; notes those that it lacks."""
    missing = [column for column in columns if column not in frame]
    present = ", ".join(str(column) for column in frame if column != ROW)
    for column in missing:
        log.add(1, column, present, gettext_noop("a column of this name"))
    return not missing


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value).strip()
