"""A network as GeoJSON, Shapefile or GeoPackage: lines are routes, points are stops.

What `export_area` writes can be read back. The field names and their synonyms stand in docs/data-formats.md.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.core.coordinates import Projection
from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.frames import (
    CALL_COLUMNS,
    LINE_COLUMNS,
    OUTBOUND,
    ROUTE_COLUMNS,
    STOP_COLUMNS,
    NetworkFrames,
    Note,
)
from geo.sources.items import Item, degrees_of, positions
from geo.sources.lines import line_of
from geo.sources.problems import Problems, gettext_noop
from geo.sources.profiles import profile_of
from geo.sources.schedule import ASSUMED_HEADWAY_MIN, buses_for, last_after, trips_a_day
from geo.sources.vectors import vector_items

LINE = ("line", "route", "ref", "linename", "线路", "线路名称")
STOPS_NEAR_M = 30.0  # a stop of no named line belongs to the routes that pass this near
DIRECTIONS = {"0": 0, "1": 1, "2": 2, "outbound": 0, "inbound": 1, "loop": 2, "上行": 0, "下行": 1, "环线": 2}


@dataclass(frozen=True)
class _Route:
    line: str
    line_name: str
    code: str
    name: str
    direction: int
    first: float
    last: float
    headway: float
    trips: float
    speed: float
    buses: float
    counted: bool
    stops: list[str]
    profile: np.ndarray | None
    item: Item


@dataclass(frozen=True)
class _Stops:
    frame: pd.DataFrame
    lines: list[list[str]]


def read_geojson_network(path: Path, system: str, layers: Sequence[str] = ()) -> NetworkFrames:
    """The file, or every file of the folder, as frames. Raises InputError with every problem found."""
    problems = Problems()
    sha256 = sha256_of(path)
    system = values.clean_system(system, problems.of(path.name))
    found = vector_items(path, problems, system, layers)
    lines = [item for item in found if (item.geometry or {}).get("type") != "Point"]
    points = [item for item in found if (item.geometry or {}).get("type") == "Point"]
    drawn = [(item, line) for item in lines if (line := line_of(item)) is not None]
    paths = [values.tidy_path(line) for line in degrees_of(drawn, system)]
    routes = _with_codes([_route(item) for item, _line in drawn])
    stops = _stops(points, system)
    if not lines:
        problems.of(path.name).add(0, "geometry", "Point", gettext_noop("at least one line"))
    _check_stops(routes, stops)
    problems.raise_any()
    calls, placed = _calls(routes, paths, stops)
    line_frame, route_frame = _line_and_route_frames(routes, paths)
    call_frame = pd.DataFrame(calls, columns=CALL_COLUMNS)
    notes = _notes(routes, placed, len(points))
    return NetworkFrames(line_frame, route_frame, stops.frame, call_frame, sha256, notes)


def _route(item: Item) -> _Route:
    line = item.text(*LINE, "name", "名称")
    way = item.text("direction", "方向", default="0")
    if way.lower() not in DIRECTIONS:
        item.problem("direction", way, gettext_noop("0 or outbound, 1 or inbound, 2 or loop"))
    first, last = item.clock("first_departure", "首班"), item.clock("last_departure", "末班")
    return _Route(
        line=line,
        line_name=item.text("line_name", default=line),
        code=item.text("code", default=""),
        name=item.text("name", "名称", default=line),
        direction=DIRECTIONS.get(way.lower(), OUTBOUND),
        first=first,
        last=last_after(first, last) if math.isfinite(first + last) else last,
        headway=item.number("headway_minutes", "发车间隔", low=0.1, default=math.nan),
        trips=item.number("trips_per_day", "日班次", low=0, default=math.nan),
        speed=item.number("speed_kmh", low=1, high=150, default=math.nan),
        buses=item.number("buses", "配车数", low=0, default=math.nan),
        counted=item.pick(["buses_estimated"])[1] not in {True, "true", "1"},
        stops=item.texts("stops"),
        profile=_profile(item),
        item=item,
    )


def _profile(item: Item) -> np.ndarray | None:
    """24 rows of trips on a weekday, a Saturday and a Sunday, as lists or as JSON text."""
    _key, value = item.pick(["trips_by_hour"])
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    profile = profile_of(value)
    if profile is None:
        item.problem("trips_by_hour", _key, gettext_noop("24 rows of three whole numbers"))
    return profile


def _with_codes(routes: list[_Route]) -> list[_Route]:
    """Routes without a code get direction and number; a code that a line has twice is a problem."""
    taken: set[tuple[str, str]] = set()
    result = []
    for route in routes:
        code = route.code
        if not code:
            number = 1
            while (route.line, code := f"{route.direction}-{number}") in taken:
                number += 1
        elif (route.line, code) in taken:
            route.item.problem("code", code, gettext_noop("an identifier that occurs only once"))
        taken.add((route.line, code))
        result.append(_Route(**{**route.__dict__, "code": code}))
    return result


def _stops(points: list[Item], system: str) -> _Stops:
    parts = []
    rows: list[tuple[str, str]] = []
    lines: list[list[str]] = []
    seen: set[str] = set()
    for item in points:
        point = positions(item, [(item.geometry or {}).get("coordinates")])
        if point is None:
            continue
        name = item.text("name", "名称", "站名", default="")
        code = item.text("code", "id", "stop_id", "编号", default="") or f"{name}@{point[0, 0]:.5f},{point[0, 1]:.5f}"
        if code in seen:
            item.problem("code", code, gettext_noop("an identifier that occurs only once"))
        seen.add(code)
        parts.append((item, point))
        rows.append((code, name or code))
        lines.append(item.texts("lines", "routes", "线路"))
    frame = pd.DataFrame(rows, columns=["code", "name"])
    degrees = np.array([point[0] for point in degrees_of(parts, system)]).reshape(-1, 2)
    frame["lon"], frame["lat"] = degrees[:, 0], degrees[:, 1]
    return _Stops(frame[STOP_COLUMNS], lines)


def _check_stops(routes: list[_Route], stops: _Stops) -> None:
    codes = set(stops.frame["code"])
    for route in routes:
        for stop in route.stops:
            if stop not in codes:
                route.item.problem("stops", stop, gettext_noop("the code of a point"))


def _calls(routes: list[_Route], paths: list[np.ndarray], stops: _Stops) -> tuple[list[tuple[Any, ...]], int]:
    """Calls as the routes list them; else of the points that name the line; else of those near. Counts the last."""
    placed = 0
    calls: list[tuple[Any, ...]] = []
    lon, lat = stops.frame["lon"].to_numpy(), stops.frame["lat"].to_numpy()
    if not len(lon):
        return calls, placed
    every = np.concatenate(paths)
    projection = Projection.around(every[:, 0], every[:, 1])
    at = np.asarray(shapely.points(np.column_stack(projection.forward(lon, lat))))
    unnamed = np.array([not names for names in stops.lines])
    codes = stops.frame["code"].to_numpy()
    for route, path in zip(routes, paths, strict=True):
        listed = route.stops
        if not listed:
            road = shapely.linestrings(np.column_stack(projection.forward(path[:, 0], path[:, 1])))
            near = unnamed & shapely.dwithin(road, at, STOPS_NEAR_M)
            placed += int(near.sum())
            mine = np.flatnonzero(near | np.array([bool({route.line, route.line_name} & {*n}) for n in stops.lines]))
            along = shapely.line_locate_point(road, at[mine])
            listed = list(codes[mine[np.argsort(along, kind="stable")]])
        calls.extend((route.line, route.code, stop, i) for i, stop in enumerate(listed))
    return calls, placed


def _line_and_route_frames(routes: list[_Route], paths: list[np.ndarray]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows: list[tuple[Any, ...]] = []
    lines: dict[str, tuple[str, float, float, float, bool]] = {}
    for route, path in zip(routes, paths, strict=True):
        length = values.length_m(path)
        known = math.isfinite(route.trips) or math.isfinite(route.headway)
        trips = route.trips if math.isfinite(route.trips) else trips_a_day(route.first, route.last, route.headway)
        estimated = not (known and math.isfinite(route.speed))
        rows.append(
            (
                route.line,
                route.code,
                route.name,
                route.direction,
                path,
                length,
                trips,
                route.first,
                route.last,
                route.speed,
                estimated,
            )
        )
        _name, driven_m, buses, _guess, counted = lines.get(route.line, ("", 0.0, math.nan, 1.0, True))
        buses = route.buses if math.isfinite(route.buses) else buses
        guess = buses_for(driven_m + length, route.headway, route.speed)
        lines[route.line] = (route.line_name, driven_m + length, buses, guess, counted and route.counted)
    line_rows = [
        (code, name, buses if math.isfinite(buses) else guess, not (counted and math.isfinite(buses)))
        for code, (name, _driven, buses, guess, counted) in lines.items()
    ]
    frame = pd.DataFrame(rows, columns=ROUTE_COLUMNS)
    frame["trips_by_hour"] = pd.Series([route.profile for route in routes], dtype=object)
    return pd.DataFrame(line_rows, columns=LINE_COLUMNS), frame


def _notes(routes: list[_Route], placed: int, points: int) -> list[Note]:
    notes = []
    unscheduled = sum(math.isnan(route.trips) and math.isnan(route.headway) for route in routes)
    if unscheduled:
        message = gettext_noop("%(n)s routes have no trips or headway; a bus every %(minutes)s minutes is assumed")
        notes.append(Note(message, (("n", str(unscheduled)), ("minutes", f"{ASSUMED_HEADWAY_MIN:g}"))))
    if placed:
        message = gettext_noop("%(n)s calls were found by stops within %(m)s m of a route")
        notes.append(Note(message, (("n", str(placed)), ("m", f"{STOPS_NEAR_M:g}"))))
    if not points:
        notes.append(Note(gettext_noop("The file has no stops; shelters cannot be planned with it")))
    return notes
