"""CPTOND-2025: directional bus lines of a Chinese city as GeoJSON, with end stops, hours and no timetable.

Schema as published with the data set (Figshare 29377427): `route_cn` is "line(from--to)", `loop` and `status` are
"0" or "1", times are "0630" or empty, `distance` is kilometres. Only the two end stops of a line are in it.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.frames import (
    CALL_COLUMNS,
    INBOUND,
    LINE_COLUMNS,
    LOOP,
    OUTBOUND,
    ROUTE_COLUMNS,
    STOP_COLUMNS,
    NetworkFrames,
    Note,
)
from geo.sources.items import Item, degrees_of
from geo.sources.lines import line_of
from geo.sources.problems import Problems, gettext_noop
from geo.sources.schedule import ASSUMED_HEADWAY_MIN, buses_for, last_after, trips_a_day
from geo.sources.vectors import vector_items

_NAME = re.compile(r"^(?P<line>.+?)[(\uff08](?P<way>.+)[)\uff09]\s*$")
RUNNING = "1"


@dataclass(frozen=True)
class _Way:
    name: str
    line: str
    first_stop: str
    last_stop: str
    loop: bool
    running: bool
    first: float
    last: float


def read_cptond(path: Path, system: str, layers: Sequence[str] = ()) -> NetworkFrames:
    """The file, or every file of the folder, as frames. Raises InputError with every problem found."""
    problems = Problems()
    sha256 = sha256_of(path)
    system = values.clean_system(system, problems.of(path.name))
    found = vector_items(path, problems, system, layers)
    parts = [(item, line) for item in found if (line := line_of(item)) is not None]
    ways = [_way(item) for item, _line in parts]
    paths = [values.tidy_path(line) for line in degrees_of(parts, system)]
    _only_once([item for item, _line in parts])
    if not found and not problems.found:
        problems.of(path.name).add(0, "-", "-", gettext_noop("at least one file with features"))
    problems.raise_any()
    return _frames(ways, paths, sha256)


def _way(item: Item) -> _Way:
    name = item.text("route_cn", "route_en")
    match = _NAME.match(name)
    first, last = item.clock("start_time"), item.clock("end_time")
    start, end = item.text("s_stop_cn", "s_stop_en", default=""), item.text("e_stop_cn", "e_stop_en", default="")
    if not (start and end) and match and "--" in match["way"]:
        start, end = match["way"].split("--", 1)
    if name and not (start and end):
        item.problem("s_stop_cn", "", gettext_noop("names of the first and the last stop"))
    return _Way(
        name=name,
        line=match["line"].strip() if match else name,
        first_stop=start,
        last_stop=end,
        loop=item.text("loop", default="0") == "1",
        running=item.text("status", default=RUNNING) == RUNNING,
        first=first,
        last=last_after(first, last) if math.isfinite(first + last) else last,
    )


def _only_once(found: list[Item]) -> None:
    seen: set[str] = set()
    for item in found:
        name = str(item.data.get("route_cn") or "")
        if name and name in seen:
            item.problem("route_cn", name, gettext_noop("an identifier that occurs only once"))
        seen.add(name)


def _stop_code(name: str, lon: float, lat: float) -> str:
    """End stops of one name within about 100 m are the same stop; the layout has no codes."""
    return f"{name[:60]}@{lon:.3f},{lat:.3f}"


def _frames(ways: list[_Way], paths: list[np.ndarray], sha256: str) -> NetworkFrames:
    lines: dict[str, list[float]] = {}
    stops: dict[str, tuple[Any, ...]] = {}
    routes: list[tuple[Any, ...]] = []
    calls: list[tuple[Any, ...]] = []
    reference: dict[str, tuple[str, str]] = {}
    unscheduled = 0
    for way, path in zip(ways, paths, strict=True):
        length = values.length_m(path)
        direction = _direction(way, reference)
        code = f"{direction}-{hashlib.sha256(way.name.encode()).hexdigest()[:8]}"
        unscheduled += math.isnan(way.first) or math.isnan(way.last)
        trips = trips_a_day(way.first, way.last, ASSUMED_HEADWAY_MIN) if way.running else 0.0
        name = f"{way.first_stop}—{way.last_stop}"
        row = (way.line, code, name, direction, path, length, trips, way.first, way.last, math.nan, True)
        routes.append(row)
        lines.setdefault(way.line, []).append(length if way.running else 0.0)
        for sequence, (stop, (lon, lat)) in enumerate(((way.first_stop, path[0]), (way.last_stop, path[-1]))):
            stop_code = _stop_code(stop, lon, lat)
            stops.setdefault(stop_code, (stop_code, stop, lon, lat))
            calls.append((way.line, code, stop_code, sequence))
    line_rows = [(code, code, buses_for(sum(m), ASSUMED_HEADWAY_MIN), True) for code, m in lines.items()]
    return NetworkFrames(
        pd.DataFrame(line_rows, columns=LINE_COLUMNS),
        pd.DataFrame(routes, columns=ROUTE_COLUMNS),
        pd.DataFrame(list(stops.values()), columns=STOP_COLUMNS),
        pd.DataFrame(calls, columns=CALL_COLUMNS),
        sha256,
        _notes(unscheduled, sum(not way.running for way in ways)),
    )


def _direction(way: _Way, reference: dict[str, tuple[str, str]]) -> int:
    """A loop as marked; else inbound where the ends are those of the line's first route turned round."""
    if way.loop:
        return LOOP
    ends = reference.setdefault(way.line, (way.first_stop, way.last_stop))
    turned = way.first_stop == ends[1] or way.last_stop == ends[0]
    same = way.first_stop == ends[0] or way.last_stop == ends[1]
    return INBOUND if turned and not same else OUTBOUND


def _notes(unscheduled: int, not_running: int) -> list[Note]:
    headway = (("minutes", f"{ASSUMED_HEADWAY_MIN:g}"),)
    notes = [
        Note(gettext_noop("The file has no timetable; a bus every %(minutes)s minutes is assumed"), headway),
        Note(gettext_noop("Of the stops, the file has only the first and the last of each route")),
    ]
    if unscheduled:
        message = gettext_noop("%(n)s routes have no hours of service; 06:30 to 19:00 is assumed")
        notes.append(Note(message, (("n", str(unscheduled)),)))
    if not_running:
        message = gettext_noop("%(n)s routes are marked as not running and have no trips")
        notes.append(Note(message, (("n", str(not_running)),)))
    return notes
