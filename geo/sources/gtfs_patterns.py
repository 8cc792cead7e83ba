"""From a checked GTFS feed to frames: patterns, paths, trips a day, buses."""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.sources import values
from geo.sources.frames import INBOUND, LOOP, OUTBOUND, Note
from geo.sources.gtfs_service import Calendar, Headways, buses_needed, departures
from geo.sources.problems import gettext_noop
from geo.sources.profiles import DAY_TYPES, HOURS, by_hour

ASSUMED_SPEED_KMH = 18.0  # only to guess the buses in service where a trip has no times; assumed
PLAUSIBLE_KMH = (2.0, 110.0)
KMH = 0.06  # kilometres an hour in one metre a minute

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Calls:
    """stop_times.txt by trip and sequence: rows of stops; `start` (trips + 1) cuts them into trips (rows of trips)."""

    stop: np.ndarray
    start: np.ndarray
    departure: np.ndarray  # of each trip's first call, minutes after midnight, (trips,)
    arrival: np.ndarray  # at each trip's last call, likewise


@dataclass(frozen=True)
class Feed:
    """A feed found free of problems. `routes` holds bus routes only; stops that are not `kept` serve other vehicles."""

    routes: pd.DataFrame
    trips: pd.DataFrame
    stops: pd.DataFrame
    calls: Calls
    calendar: Calendar
    headways: Headways
    shapes: dict[str, np.ndarray]


@dataclass(frozen=True)
class Departures:
    """Departures of the representative day: rows of trips, and minutes after midnight."""

    trip: np.ndarray
    minute: np.ndarray


def build(feed: Feed) -> tuple[Frames, list[Note]]:
    """The four frames of NetworkFrames, and what was assumed on the way."""
    routes, trips, stops, calls = feed.routes, feed.trips, feed.stops, feed.calls
    line_of_trip = values.rows_of(routes["route_id"], trips["route_id"])
    pattern_of_trip, patterns, too_short = _patterns(trips, calls, line_of_trip)
    service_of_trip = feed.calendar.services.get_indexer(pd.Index(trips["service_id"]))
    in_pattern = pattern_of_trip >= 0
    weight = np.bincount(service_of_trip[in_pattern], minlength=len(feed.calendar.services))
    day, day_date = feed.calendar.representative_day(weight)
    runs = feed.calendar.active[service_of_trip, day] & in_pattern
    day_departures = Departures(*departures(runs, calls.departure, feed.headways))
    trip, minute = day_departures.trip, day_departures.minute
    duration = calls.arrival - calls.departure

    paths, unshaped = _paths(trips, pattern_of_trip, patterns, stops, feed.shapes)
    lengths = np.array([values.length_m(path) for path in paths])
    frame = _timetable(lengths, pattern_of_trip, day_departures, duration)
    frame.insert(4, "path", pd.Series(paths, dtype=object))
    frame["trips_by_hour"] = pd.Series(list(_profiles(feed, weight, pattern_of_trip, len(patterns))), dtype=object)
    frame["direction"] = _directions(patterns, frame, stops)
    frame["line"] = routes["route_id"].to_numpy()[[pattern.line for pattern in patterns]]
    frame["name"] = [f"{stops['name'].iat[p.stops[0]]}—{stops['name'].iat[p.stops[-1]]}" for p in patterns]
    frame["code"] = [pattern.code(stops) for pattern in patterns]

    guess = lengths[pattern_of_trip[trip]] / (ASSUMED_SPEED_KMH / KMH)
    took = np.where(duration[trip] > 0, duration[trip], guess)
    buses = buses_needed(line_of_trip[trip], minute, took, len(routes))
    lines = pd.DataFrame(
        {
            "code": routes["route_id"],
            "name": [_line_name(*names) for names in zip(*_names(routes), strict=True)],
            "buses": buses,
            "buses_estimated": True,
        }
    )
    counts = [len(pattern.stops) for pattern in patterns]
    of_pattern = np.repeat(np.arange(len(patterns)), counts)
    called = np.concatenate([pattern.stops for pattern in patterns]) if patterns else np.zeros(0, dtype=int)
    calls_frame = pd.DataFrame(
        {
            "line": frame["line"].to_numpy()[of_pattern],
            "route": frame["code"].to_numpy()[of_pattern],
            "stop": stops["code"].to_numpy()[called],
            "sequence": np.concatenate([np.arange(n) for n in counts]) if counts else np.zeros(0, dtype=int),
        }
    )
    kept = stops[stops["kept"]].drop(columns="kept").reset_index(drop=True)
    notes = _notes(day_date, too_short, unshaped, len(frame))
    return (lines, frame, kept, calls_frame), notes


def _profiles(feed: Feed, weight: np.ndarray, pattern_of_trip: np.ndarray, n: int) -> np.ndarray:
    """Trips by hour and day type of every pattern, int32 (n, 24, 3)."""
    service = feed.calendar.services.get_indexer(pd.Index(feed.trips["service_id"]))
    profiles = np.zeros((n, HOURS, len(DAY_TYPES)), dtype=np.int32)
    for kind, day in enumerate(feed.calendar.profile_days(weight)):
        if day is not None:
            runs = feed.calendar.active[service, day] & (pattern_of_trip >= 0)
            trip, minute = departures(runs, feed.calls.departure, feed.headways)
            profiles[:, :, kind] = by_hour(pattern_of_trip[trip], minute, n)
    return profiles


def _names(routes: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    return routes["route_id"], routes["route_short_name"], routes["route_long_name"]


def _line_name(code: str, short: str, long: str) -> str:
    if short and long and short != long:
        return f"{short} {long}"
    return short or long or code


@dataclass(frozen=True)
class Pattern:
    """One distinct sequence of stops (rows of stops) of a line (row of routes) in a direction as the feed writes it."""

    line: int
    direction: str
    stops: np.ndarray

    def code(self, stops: pd.DataFrame) -> str:
        """The same in the next feed as long as the stops are: direction and eight digits over the stops' codes."""
        digest = hashlib.sha256("\n".join(stops["code"].to_numpy()[self.stops]).encode())
        return f"{self.direction or 'x'}-{digest.hexdigest()[:8]}"


def _patterns(trips: pd.DataFrame, calls: Calls, line_of_trip: np.ndarray) -> tuple[np.ndarray, list[Pattern], int]:
    found: dict[tuple[int, str, bytes], int] = {}
    patterns: list[Pattern] = []
    pattern_of_trip = np.full(len(trips), -1)
    too_short = 0
    directions = trips["direction_id"].to_numpy()
    for i in range(len(trips)):
        if line_of_trip[i] < 0:
            continue
        stops = calls.stop[calls.start[i] : calls.start[i + 1]]
        if len(stops) < 2:
            too_short += 1
            continue
        key = (int(line_of_trip[i]), directions[i], stops.tobytes())
        if key not in found:
            found[key] = len(patterns)
            patterns.append(Pattern(key[0], key[1], stops))
        pattern_of_trip[i] = found[key]
    return pattern_of_trip, patterns, too_short


def _paths(
    trips: pd.DataFrame,
    pattern_of_trip: np.ndarray,
    patterns: list[Pattern],
    stops: pd.DataFrame,
    shapes: dict[str, np.ndarray],
) -> tuple[list[np.ndarray], int]:
    """A path per pattern: the shape that most of its trips have, else its stops joined; how many are joined."""
    used = pd.DataFrame({"pattern": pattern_of_trip, "shape": trips["shape_id"]})
    used = used[(used["pattern"] >= 0) & used["shape"].isin(list(shapes))]
    counted = used.value_counts().reset_index(name="n").sort_values(["n", "shape"], ascending=[False, True])
    best = dict(reversed(list(zip(counted["pattern"], counted["shape"], strict=True))))
    degrees = stops[["lon", "lat"]].to_numpy()
    paths = [
        shapes[best[i]] if i in best else values.tidy_path(degrees[pattern.stops]) for i, pattern in enumerate(patterns)
    ]
    return paths, len(patterns) - len(best)


def _timetable(lengths: np.ndarray, pattern_of_trip: np.ndarray, day: Departures, duration: np.ndarray) -> pd.DataFrame:
    n = len(lengths)
    trip, minute = day.trip, day.minute
    pattern = pattern_of_trip[trip]
    trips_per_day = np.bincount(pattern, minlength=n).astype(float)
    first, last = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(first, pattern, minute)
    np.maximum.at(last, pattern, minute)
    timed = (pattern_of_trip >= 0) & (duration > 0)
    median = pd.Series(duration[timed]).groupby(pattern_of_trip[timed]).median().reindex(range(n)).to_numpy(float)
    speed = lengths * KMH / median
    low, high = PLAUSIBLE_KMH
    speed[~((speed >= low) & (speed <= high))] = np.nan
    return pd.DataFrame(
        {
            "line": "",
            "code": "",
            "name": "",
            "direction": OUTBOUND,
            "length_m": lengths,
            "trips_per_day": trips_per_day,
            "first_departure": np.where(np.isfinite(first), np.floor(first), np.nan),
            "last_departure": np.where(np.isfinite(last), np.floor(last), np.nan),
            "speed_kmh": speed,
            "schedule_estimated": np.isnan(speed),
        },
        index=range(n),
    )


def _directions(patterns: list[Pattern], frame: pd.DataFrame, stops: pd.DataFrame) -> list[int]:
    """direction_id where given; else by the ends: a loop, or the same way as the line's busiest pattern or not."""
    degrees = stops[["lon", "lat"]].to_numpy()
    trips = frame["trips_per_day"].to_numpy(float)
    busiest: dict[int, int] = {}
    for i, pattern in enumerate(patterns):
        best = busiest.setdefault(pattern.line, i)
        if trips[i] > trips[best]:
            busiest[pattern.line] = i

    def apart(a: int, b: int) -> float:
        return float(values.GEOD.inv(*degrees[a], *degrees[b])[2])

    directions = []
    for pattern in patterns:
        ends, ref = pattern.stops[[0, -1]], patterns[busiest[pattern.line]].stops[[0, -1]]
        if pattern.direction:
            directions.append(int(pattern.direction))
        elif ends[0] == ends[1]:
            directions.append(LOOP)
        else:
            along = apart(ends[0], ref[0]) + apart(ends[1], ref[1])
            against = apart(ends[0], ref[1]) + apart(ends[1], ref[0])
            directions.append(INBOUND if against < along else OUTBOUND)
    return directions


def _notes(day: date, too_short: int, unshaped: int, routes: int) -> list[Note]:
    notes = [Note(gettext_noop("Trips per day are those of %(day)s, a typical weekday"), (("day", day.isoformat()),))]
    if too_short:
        message = gettext_noop("%(n)s trips with fewer than two stops were left out")
        notes.append(Note(message, (("n", str(too_short)),)))
    if unshaped:
        message = gettext_noop("%(n)s of %(all)s routes have no shape; their stops were joined by straight lines")
        notes.append(Note(message, (("n", str(unshaped)), ("all", str(routes)))))
    notes.append(Note(gettext_noop("Buses per line are the most trips under way at once that day")))
    return notes
