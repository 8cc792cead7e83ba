"""A network as the spreadsheet that a bus company keeps: one row per call, in driving order.

Columns of other names are mapped as for hotspots; rows of one line and direction belong together wherever they stand.
"""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.frames import NetworkFrames
from geo.sources.geojson import DIRECTIONS
from geo.sources.mapping import NETWORK_FIELDS, Mapping
from geo.sources.problems import FileProblems, Problems, gettext_noop, missing_file
from geo.sources.stop_lists import StopList, network_of
from geo.sources.tables import ROW, read_table

NEEDED = ("line", "stop", "lon", "lat")


def read_calls_table(path: Path, system: str, mapping: Mapping) -> NetworkFrames:
    """The table as frames. Raises InputError with every problem found."""
    if not path.is_file():
        raise missing_file(path)
    problems = Problems()
    log = problems.of(path.name)
    sha256 = sha256_of(path)
    system = values.clean_system(system, log)
    table = read_table(path, log)
    problems.raise_any()
    if table is None or not len(table):
        log.add(0, "-", "-", gettext_noop("at least one row"))
        problems.raise_any()
        raise AssertionError
    frame, columns = _renamed(table, mapping, log)
    problems.raise_any()
    lists = _lists(frame, columns, system, log)
    problems.raise_any()
    return network_of(lists, sha256)


def _renamed(table: pd.DataFrame, mapping: Mapping, log: FileProblems) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table with our column names, and the file's name for each of them."""
    headings = [str(column) for column in table if column != ROW]
    columns = mapping.columns_of(headings, NETWORK_FIELDS)
    for name in NEEDED:
        if name not in columns and name not in mapping.constants:
            log.add(1, name, ", ".join(headings), gettext_noop("a column of this name, or --map or --set for it"))
    for column in columns.values():
        if column not in table:
            log.add(1, column, ", ".join(headings), gettext_noop("a column of this name"))
    if log.found:
        return table, columns
    frame = pd.DataFrame({name: table[column] for name, column in columns.items()} | {ROW: table[ROW]})
    for name, value in mapping.constants.items():
        frame[name] = value
    for name in NETWORK_FIELDS:
        if name not in frame:
            frame[name] = ""
    return frame, columns


def _lists(frame: pd.DataFrame, columns: dict[str, str], system: str, log: FileProblems) -> list[StopList]:
    shown = frame.rename(columns={"lon": columns.get("lon", "lon"), "lat": columns.get("lat", "lat")})
    degrees = values.places(shown, (columns.get("lon", "lon"), columns.get("lat", "lat")), system, log)
    for name in ("line", "stop"):
        values.mark(frame, name, (frame[name] == "").to_numpy(), log, gettext_noop("a text"))
    way = frame["direction"].str.lower().replace("", "0")
    known = way.isin(list(DIRECTIONS)).to_numpy()
    values.mark(frame, "direction", ~known, log, gettext_noop("0 or outbound, 1 or inbound, 2 or loop"))
    whole = gettext_noop("a whole number from 0")
    order = values.numbers(frame, "sequence", log, low=0, blank=-1.0, expected=whole)
    least = gettext_noop("a number of at least 0")
    numbers = {
        name: values.numbers(frame, name, log, low=low, blank=math.inf, expected=least)
        for name, low in (("headway_minutes", 0.1), ("trips_per_day", 0.0), ("buses", 0.0))
    }
    clocks = {name: values.minutes(frame, name, log) for name in ("first_departure", "last_departure")}
    frame = frame.assign(way=way.map(DIRECTIONS).fillna(0).astype(int), order=order, at=np.arange(len(frame)))
    lists = []
    for (line, direction), rows in frame.groupby(["line", "way"], sort=False):
        mine = rows.sort_values(["order", "at"], kind="stable")["at"].to_numpy()
        if len(mine) < 2:
            log.add(frame[ROW].to_numpy()[mine[0]], "line", line, gettext_noop("at least two stops"))
            continue

        def one(found: np.ndarray, mine: np.ndarray = mine) -> float:
            """The first figure that any row of the direction gives."""
            given = found[mine][np.isfinite(found[mine])]
            return float(given[0]) if len(given) else math.nan

        lists.append(
            StopList(
                line=str(line),
                direction=int(str(direction)),
                names=frame["stop"].to_numpy()[mine].tolist(),
                degrees=degrees[mine],
                first=one(clocks["first_departure"]),
                last=one(clocks["last_departure"]),
                headway=one(numbers["headway_minutes"]),
                trips=one(numbers["trips_per_day"]),
                buses=one(numbers["buses"]),
            )
        )
    return lists
