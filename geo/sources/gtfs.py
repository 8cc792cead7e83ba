"""GTFS, zip or folder: a route is a line, and each distinct sequence of stops in a direction of it is one of ours.

Reference: https://gtfs.org/schedule/reference/. Times may pass 24:00; `frequencies.txt`, `shapes.txt`, either
calendar file and `direction_id` may be missing or empty.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from geo.sources import values
from geo.sources.files import Bundle, open_bundle, sha256_of
from geo.sources.frames import NetworkFrames, Note
from geo.sources.gtfs_patterns import Calls, Feed, build
from geo.sources.gtfs_service import WEEKDAYS, read_calendar, read_frequencies
from geo.sources.problems import Problems, gettext_noop
from geo.sources.tables import ROW, parse_csv, require

# Columns that must be there, and those used where they are.
COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "routes.txt": (["route_id", "route_type"], ["route_short_name", "route_long_name"]),
    "trips.txt": (["route_id", "service_id", "trip_id"], ["direction_id", "shape_id"]),
    "stops.txt": (["stop_id", "stop_lat", "stop_lon"], ["stop_name", "location_type"]),
    "stop_times.txt": (["trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"], []),
    "calendar.txt": (["service_id", *WEEKDAYS, "start_date", "end_date"], []),
    "calendar_dates.txt": (["service_id", "date", "exception_type"], []),
    "frequencies.txt": (["trip_id", "start_time", "end_time", "headway_secs"], []),
    "shapes.txt": (["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"], []),
}
REQUIRED = ("routes.txt", "trips.txt", "stops.txt", "stop_times.txt")
DIRECTION = gettext_noop("0 or 1")


def read_gtfs(path: Path, system: str) -> NetworkFrames:
    """A GTFS feed as frames. Raises InputError with every problem found."""
    problems = Problems()
    sha256 = sha256_of(path)
    system = values.clean_system(system, problems.of(path.name))
    with open_bundle(path) as bundle:
        tables = _tables(bundle, problems)
    problems.raise_any()
    routes, trips, left_out = _bus_routes(tables, problems)
    calls = _calls(tables["stop_times.txt"], trips, tables["stops.txt"], problems)
    stops = _stops(tables, calls, trips, system, problems)
    calendar = read_calendar(tables.get("calendar.txt"), tables.get("calendar_dates.txt"), problems)
    headways = read_frequencies(tables.get("frequencies.txt"), trips["trip_id"], problems)
    shapes = _shapes(tables.get("shapes.txt"), system, problems)
    values.known(trips, "service_id", pd.Series(calendar.services), "calendar.txt", problems.of("trips.txt"))
    problems.raise_any()
    notes = [Note(gettext_noop("%(n)s routes that no bus drives (rail, ferry) were left out"), (("n", str(left_out)),))]
    frames, more = build(Feed(routes, trips, stops, calls, calendar, headways, shapes))
    kept = notes if left_out else []
    return NetworkFrames(*frames, sha256, kept + more)


def _tables(bundle: Bundle, problems: Problems) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    for name, (needed, used) in COLUMNS.items():
        if name not in bundle:
            if name in REQUIRED:
                shown = ", ".join(bundle.names[:8])
                problems.of(bundle.path.name).add(
                    0, name, shown, gettext_noop("a feed with the file %(file)s"), file=name
                )
            continue
        log = problems.of(name)
        before = len(problems.found)
        data = bundle.read(name, problems)
        if len(problems.found) > before:
            continue
        if name not in REQUIRED and not data.strip():
            continue
        table = parse_csv(data, log, {*needed, *used})
        if table is not None and require(table, needed, log):
            tables[name] = table
            for column in used:
                if column not in table:
                    table[column] = ""
    if "calendar.txt" not in bundle and "calendar_dates.txt" not in bundle:
        names = ", ".join(bundle.names[:8])
        expected = gettext_noop("a feed with the file %(file)s")
        problems.of(bundle.path.name).add(0, "calendar.txt", names, expected, file="calendar.txt, calendar_dates.txt")
    return tables


def _is_bus(kind: np.ndarray) -> np.ndarray:
    """Bus, trolleybus and coach in GTFS's basic and extended route types."""
    bus: np.ndarray = (kind == 3) | (kind == 11) | ((kind >= 200) & (kind < 300)) | ((kind >= 700) & (kind < 900))
    return bus


def _bus_routes(tables: dict[str, pd.DataFrame], problems: Problems) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    routes, trips = tables["routes.txt"], tables["trips.txt"]
    log, log_trips = problems.of("routes.txt"), problems.of("trips.txt")
    values.unique(routes, "route_id", log)
    values.unique(trips, "trip_id", log_trips)
    values.known(trips, "route_id", routes["route_id"], "routes.txt", log_trips)
    kind = values.numbers(
        routes, "route_type", log, low=0, high=1799, blank=3, expected=gettext_noop("a route type of GTFS, such as 3")
    )
    values.mark(trips, "direction_id", ~trips["direction_id"].isin(["", "0", "1"]).to_numpy(), log_trips, DIRECTION)
    bus = _is_bus(kind) | np.isnan(kind)
    if not bus.any():
        log.add(
            0, "route_type", ", ".join(sorted(routes["route_type"].unique())), gettext_noop("at least one bus route")
        )
    kept = routes[bus].reset_index(drop=True)
    # Trips of other vehicles stay here, so that what refers to them is not called unknown; they get no pattern.
    return kept, trips, int((~bus).sum())


def _calls(times: pd.DataFrame, trips: pd.DataFrame, stops: pd.DataFrame, problems: Problems) -> Calls:
    log = problems.of("stop_times.txt")
    if not len(times):
        log.add(1, "-", "", gettext_noop("a line of column names and rows under it"))
    good = values.known(times, "trip_id", trips["trip_id"], "trips.txt", log)
    good &= values.known(times, "stop_id", stops["stop_id"], "stops.txt", log)
    sequence = values.numbers(times, "stop_sequence", log, low=0, expected=gettext_noop("a whole number from 0"))
    arrival = values.minutes(times, "arrival_time", log)
    departure = values.minutes(times, "departure_time", log)
    arrival, departure = (
        np.where(np.isnan(arrival), departure, arrival),
        np.where(np.isnan(departure), arrival, departure),
    )
    trip = values.rows_of(trips["trip_id"], times["trip_id"])
    stop = pd.Index(stops["stop_id"].drop_duplicates()).get_indexer(times["stop_id"])
    rows = np.flatnonzero(good & np.isfinite(sequence))
    order = rows[np.lexsort((sequence[rows], trip[rows]))]
    trip, stop, sequence = trip[order], stop[order], sequence[order]
    arrival, departure, lines = arrival[order], departure[order], times[ROW].to_numpy()[order]

    same = (trip[1:] == trip[:-1]) & (sequence[1:] == sequence[:-1])
    for i in np.flatnonzero(same) + 1:
        log.add(lines[i], "stop_sequence", f"{sequence[i]:g}", gettext_noop("a number that occurs once in the trip"))
    timed = np.flatnonzero(np.isfinite(arrival))
    texts = times["arrival_time"].to_numpy()
    back = (trip[timed][1:] == trip[timed][:-1]) & (arrival[timed][1:] < departure[timed][:-1])
    for i in timed[1:][back]:
        log.add(lines[i], "arrival_time", texts[order[i]], gettext_noop("a time not before the stop before"))

    start = np.searchsorted(trip, np.arange(len(trips) + 1))
    has = start[1:] > start[:-1]
    first, last = start[:-1][has], start[1:][has] - 1
    for i in first[np.isnan(departure[first])]:
        log.add(lines[i], "departure_time", "", gettext_noop("a time, as this is the trip's first stop"))
    leaves, reaches = np.full(len(trips), np.nan), np.full(len(trips), np.nan)
    if len(first):
        leaves[has], reaches[has] = departure[first], arrival[last]
    return Calls(stop, start, leaves, reaches)


def _stops(
    tables: dict[str, pd.DataFrame], calls: Calls, trips: pd.DataFrame, system: str, problems: Problems
) -> pd.DataFrame:
    """Every stop, less stations, entrances and what only other vehicles serve; rows stay as calls count them."""
    log = problems.of("stops.txt")
    stops = tables["stops.txt"]
    values.unique(stops, "stop_id", log)
    stops = stops.drop_duplicates("stop_id", ignore_index=True)
    routes = tables["routes.txt"].drop_duplicates("route_id")
    kind = pd.to_numeric(routes["route_type"], errors="coerce").fillna(3).to_numpy(float)
    bus_routes = routes["route_id"][_is_bus(kind)]
    by_bus = np.repeat(trips["route_id"].isin(bus_routes).to_numpy(), np.diff(calls.start))
    called, bus_called = np.zeros(len(stops), dtype=bool), np.zeros(len(stops), dtype=bool)
    called[calls.stop[: len(by_bus)]] = True
    bus_called[calls.stop[: len(by_bus)][by_bus]] = True
    kept = bus_called | (~called & stops["location_type"].isin(["", "0"]).to_numpy())
    degrees = np.full((len(stops), 2), np.nan)
    degrees[kept] = values.places(stops[kept], ("stop_lon", "stop_lat"), system, log)
    name = stops["stop_name"].where(stops["stop_name"] != "", stops["stop_id"])
    return pd.DataFrame(
        {"code": stops["stop_id"], "name": name, "lon": degrees[:, 0], "lat": degrees[:, 1], "kept": kept}
    )


def _shapes(table: pd.DataFrame | None, system: str, problems: Problems) -> dict[str, np.ndarray]:
    if table is None or not len(table):
        return {}
    log = problems.of("shapes.txt")
    degrees = values.places(table, ("shape_pt_lon", "shape_pt_lat"), system, log)
    sequence = values.numbers(table, "shape_pt_sequence", log, low=0, expected=gettext_noop("a whole number from 0"))
    codes, names = pd.factorize(table["shape_id"])
    order = np.lexsort((sequence, codes))
    cuts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    paths = {name: values.tidy_path(degrees[order[cuts[i] : cuts[i + 1]]]) for i, name in enumerate(names)}
    return {name: path for name, path in paths.items() if len(path) > 1}
