"""An area's tables as the arrays that `geo.core` works on, in few queries and a fixed order."""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.core.coordinates import Projection
from geo.core.days import Flight
from geo.core.hours import network_in
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines
from geo.models import Area, Hotspot, Line, Route, RouteStop, Stop
from geo.sources.profiles import DAY_TYPES, HOURS, spread
from geo.sources.schedule import ASSUMED_FIRST_MIN, ASSUMED_LAST_MIN, ASSUMED_SPEED_KMH

SHORTEST_SERVICE_MIN = 60.0


@dataclass(frozen=True)
class AreaArrays:
    """Arrays of one area; `*_ids` are primary keys in the order of the arrays.

    `trips_by_hour` is int32 (routes, 24, 3): trips by hour of the clock, on a weekday, a Saturday and a Sunday or
    holiday; where a file had no timetable (`is_timetabled`, bool (routes,)), the day's trips are spread evenly over the
    hours of service.
    `inputs_sha256` is over every number in them: equal fingerprints give equal results.
    """

    network: Network
    hotspots: Hotspots
    projection: Projection
    trips_by_hour: np.ndarray
    is_timetabled: np.ndarray
    route_ids: np.ndarray
    line_ids: np.ndarray
    stop_ids: np.ndarray
    hotspot_ids: np.ndarray
    inputs_sha256: str

    def network_in(self, flight: Flight) -> Network:
        """The network with the trips of an average day of the flight."""
        return network_in(self.network, self.trips_by_hour, flight)


def load_area(area: Area) -> AreaArrays:
    """Everything of `area` in metres of a projection around it. Six queries.

    What the tables do not know is assumed here, the same for every area: 18 km/h, service from 06:30 to 19:00, and
    as many buses as the trips need. Raises ValueError where the area has no place at all.
    """
    lines = list(Line.objects.filter(area=area).order_by("code").values_list("pk", "code", "buses"))
    routes: list[Any] = list(
        Route.objects.filter(line__area=area)
        .order_by("line__code", "code")
        .values(
            "pk",
            "code",
            "line_id",
            "path",
            "trips_per_day",
            "trips_by_hour",
            "first_departure",
            "last_departure",
            "speed_kmh",
        )
    )
    stops = list(Stop.objects.filter(area=area).order_by("code").values_list("pk", "code", "lon", "lat"))
    calls = list(
        RouteStop.objects.filter(route__line__area=area)
        .order_by("route__line__code", "route__code", "sequence")
        .values_list("route_id", "stop_id")
    )
    spots = list(
        Hotspot.objects.filter(area=area)
        .order_by("code")
        .values_list("pk", "code", "lon", "lat", "persons_per_day", "category")
    )
    paths = [np.asarray(route["path"], dtype=float).reshape(-1, 2) for route in routes]
    stop_at = _positions([(stop[2], stop[3]) for stop in stops])
    spot_at = _positions([(spot[2], spot[3]) for spot in spots])
    everything = np.concatenate([*paths, stop_at, spot_at])
    if not len(everything):
        raise ValueError(f"The area {area.slug} has neither a network nor hotspots")
    projection = Projection.around(everything[:, 0], everything[:, 1])
    line_ids = _ids(line[0] for line in lines)
    route_ids = _ids(route["pk"] for route in routes)
    stop_ids = _ids(stop[0] for stop in stops)
    stop_x, stop_y = projection.forward(stop_at[:, 0], stop_at[:, 1])
    network = Network(
        stop_x=stop_x,
        stop_y=stop_y,
        call_route=_index(route_ids, [call[0] for call in calls]),
        call_stop=_index(stop_ids, [call[1] for call in calls]),
        **_driven(projection, paths, routes, _index(line_ids, [route["line_id"] for route in routes]), lines),
    )
    spot_x, spot_y = projection.forward(spot_at[:, 0], spot_at[:, 1])
    hotspots = Hotspots(
        spot_x,
        spot_y,
        np.array([spot[4] for spot in spots], dtype=float),
        np.array([CATEGORIES.index(spot[5]) for spot in spots], dtype=np.int64),
    )
    codes = [
        [line[1] for line in lines],
        [route["code"] for route in routes],
        [stop[1] for stop in stops],
        [spot[1] for spot in spots],
    ]
    trips_by_hour = _profiles(routes)
    return AreaArrays(
        network,
        hotspots,
        projection,
        trips_by_hour,
        np.array([route["trips_by_hour"] is not None for route in routes], dtype=bool),
        route_ids,
        line_ids,
        stop_ids,
        _ids(spot[0] for spot in spots),
        _fingerprint(codes, everything, network, hotspots, trips_by_hour),
    )


def service_minutes(first: int | None, last: int | None, trips_per_day: float) -> float:
    """Minutes in which a route is served: from the first departure to one headway after the last, at least an hour.

    Hours that the tables do not know are assumed to be 06:30 to 19:00.
    """
    if first is None or last is None:
        return ASSUMED_LAST_MIN - ASSUMED_FIRST_MIN
    span = float(last - first)
    if trips_per_day > 1.0:
        span *= trips_per_day / (trips_per_day - 1.0)
    return max(span, SHORTEST_SERVICE_MIN)


def _driven(
    projection: Projection, paths: list[np.ndarray], routes: list[Any], route_line: np.ndarray, lines: list[Any]
) -> dict[str, Any]:
    """The fields of `Network` that say what is driven where and when, with what the tables lack assumed."""
    joined = np.concatenate(paths) if paths else np.zeros((0, 2))
    x, y = projection.forward(joined[:, 0], joined[:, 1])
    offsets = np.concatenate([[0], np.cumsum([len(path) for path in paths])]).astype(np.int64)
    driven = Polylines(x, y, offsets)
    trips = np.array([route["trips_per_day"] for route in routes], dtype=float)
    speed = np.array([route["speed_kmh"] or ASSUMED_SPEED_KMH for route in routes], dtype=float)
    served = [
        service_minutes(route["first_departure"], route["last_departure"], route["trips_per_day"]) for route in routes
    ]
    minutes = np.array(served, dtype=float)
    under_way = trips * driven.lengths_m * 0.06 / speed / minutes
    needed = np.bincount(route_line, weights=under_way, minlength=len(lines))
    buses = [math.ceil(guess) if line[2] is None else line[2] for line, guess in zip(lines, needed, strict=True)]
    return {
        "paths": driven,
        "route_line": route_line,
        "trips_per_day": trips,
        "service_minutes": minutes,
        "speed_kmh": speed,
        "line_buses": np.array(buses, dtype=float),
    }


def _positions(pairs: list[tuple[float, float]]) -> np.ndarray:
    return np.array(pairs, dtype=float).reshape(-1, 2)


def _ids(keys: Any) -> np.ndarray:
    return np.fromiter(keys, dtype=np.int64)


def _index(ids: np.ndarray, keys: list[int]) -> np.ndarray:
    place = {int(key): i for i, key in enumerate(ids)}
    return np.array([place[key] for key in keys], dtype=np.int64)


def _profiles(routes: list[Any]) -> np.ndarray:
    profiles = np.zeros((len(routes), HOURS, len(DAY_TYPES)), dtype=np.int32)
    for i, route in enumerate(routes):
        known = route["trips_by_hour"]
        first, last = (math.nan if at is None else at for at in (route["first_departure"], route["last_departure"]))
        profiles[i] = spread(first, last, route["trips_per_day"]) if known is None else known
    return profiles


def _fingerprint(
    codes: list[list[str]], degrees: np.ndarray, network: Network, hotspots: Hotspots, trips_by_hour: np.ndarray
) -> str:
    """Over what the tables say, not over projected metres, which may differ in the last bit between machines."""
    digest = hashlib.sha256()
    for names in codes:
        digest.update("\n".join(names).encode() + b"\0")
    for array in (
        degrees,
        network.paths.offsets,
        network.route_line,
        network.trips_per_day,
        trips_by_hour,
        network.service_minutes,
        network.speed_kmh,
        network.call_route,
        network.call_stop,
        network.line_buses,
        hotspots.persons_per_day,
        hotspots.category,
    ):
        digest.update(np.ascontiguousarray(array).tobytes() + b"\0")
    return digest.hexdigest()
