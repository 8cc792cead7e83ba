"""The Shenzhen layout: a CSV with one row per direction, the stops and their places as two lists in brackets.

`linename` is "line(from-to)"; `stationname` is ['…', …] and `stationgeo` ['longitude,latitude', …], as Python writes
lists of texts. No timetable, no paths.
"""

import ast
from pathlib import Path

import numpy as np

from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.frames import INBOUND, LOOP, OUTBOUND, NetworkFrames
from geo.sources.problems import FileProblems, Problems, gettext_noop, missing_file
from geo.sources.stop_lists import StopList, network_of
from geo.sources.tables import ROW, read_table, require

COLUMNS = ["linename", "stationname", "stationgeo"]
LONGEST_LIST = 100_000  # characters; a list of stops is a few thousand
_OPEN, _CLOSE = "(\uff08", ")\uff09"


def read_shenzhen(path: Path, system: str) -> NetworkFrames:
    """The file as frames. Raises InputError with every problem found."""
    if not path.is_file():
        raise missing_file(path)
    problems = Problems()
    log = problems.of(path.name)
    sha256 = sha256_of(path)
    system = values.clean_system(system, log)
    table = read_table(path, log)
    problems.raise_any()
    if table is None or not require(table, COLUMNS, log) or not len(table):
        log.add(1, "-", "", gettext_noop("a line of column names and rows under it"))
        problems.raise_any()
        raise AssertionError
    rows = []
    for row, line, names, places in table[[ROW, *COLUMNS]].itertuples(index=False):
        stops, points = _list(row, "stationname", names, log), _points(row, places, log)
        if not line:
            log.add(row, "linename", line, gettext_noop("a text"))
        if stops is not None and points is not None:
            if len(stops) != len(points):
                expected = gettext_noop("as many places as names: %(n)s")
                log.add(row, "stationgeo", len(points), expected, n=len(stops))
            elif len(stops) < 2:
                log.add(row, "stationname", len(stops), gettext_noop("at least two stops"))
            else:
                rows.append((row, line, stops, points))
    problems.raise_any()
    together = np.concatenate([points for _row, _line, _stops, points in rows])
    degrees = values.to_degrees(together[:, 0], together[:, 1], system, log)
    cuts = np.cumsum([len(points) for _row, _line, _stops, points in rows])[:-1]
    ends: dict[str, tuple[str, str]] = {}
    lists = []
    for (row, name, stops, points), place in zip(rows, np.split(degrees, cuts), strict=True):
        lost = ~np.isfinite(place).all(axis=1) | (points == 0.0).all(axis=1)
        if lost.any():
            x, y = points[np.flatnonzero(lost)[0]]
            log.add(row, "stationgeo", f"{x:g},{y:g}", gettext_noop("a place on the map, not 0, 0"))
        line = _line(name)
        lists.append(StopList(line, _direction(line, stops, ends), stops, place))
    problems.raise_any()
    return network_of(lists, sha256)


def _list(row: int, field: str, text: str, log: FileProblems) -> list[str] | None:
    try:
        found = ast.literal_eval(text) if len(text) <= LONGEST_LIST else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if isinstance(found, list) and all(isinstance(part, str) and part.strip() for part in found):
        return [part.strip() for part in found]
    log.add(row, field, text, gettext_noop("a list such as ['…', '…']"))
    return None


def _points(row: int, text: str, log: FileProblems) -> np.ndarray | None:
    parts = _list(row, "stationgeo", text, log)
    if parts is None:
        return None
    try:
        points = np.array([[float(number) for number in part.split(",")] for part in parts], dtype=float)
    except ValueError:
        points = np.full((1, 2), np.nan)
    if points.ndim == 2 and points.shape[1] == 2 and np.isfinite(points).all():
        return points
    log.add(row, "stationgeo", text, gettext_noop("pairs of longitude and latitude"))
    return None


def _line(name: str) -> str:
    """What stands before the last pair of brackets; brackets inside it belong to the names of stops."""
    depth = 0
    for i in range(len(name) - 1, 0, -1):
        depth += (name[i] in _CLOSE) - (name[i] in _OPEN)
        if depth == 0:
            return name[:i].strip() if name[i] in _OPEN else name
    return name


def _direction(line: str, stops: list[str], ends: dict[str, tuple[str, str]]) -> int:
    """A loop ends where it began; else inbound where the ends are those of the line's first row turned round."""
    if stops[0] == stops[-1]:
        return LOOP
    first = ends.setdefault(line, (stops[0], stops[-1]))
    same = stops[0] == first[0] or stops[-1] == first[1]
    turned = stops[0] == first[1] or stops[-1] == first[0]
    return INBOUND if turned and not same else OUTBOUND
