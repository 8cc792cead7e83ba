"""The Macau layout: a folder with a JSON list of routes and one of stops, headway in minutes, hours of service."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.sources import values
from geo.sources.files import Bundle, open_bundle, sha256_of
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
from geo.sources.items import Item, degrees_of, items, load_json, positions
from geo.sources.problems import Problems, gettext_noop
from geo.sources.schedule import ASSUMED_SPEED_KMH, buses_for, last_after, trips_a_day

LONGEST_HOUR = 30


def read_macau(path: Path, system: str) -> NetworkFrames:
    """The folder as frames. Raises InputError with every problem found."""
    problems = Problems()
    sha256 = sha256_of(path)
    system = values.clean_system(system, problems.of(path.name))
    with open_bundle(path) as bundle:
        routes = _list(bundle, "route", problems)
        stops = _list(bundle, "stop", problems)
    problems.raise_any()
    stop_frame = _stops(stops, system)
    places = {code: (lon, lat) for code, lon, lat in stop_frame[["code", "lon", "lat"]].itertuples(index=False)}
    shapes = _shapes(routes, system)
    lines: list[tuple[Any, ...]] = []
    route_rows: list[tuple[Any, ...]] = []
    calls: list[tuple[Any, ...]] = []
    for item in routes:
        _route(item, places, shapes.get(item.row), (lines, route_rows, calls))
    seen: set[str] = set()
    for item, line in zip(routes, lines, strict=True):
        if line[0] in seen:
            item.problem("id", line[0], gettext_noop("an identifier that occurs only once"))
        seen.add(line[0])
    problems.raise_any()
    note = Note(
        gettext_noop("The file has no driving times; buses per line assume %(speed)s km/h"),
        (("speed", f"{ASSUMED_SPEED_KMH:g}"),),
    )
    return NetworkFrames(
        pd.DataFrame(lines, columns=LINE_COLUMNS),
        pd.DataFrame(route_rows, columns=ROUTE_COLUMNS),
        stop_frame,
        pd.DataFrame(calls, columns=CALL_COLUMNS),
        sha256,
        [note],
    )


def _list(bundle: Bundle, word: str, problems: Problems) -> list[Item]:
    names = [name for name in bundle.names if word in name.lower() and name.lower().endswith(".json")]
    if len(names) != 1:
        log = problems.of(bundle.path.name)
        shown = ", ".join(bundle.names[:8])
        log.add(0, word, shown, gettext_noop("exactly one .json file with “%(word)s” in its name"), word=word)
        return []
    log = problems.of(names[0])
    found = items(load_json(bundle.read(names[0], problems), log), log)
    if not found and not log.found:
        log.add(0, "-", "[]", gettext_noop("a list of objects"))
    return found


def _stops(stops: list[Item], system: str) -> pd.DataFrame:
    rows = []
    parts = []
    seen: set[str] = set()
    for item in stops:
        code = item.text("id")
        if code in seen:
            item.problem("id", code, gettext_noop("an identifier that occurs only once"))
        seen.add(code)
        point = positions(item, [item.data.get("coordinates")])
        if point is not None:
            parts.append((item, point))
            rows.append((code, item.text("nameCn", "name", default=code)))
    degrees = degrees_of(parts, system)
    frame = pd.DataFrame(rows, columns=["code", "name"])
    frame["lon"] = [point[0, 0] for point in degrees]
    frame["lat"] = [point[0, 1] for point in degrees]
    return frame[STOP_COLUMNS]


def _shapes(routes: list[Item], system: str) -> dict[int, np.ndarray]:
    """Paths by row of the route; a route may have none."""
    parts = []
    for item in routes:
        feature = item.data.get("geometry")
        geometry = feature.get("geometry", feature) if isinstance(feature, dict) else None
        if geometry is None:
            continue
        if not isinstance(geometry, dict) or geometry.get("type") != "LineString":
            item.problem("geometry", geometry, gettext_noop("a LineString"))
            continue
        line = positions(item, geometry.get("coordinates"), least=2)
        if line is not None:
            parts.append((item, line))
    degrees = degrees_of(parts, system)
    located = zip((item for item, _line in parts), degrees, strict=True)
    return {item.row: values.tidy_path(path) for item, path in located if np.isfinite(path).all()}


def _route(
    item: Item,
    places: dict[str, tuple[float, float]],
    shape: np.ndarray | None,
    into: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]],
) -> None:
    lines, routes, calls = into
    code = item.text("id")
    headway = item.number("frequency", low=0.5, high=1440)
    first = item.number("serviceHoursStart", low=0, high=LONGEST_HOUR) * 60
    last = last_after(first, item.number("serviceHoursEnd", low=0, high=LONGEST_HOUR) * 60)
    ways = [("stopsForward", OUTBOUND), ("stopsBackward", INBOUND)]
    if not item.data.get("stopsBackward"):
        ways = [("stopsForward", LOOP if item.data.get("routeType") == "circular" else OUTBOUND)]
    driven_m = 0.0
    for field, direction in ways:
        stops = item.texts(field)
        for stop in [stop for stop in stops if stop not in places]:
            item.problem(field, stop, gettext_noop("an identifier that %(file)s holds"), file="stops")
        stops = [stop for stop in stops if stop in places]
        if len(stops) < 2:
            item.problem(field, len(stops), gettext_noop("at least two stops"))
            continue
        # The one shape is the way out; a way back is drawn from stop to stop.
        path = shape if shape is not None and direction != INBOUND else np.array([places[stop] for stop in stops])
        path = values.tidy_path(path)
        length = values.length_m(path)
        driven_m += length
        trips = trips_a_day(first, last, headway) if math.isfinite(first + last + headway) else math.nan
        name = item.text("nameCn", default=code)
        route_code = str(direction)
        routes.append((code, route_code, name, direction, path, length, trips, first, last, math.nan, True))
        calls.extend((code, route_code, stop, i) for i, stop in enumerate(stops))
    lines.append((code, item.text("name", default=code), buses_for(driven_m, headway), True))
