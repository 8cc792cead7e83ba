"""Hotspots: a table (CSV in any encoding, XLSX) or features with points or areas, one place or several per row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.frames import BASES, CATEGORIES, HOTSPOT_COLUMNS, HotspotFrame, Note
from geo.sources.items import Item
from geo.sources.mapping import Mapping
from geo.sources.osm_hotspots import read_osm_hotspots
from geo.sources.problems import FileProblems, Problems, gettext_noop, missing_file
from geo.sources.tables import ROW, read_table
from geo.sources.vectors import vector_items

VECTORS = ("geojson", "shapefile", "geopackage")
HOTSPOT_LAYOUTS = ("csv", *VECTORS, "osm")
_BY_SUFFIX = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".shp": "shapefile",
    ".zip": "shapefile",
    ".gpkg": "geopackage",
    ".pbf": "osm",
    ".osm": "osm",
}

CATEGORY_WORDS = {
    "政府": "government",
    "政府机关": "government",
    "机关": "government",
    "学校": "school",
    "校园": "school",
    "公园": "park",
    "公园广场": "park",
    "广场": "park",
    "商场": "mall",
    "商圈": "mall",
    "购物中心": "mall",
    "村居": "village",
    "村": "village",
    "社区": "village",
    "村社区": "village",
    "医院": "hospital",
    "交通": "transport",
    "交通枢纽": "transport",
    "车站": "transport",
    "其他": "other",
}
BASIS_WORDS = {"实测": "measured", "估算": "estimated", "示例": "sample"}


@dataclass(frozen=True)
class Vocabulary:
    """What may stand in a field: our words, and Chinese ones for them."""

    field: str
    allowed: tuple[str, ...]
    words: dict[str, str]


CATEGORY = Vocabulary("category", CATEGORIES, CATEGORY_WORDS)
BASIS = Vocabulary("basis", BASES, BASIS_WORDS)
_LON, _LAT = "__lon__", "__lat__"


def hotspot_layout(path: Path) -> str:
    """The layout that a file's name promises; a table where it promises none."""
    return _BY_SUFFIX.get(path.suffix.lower(), "geojson" if path.is_dir() else "csv")


def read_hotspots(
    path: Path | str,
    layout: str,
    system: str,
    mapping: Mapping | None = None,
    *,
    skip_incomplete: bool = False,
    default_basis: str = "estimated",
    layers: Sequence[str] = (),
) -> HotspotFrame:
    """Read places with people.

    Parameters
    ----------
    path : file (.csv, .txt, .tsv, .xlsx) for "csv"; file or folder for the others
    layout : one of HOTSPOT_LAYOUTS
    system : "wgs84", "gcj02", "bd09" or "epsg:NNNN", in which the file's coordinates are
    mapping : which column is what; headings named as ours or by a synonym need none
    skip_incomplete : leave out rows without coordinates instead of calling them a problem
    default_basis : basis of rows that name none
    layers : of a GeoPackage with several, the ones wanted

    Raises
    ------
    InputError
        With every problem of the file; nothing is returned in part.
    """
    path, mapping = Path(path), mapping or Mapping()
    problems = Problems()
    log = problems.of(path.name)
    sha256 = sha256_of(path)
    system = values.clean_system(system, log)
    if layout not in HOTSPOT_LAYOUTS:
        log.add(0, "layout", layout, gettext_noop("one of %(names)s"), names=", ".join(HOTSPOT_LAYOUTS))
    problems.raise_any()
    if layout == "osm":
        return read_osm_hotspots(path, system, mapping.each)
    table = _from_table(path, log) if layout == "csv" else _from_features(vector_items(path, problems, system, layers))
    problems.raise_any()
    if table is None or not len(table):
        log.add(0, "-", "-", gettext_noop("at least one row"))
        problems.raise_any()
        raise AssertionError
    columns = mapping.columns_of([str(column) for column in table if column != ROW])
    _check_columns(table, columns, mapping, log)
    problems.raise_any()
    table, skipped = _located(table, columns, system, log, skip_incomplete=skip_incomplete)
    hotspots = _persons(_fields(table, columns, mapping, default_basis, log), table, columns, mapping, log)
    problems.raise_any()
    return HotspotFrame(hotspots[HOTSPOT_COLUMNS].reset_index(drop=True), sha256, _notes(skipped, mapping))


def _from_table(path: Path, log: FileProblems) -> pd.DataFrame | None:
    if not path.is_file():
        raise missing_file(path)
    return read_table(path, log)


def _from_features(found: list[Item]) -> pd.DataFrame:
    """Points as they are; of a polygon, a point inside it. Coordinates become the columns lon and lat."""
    rows = []
    for item in found:
        point = _point(item)
        if point is not None:
            properties = {key: _text(value) for key, value in item.data.items()}
            rows.append({**properties, "lon": repr(point[0]), "lat": repr(point[1]), ROW: item.row})
    return pd.DataFrame(rows).fillna("") if rows else pd.DataFrame(columns=["lon", "lat", ROW])


def _point(item: Item) -> tuple[float, float] | None:
    try:
        geometry = shapely.geometry.shape(item.geometry or {})
        x, y = shapely.get_coordinates(geometry if geometry.geom_type == "Point" else geometry.representative_point())[
            0
        ]
        return float(x), float(y)
    except (shapely.errors.ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        found = (item.geometry or {}).get("coordinates")
        item.problem("coordinates", found, gettext_noop("pairs of longitude and latitude"))
        return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _check_columns(table: pd.DataFrame, columns: dict[str, str], mapping: Mapping, log: FileProblems) -> None:
    present = ", ".join(str(column) for column in table if column != ROW)
    needed = ["lon", "lat"] if mapping.each else ["lon", "lat", "category", "persons_per_day"]
    for name in needed:
        if name not in columns and name not in mapping.constants:
            log.add(1, name, present, gettext_noop("a column of this name, or --map or --set for it"))
    for column in [*columns.values(), *(each.column for each in mapping.each)]:
        if column not in table:
            log.add(1, column, present, gettext_noop("a column of this name"))


def _located(
    table: pd.DataFrame, columns: dict[str, str], system: str, log: FileProblems, *, skip_incomplete: bool
) -> tuple[pd.DataFrame, int]:
    lon, lat = columns["lon"], columns["lat"]
    skipped = 0
    if skip_incomplete:
        empty = ((table[lon] == "") & (table[lat] == "")).to_numpy()
        skipped = int(empty.sum())
        table = table[~empty].reset_index(drop=True)
    degrees = values.places(table, (lon, lat), system, log)
    return table.assign(**{_LON: np.round(degrees[:, 0], 6), _LAT: np.round(degrees[:, 1], 6)}), skipped


def _fields(
    table: pd.DataFrame, columns: dict[str, str], mapping: Mapping, default_basis: str, log: FileProblems
) -> pd.DataFrame:
    """Everything but the number of persons, one row per row of the file."""

    def text(name: str, default: str = "") -> pd.Series:
        if name in mapping.constants:
            return pd.Series(mapping.constants[name], index=table.index)
        if name in columns:
            found = table[columns[name]]
            return found.where(found != "", default)
        return pd.Series(default, index=table.index)

    frame = pd.DataFrame({"name": text("name"), "lon": table[_LON], "lat": table[_LAT], "street": text("street")})
    frame["code"] = text("code")
    if not mapping.each:
        frame["category"] = _words(text("category"), CATEGORY, table[ROW], columns.get("category"), log)
    frame["basis"] = _words(text("basis", default_basis), BASIS, table[ROW], columns.get("basis"), log)
    frame["as_of"] = _dates(text("as_of"), table, columns.get("as_of", "as_of"), log)
    coded = (frame["code"] != "").to_numpy()
    repeated = frame["code"].duplicated().to_numpy() & coded
    shown = pd.DataFrame({columns.get("code", "code"): frame["code"], ROW: table[ROW]})
    values.mark(shown, shown.columns[0], repeated, log, gettext_noop("an identifier that occurs only once"))
    keys = frame["name"] + frame["lon"].map("@{:.5f}".format) + frame["lat"].map(",{:.5f}".format)
    made = [hashlib.sha256(key.encode()).hexdigest()[:12] for key in keys]
    frame["code"] = frame["code"].where(coded, pd.Series(made, index=frame.index))
    again = frame["code"].duplicated().to_numpy() & ~coded
    shown = pd.DataFrame({columns.get("name", "name"): frame["name"], ROW: table[ROW]})
    values.mark(shown, shown.columns[0], again, log, gettext_noop("a place that occurs only once"))
    return frame


def _words(
    text: pd.Series, vocabulary: Vocabulary, rows: pd.Series, column: str | None, log: FileProblems
) -> pd.Series:
    """The words of ours; whatever is neither one of them nor a synonym is a problem."""
    plain = text.str.lower().str.replace(r"[\s、/]", "", regex=True)
    known = plain.map(lambda word: vocabulary.words.get(word, word))
    field = column or vocabulary.field
    wrong = ~known.isin(vocabulary.allowed).to_numpy()
    shown = pd.DataFrame({field: text, ROW: rows})
    values.mark(shown, field, wrong, log, gettext_noop("one of %(names)s"), names=", ".join(vocabulary.allowed))
    return known


def _dates(text: pd.Series, table: pd.DataFrame, column: str, log: FileProblems) -> pd.Series:
    days: dict[str, date | None] = {"": None}
    wrong: set[str] = set()
    for value in text.unique():
        if value:
            try:
                days[value] = date.fromisoformat(value.replace("/", "-"))
            except ValueError:
                days[value] = None
                wrong.add(value)
    shown = pd.DataFrame({column: text, ROW: table[ROW]})
    values.mark(shown, column, text.isin(list(wrong)).to_numpy(), log, gettext_noop("a date such as 2026-09-01"))
    return pd.Series([days[value] for value in text], index=text.index, dtype=object)


def _persons(
    frame: pd.DataFrame, table: pd.DataFrame, columns: dict[str, str], mapping: Mapping, log: FileProblems
) -> pd.DataFrame:
    """With `persons_per_day`: as it stands, or one row for every counting column that is above zero."""
    if not mapping.each:
        fixed = mapping.constants.get("persons_per_day")
        expected = gettext_noop("a number of at least 0")
        column = columns.get("persons_per_day", "persons_per_day")
        source = table if fixed is None else pd.DataFrame({column: fixed, ROW: table[ROW]}, index=table.index)
        return frame.assign(persons_per_day=values.numbers(source, column, log, low=0, expected=expected))
    parts = []
    for each in mapping.each:
        counted = values.numbers(
            table, each.column, log, low=0, blank=0.0, expected=gettext_noop("a number of at least 0")
        )
        some = counted > 0
        part = frame[some].assign(category=each.category, persons_per_day=counted[some] * each.persons)
        part["code"] = part["code"] + f":{each.column}"
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _notes(skipped: int, mapping: Mapping) -> list[Note]:
    notes = []
    if skipped:
        notes.append(Note(gettext_noop("%(n)s rows without coordinates were left out"), (("n", str(skipped)),)))
    for each in mapping.each:
        message = gettext_noop("Column %(column)s: %(persons)s persons a day for each count, category %(category)s")
        shown = (("column", each.column), ("persons", f"{each.persons:g}"), ("category", each.category))
        notes.append(Note(message, shown))
    return notes
