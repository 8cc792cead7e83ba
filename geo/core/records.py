"""The plain records that pass between the geo modules: frozen dataclasses of arrays.

Lengths are metres in one local projection (`geo.core.coordinates.Projection`), never degrees. Every record checks its
own shape when made, so that a wrong array is refused where it was built and not ten calls later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Csr: TypeAlias = "sparse.csr_array[np.float64, tuple[int, int]]"

CATEGORIES = ("government", "school", "park", "mall", "village", "hospital", "transport", "other")
"""Kinds of places: `Hotspots.category` is an index here. Maps tell the first five apart; the rest are grey."""


def floats(values: ArrayLike, name: str) -> Floats:
    """`values` as a contiguous one-dimensional float64 array of finite numbers; ValueError naming `name` otherwise."""
    array: Floats = np.ascontiguousarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name}: expected one dimension, found {array.ndim}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, found {array[~np.isfinite(array)][0]}")
    return array


def integers(values: ArrayLike, name: str) -> Ints:
    """`values` as a contiguous one-dimensional int64 array; ValueError naming `name` if that would lose something."""
    given: NDArray[Any] = np.asarray(values)
    array: Ints = np.ascontiguousarray(given, dtype=np.int64)
    if array.ndim != 1:
        raise ValueError(f"{name}: expected one dimension, found {array.ndim}")
    if given.size and not np.array_equal(given, array):
        raise ValueError(f"{name}: expected whole numbers")
    return array


def _same_length(owner: str, **arrays: Floats | Ints) -> None:
    sizes = {name: array.size for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"{owner}: arrays of different length: {sizes}")


def _indices(values: Ints, limit: int, name: str) -> None:
    if values.size and (values.min() < 0 or values.max() >= limit):
        raise ValueError(f"{name}: expected indices from 0 to {limit - 1}, found {values.min()} to {values.max()}")


def _at_least(values: Floats, floor: float, name: str, *, strictly: bool = False) -> None:
    if values.size and (values.min() < floor or (strictly and values.min() == floor)):
        raise ValueError(f"{name}: expected {'more than' if strictly else 'at least'} {floor}, found {values.min()}")


@dataclass(frozen=True, eq=False)
class Polylines:
    """Many polylines in three arrays: line k has the vertices `offsets[k]` up to (not including) `offsets[k + 1]`.

    Parameters
    ----------
    x, y : ndarray, shape (vertices,)
        Metres.
    offsets : ndarray of int64, shape (lines + 1,)
        Starts at 0, never falls, ends at the number of vertices. A line of one vertex is a point; of none, nothing.
    """

    x: Floats
    y: Floats
    offsets: Ints

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", floats(self.x, "x"))
        object.__setattr__(self, "y", floats(self.y, "y"))
        object.__setattr__(self, "offsets", integers(self.offsets, "offsets"))
        _same_length("Polylines", x=self.x, y=self.y)
        ends = self.offsets
        if ends.size == 0 or ends[0] != 0 or ends[-1] != self.x.size or (np.diff(ends) < 0).any():
            raise ValueError(f"offsets: expected to rise from 0 to the {self.x.size} vertices")

    def __len__(self) -> int:
        return self.offsets.size - 1

    @property
    def lengths_m(self) -> Floats:
        """Length of each line in metres, shape (lines,)."""
        steps = np.zeros(self.x.size)
        if self.x.size:
            steps[1:] = np.hypot(np.diff(self.x), np.diff(self.y))
            starts = self.offsets[:-1]
            steps[starts[starts < self.x.size]] = 0.0
        along = np.concatenate([[0.0], np.cumsum(steps)])
        lengths: Floats = along[self.offsets[1:]] - along[self.offsets[:-1]]
        return lengths


@dataclass(frozen=True, eq=False)
class Pairs:
    """Which points lie near which lines, sorted by line, then by point; each pair once.

    Parameters
    ----------
    line, point : ndarray of int64, shape (pairs,)
    distance_m : ndarray, shape (pairs,)
        Shortest distance from the point to the line.
    along_m : ndarray, shape (pairs,)
        How far from the start of the line its nearest point is; the first such place when several are equally near.
    """

    line: Ints
    point: Ints
    distance_m: Floats
    along_m: Floats

    def __len__(self) -> int:
        return self.line.size


@dataclass(frozen=True, eq=False)
class Network:
    """A bus network: routes (one direction of one pattern), the lines they belong to, and the stops they call at.

    Parameters
    ----------
    paths : Polylines
        The path that buses drive, one per route.
    route_line : ndarray of int64, shape (routes,)
        Index of the line that the route belongs to.
    trips_per_day : ndarray, shape (routes,)
        Departures on an average day of the flight; ≥ 0.
    service_minutes : ndarray, shape (routes,)
        From the first to the last departure, in minutes; > 0.
    speed_kmh : ndarray, shape (routes,)
        Mean speed with stops; > 0.
    stop_x, stop_y : ndarray, shape (stops,)
        Metres.
    call_route, call_stop : ndarray of int64, shape (calls,)
        Every call of a route at a stop.
    line_buses : ndarray, shape (lines,)
        Vehicles that work the line; ≥ 0.
    """

    paths: Polylines
    route_line: Ints
    trips_per_day: Floats
    service_minutes: Floats
    speed_kmh: Floats
    stop_x: Floats
    stop_y: Floats
    call_route: Ints
    call_stop: Ints
    line_buses: Floats

    def __post_init__(self) -> None:
        for name in ("trips_per_day", "service_minutes", "speed_kmh", "stop_x", "stop_y", "line_buses"):
            object.__setattr__(self, name, floats(getattr(self, name), name))
        for name in ("route_line", "call_route", "call_stop"):
            object.__setattr__(self, name, integers(getattr(self, name), name))
        _same_length(
            "Network routes",
            route_line=self.route_line,
            trips_per_day=self.trips_per_day,
            service_minutes=self.service_minutes,
            speed_kmh=self.speed_kmh,
        )
        _same_length("Network stops", stop_x=self.stop_x, stop_y=self.stop_y)
        _same_length("Network calls", call_route=self.call_route, call_stop=self.call_stop)
        if len(self.paths) != self.routes:
            raise ValueError(f"paths: expected one per route ({self.routes}), found {len(self.paths)}")
        _indices(self.route_line, self.lines, "route_line")
        _indices(self.call_route, self.routes, "call_route")
        _indices(self.call_stop, self.stops, "call_stop")
        _at_least(self.trips_per_day, 0, "trips_per_day")
        _at_least(self.line_buses, 0, "line_buses")
        _at_least(self.service_minutes, 0, "service_minutes", strictly=True)
        _at_least(self.speed_kmh, 0, "speed_kmh", strictly=True)

    @property
    def routes(self) -> int:
        """Number of routes."""
        return self.route_line.size

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.line_buses.size

    @property
    def stops(self) -> int:
        """Number of stops."""
        return self.stop_x.size

    @property
    def calls(self) -> tuple[Ints, Ints]:
        """(route, stop) of every distinct call, sorted; a route that passes a stop twice counts once."""
        keys = np.unique(self.call_route * max(self.stops, 1) + self.call_stop)
        return keys // max(self.stops, 1), keys % max(self.stops, 1)

    @property
    def stop_trips_per_day(self) -> Floats:
        """Departures per day at each stop over all routes that call there, shape (stops,)."""
        route, stop = self.calls
        departures: Floats = np.bincount(stop, weights=self.trips_per_day[route], minlength=self.stops).astype(
            np.float64
        )
        return departures


@dataclass(frozen=True, eq=False)
class Hotspots:
    """Places with people.

    Parameters
    ----------
    x, y : ndarray, shape (hotspots,)
        Metres.
    persons_per_day : ndarray, shape (hotspots,)
        Visits per day; ≥ 0.
    category : ndarray of int64, shape (hotspots,)
        Index into `CATEGORIES`.
    """

    x: Floats
    y: Floats
    persons_per_day: Floats
    category: Ints

    def __post_init__(self) -> None:
        for name in ("x", "y", "persons_per_day"):
            object.__setattr__(self, name, floats(getattr(self, name), name))
        object.__setattr__(self, "category", integers(self.category, "category"))
        _same_length("Hotspots", x=self.x, y=self.y, persons_per_day=self.persons_per_day, category=self.category)
        _indices(self.category, len(CATEGORIES), "category")
        _at_least(self.persons_per_day, 0, "persons_per_day")

    def __len__(self) -> int:
        return self.x.size
