"""Networks that are lists of stops in driving order and nothing else: no paths, no stop codes.

Both the table of a bus company (a row per call) and the crawled line lists (a row per line) come here.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.core.coordinates import Projection
from geo.sources import values
from geo.sources.frames import CALL_COLUMNS, LINE_COLUMNS, ROUTE_COLUMNS, STOP_COLUMNS, NetworkFrames, Note
from geo.sources.problems import gettext_noop
from geo.sources.schedule import ASSUMED_HEADWAY_MIN, buses_for, last_after, trips_a_day

SAME_STOP_M = 40.0  # positions of one name this near are one stop: crawlers place it a little apart for every line


@dataclass(frozen=True)
class StopList:
    """One direction of a line as its stops: names, and WGS-84 degrees (n, 2). NaN where a figure is unknown."""

    line: str
    direction: int
    names: Sequence[str]
    degrees: np.ndarray
    first: float = math.nan
    last: float = math.nan
    headway: float = math.nan
    trips: float = math.nan
    buses: float = math.nan


def network_of(lists: Sequence[StopList], sha256: str) -> NetworkFrames:
    """Frames of `lists`, none of them shorter than two stops; a list that is there twice counts once."""
    names = [name for found in lists for name in found.names]
    degrees = np.concatenate([found.degrees for found in lists])
    of_call, stops = _stops(names, degrees)
    lines: dict[str, list[float]] = {}
    routes, calls, profiles = [], [], set()
    start, doubled, assumed = 0, 0, 0
    for found in lists:
        codes = [stops[k][0] for k in of_call[start : start + len(found.names)]]
        start += len(found.names)
        digest = hashlib.sha256("\n".join(codes).encode()).hexdigest()[:8]
        code = f"{found.direction}-{digest}"
        if (found.line, code) in profiles:
            doubled += 1
            continue
        profiles.add((found.line, code))
        path = values.tidy_path(found.degrees)
        length = values.length_m(path)
        last = last_after(found.first, found.last) if math.isfinite(found.first + found.last) else found.last
        known = math.isfinite(found.trips) or math.isfinite(found.headway)
        assumed += not known
        trips = found.trips if math.isfinite(found.trips) else trips_a_day(found.first, last, found.headway)
        name = f"{found.names[0]}—{found.names[-1]}"
        routes.append((found.line, code, name, found.direction, path, length, trips, found.first, last, math.nan, True))
        calls += [(found.line, code, stop, i) for i, stop in enumerate(codes)]
        headway = found.headway if math.isfinite(found.headway) else ASSUMED_HEADWAY_MIN
        driven, _headway, buses = lines.get(found.line, [0.0, headway, math.nan])
        lines[found.line] = [driven + length, headway, found.buses if math.isfinite(found.buses) else buses]
    rows = [
        (line, line, buses if math.isfinite(buses) else buses_for(driven, headway), not math.isfinite(buses))
        for line, (driven, headway, buses) in lines.items()
    ]
    return NetworkFrames(
        pd.DataFrame(rows, columns=LINE_COLUMNS),
        pd.DataFrame(routes, columns=ROUTE_COLUMNS),
        pd.DataFrame(stops, columns=STOP_COLUMNS),
        pd.DataFrame(calls, columns=CALL_COLUMNS),
        sha256,
        _notes(doubled, assumed),
    )


def _stops(names: Sequence[str], degrees: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str, float, float]]]:
    """Row of the stops of every call, and the stops: positions of one name within `SAME_STOP_M` are one.

    A stop stands where it is first met, so that a line added at the end of a file moves none.
    """
    x, y = Projection.around(degrees[:, 0], degrees[:, 1]).forward(degrees[:, 0], degrees[:, 1])
    known: dict[str, list[int]] = {}
    at: list[tuple[float, float]] = []
    stops: list[tuple[str, str, float, float]] = []
    codes: dict[str, int] = {}
    of_call = np.empty(len(names), dtype=np.int64)
    for i, name in enumerate(names):
        near = [k for k in known.get(name, ()) if math.hypot(x[i] - at[k][0], y[i] - at[k][1]) <= SAME_STOP_M]
        if near:
            of_call[i] = near[0]
            continue
        lon, lat = round(float(degrees[i, 0]), 6), round(float(degrees[i, 1]), 6)
        code = f"{name[:60]}@{lon:.4f},{lat:.4f}"
        of_call[i] = codes.setdefault(code, len(stops))
        if of_call[i] == len(stops):
            known.setdefault(name, []).append(len(stops))
            at.append((x[i], y[i]))
            stops.append((code, name, lon, lat))
    return of_call, stops


def _notes(doubled: int, assumed: int) -> list[Note]:
    metres = (("m", f"{SAME_STOP_M:g}"),)
    notes = [
        Note(gettext_noop("The file has no paths; stops were joined by straight lines")),
        Note(gettext_noop("Stops of one name within %(m)s m of each other were taken as one"), metres),
    ]
    if assumed:
        message = gettext_noop("%(n)s routes have no trips or headway; a bus every %(minutes)s minutes is assumed")
        notes.append(Note(message, (("n", str(assumed)), ("minutes", f"{ASSUMED_HEADWAY_MIN:g}"))))
    if doubled:
        message = gettext_noop("%(n)s lists of stops stand in the file more than once and count once")
        notes.append(Note(message, (("n", str(doubled)),)))
    return notes
