"""Columns of text turned into numbers, places and times, with a problem for every cell that is not one."""

import math
import re

import numpy as np
import pandas as pd
from pyproj import Geod
from pyproj.exceptions import CRSError, ProjError

from geo.core.coordinates import SYSTEMS, to_wgs84
from geo.sources.problems import FileProblems, gettext_noop
from geo.sources.tables import ROW

GEOD = Geod(ellps="WGS84")
_CLOCK = re.compile(r"^\s*(\d{1,2}):([0-5]?\d)(?::([0-5]?\d))?\s*$")
_EPSG = re.compile(r"^epsg:\d{4,6}$")


def mark(
    frame: pd.DataFrame, column: str, wrong: np.ndarray, log: FileProblems, expected: str, **filled: object
) -> None:
    """Note the cells of `column` in the rows where `wrong` (bool) holds."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        cells = frame[[ROW, column]].to_numpy()[rows]
        for row, found in cells:
            log.add(row, column, found, expected, **filled)


def numbers(
    frame: pd.DataFrame,
    column: str,
    log: FileProblems,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    blank: float | None = None,
    expected: str = gettext_noop("a number"),
) -> np.ndarray:
    """`column` as floats; NaN with a problem where a cell is no number from `low` to `high`.

    Empty cells become `blank`, or are a problem where that is None.
    """
    text = frame[column]
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isfinite(values) | (values < low) | (values > high)
    if blank is not None:
        empty = (text == "").to_numpy()
        wrong &= ~empty
        values = np.where(empty, blank, values)
    mark(frame, column, wrong, log, expected)
    return np.where(wrong, np.nan, values)


def clean_system(system: str, log: FileProblems) -> str:
    """The coordinate system in lower case; a problem where it is none that we know."""
    known = system.strip().lower()
    if known not in SYSTEMS and not _EPSG.match(known):
        log.add(0, "system", system, gettext_noop("wgs84, gcj02, bd09 or epsg: with a number"))
    return known


def to_degrees(lon: np.ndarray, lat: np.ndarray, system: str, log: FileProblems) -> np.ndarray:
    """WGS-84 degrees, shape (n, 2), of coordinates in `system`; NaN stays NaN."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    degrees = np.full((len(lon), 2), np.nan)
    good = np.isfinite(lon) & np.isfinite(lat)
    if not system.startswith("epsg:"):
        good &= (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    if not good.any():
        return degrees
    try:
        x, y = to_wgs84(lon[good], lat[good], system)
    except (CRSError, ProjError, ValueError) as error:
        log.add(0, "system", error, gettext_noop("wgs84, gcj02, bd09 or epsg: with a number"))
        return degrees
    degrees[good, 0], degrees[good, 1] = x, y
    outside = ~np.isfinite(degrees).all(axis=1) | (np.abs(degrees[:, 0]) > 180.0) | (np.abs(degrees[:, 1]) > 90.0)
    degrees[outside] = np.nan
    return degrees


def places(frame: pd.DataFrame, columns: tuple[str, str], system: str, log: FileProblems) -> np.ndarray:
    """Columns of longitude and latitude as WGS-84 degrees, shape (n, 2); NaN in rows with a problem.

    A cell that is no number, a place off the globe and the point 0, 0 (what exporters write for "unknown") are
    problems.
    """
    lon, lat = columns
    projected = system.startswith("epsg:")
    bounds = ((-math.inf, math.inf), (-math.inf, math.inf)) if projected else ((-180.0, 180.0), (-90.0, 90.0))
    wanted_x = gettext_noop("a longitude in degrees, from -180 to 180")
    wanted_y = gettext_noop("a latitude in degrees, from -90 to 90")
    number = gettext_noop("a number")
    (low_x, high_x), (low_y, high_y) = bounds
    x = numbers(frame, lon, log, low=low_x, high=high_x, expected=number if projected else wanted_x)
    y = numbers(frame, lat, log, low=low_y, high=high_y, expected=number if projected else wanted_y)
    degrees = to_degrees(x, y, system, log)
    nowhere = (x == 0.0) & (y == 0.0)
    lost = np.isfinite(x) & np.isfinite(y) & ~np.isfinite(degrees).all(axis=1)
    cells = frame[[ROW, lon, lat]].to_numpy()
    for row, x_text, y_text in cells[nowhere | lost]:
        log.add(row, f"{lon}, {lat}", f"{x_text}, {y_text}", gettext_noop("a place on the map, not 0, 0"))
    return degrees


def minutes_of(text: str) -> float:
    """Minutes after midnight of "H:MM" or "HH:MM:SS"; hours may pass 24. NaN for an empty or unreadable text."""
    match = _CLOCK.match(text)
    if not match:
        return math.nan
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 60 + minutes + seconds / 60


def minutes(frame: pd.DataFrame, column: str, log: FileProblems) -> np.ndarray:
    """A column of clock times as minutes after midnight; NaN where empty, a problem where unreadable."""
    text = frame[column]
    known = {value: minutes_of(value) for value in text.unique()}
    values = text.map(known).to_numpy(dtype=float)
    unreadable = np.isnan(values) & (text != "").to_numpy()
    mark(frame, column, unreadable, log, gettext_noop("a time such as 07:30:00 or 25:10:00"))
    return values


def unique(frame: pd.DataFrame, column: str, log: FileProblems) -> None:
    """Note every empty or repeated identifier in `column`."""
    text = frame[column]
    empty = (text == "").to_numpy()
    mark(frame, column, empty, log, gettext_noop("an identifier"))
    repeated = text.duplicated().to_numpy() & ~empty
    mark(frame, column, repeated, log, gettext_noop("an identifier that occurs only once"))


def known(frame: pd.DataFrame, column: str, ids: pd.Series, where: str, log: FileProblems) -> np.ndarray:
    """Which rows of `column` are among `ids`; notes the others as pointing nowhere in the file `where`."""
    good: np.ndarray = frame[column].isin(ids).to_numpy(copy=True)
    mark(frame, column, ~good, log, gettext_noop("an identifier that %(file)s holds"), file=where)
    return good


def rows_of(ids: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Row of each `wanted` among `ids`, -1 where it is not there; the first where `ids` repeats one."""
    rows = np.flatnonzero(~ids.duplicated().to_numpy())
    found = pd.Index(ids.iloc[rows]).get_indexer(pd.Index(wanted))
    return np.where(found >= 0, rows[found], -1) if len(rows) else found


def length_m(path: np.ndarray) -> float:
    """Length in metres along WGS-84 degrees (n, 2), on the ellipsoid."""
    return float(GEOD.line_length(path[:, 0], path[:, 1])) if len(path) > 1 else 0.0


def tidy_path(path: np.ndarray) -> np.ndarray:
    """`path` rounded to six decimals (0.1 m) without points that repeat the one before."""
    rounded = np.round(np.asarray(path, dtype=float), 6)
    keep = np.ones(len(rounded), dtype=bool)
    keep[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
    return rounded[keep]
