"""Why a placement was picked, as facts, and where it lies, as GeoJSON."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from campaigns.models import Format, Placement
from geo.arrays import AreaArrays
from geo.core.days import WEEKDAY
from geo.core.hours import busiest_hours
from geo.core.records import CATEGORIES, Csr, Floats
from geo.models import Hotspot, Route

MAIN_HOTSPOTS = 3
SPOT_HOURS = 4  # of the day, for a screen's spots
REACHED_FROM = 0.05  # a hotspot counts as reached where at least one visitor in twenty sees the ad


class PickFacts:
    """Facts of the picks of one plan; reads the names that it needs once.

    Parameters
    ----------
    contacts : csr_array, shape (picks, hotspots)
        Contacts over the flight, in the order of picking.
    persons : ndarray, shape (hotspots,)
    """

    def __init__(self, arrays: AreaArrays, contacts: Csr, persons: Floats) -> None:
        self._arrays = arrays
        self._contacts = contacts
        self._persons = persons
        _route, stop = arrays.network.calls
        lines = arrays.network.route_line[_route]
        pairs = np.unique(np.column_stack([stop, lines]), axis=0) if stop.size else np.zeros((0, 2), dtype=np.int64)
        self._lines_at_stop = np.bincount(pairs[:, 0], minlength=arrays.network.stops)
        self._stop_position = {int(key): index for index, key in enumerate(arrays.stop_ids)}
        wanted = {int(arrays.hotspot_ids[index]) for pick in range(contacts.shape[0]) for index in self._main(pick)}
        self._names = dict(Hotspot.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def _reached(self, pick: int) -> tuple[np.ndarray, Floats]:
        """Hotspots that a pick touches, and the people who see it there, most first."""
        row = slice(self._contacts.indptr[pick], self._contacts.indptr[pick + 1])
        where, contacts = self._contacts.indices[row], self._contacts.data[row]
        seen = self._persons[where] * (1.0 - np.exp(-contacts))
        order = np.lexsort((where, -seen))
        return where[order], seen[order]

    def _main(self, pick: int) -> np.ndarray:
        return self._reached(pick)[0][:MAIN_HOTSPOTS]

    def of(self, pick: int, placement: Placement) -> dict[str, Any]:
        """What speaks for the pick: places reached, their kinds in order, the main ones by name, lines at the stop."""
        where, seen = self._reached(pick)
        counted = where[seen >= REACHED_FROM * self._persons[where]]
        kinds: dict[str, float] = defaultdict(float)
        for index, persons in zip(where, seen, strict=True):
            kinds[CATEGORIES[self._arrays.hotspots.category[index]]] += float(persons)
        lines = None
        if placement.format == Format.SHELTER:
            lines = int(self._lines_at_stop[self._stop_position[int(placement.stop_id or 0)]])
        return {
            "hotspots": int(counted.size),
            "persons": float(seen.sum()),
            "categories": [name for name in sorted(kinds, key=lambda name: -kinds[name])[:3] if kinds[name] > 0],
            "main": [self._names[int(self._arrays.hotspot_ids[index])] for index in where[:MAIN_HOTSPOTS]],
            "lines": lines,
            "line": placement.line.name if placement.line is not None else "",
            "buses": placement.wrapped_buses,
            "hours": self._hours(placement),
        }

    def _hours(self, placement: Placement) -> list[list[int]]:
        """When most buses of a screen's line run on weekdays, as [from, to]; empty without a timetable."""
        if placement.format != Format.SCREEN:
            return []
        ours = self._arrays.line_ids[self._arrays.network.route_line] == placement.line_id
        known = ours & self._arrays.is_timetabled
        trips: Floats = self._arrays.trips_by_hour[known].sum(axis=0)[:, WEEKDAY].astype(float)
        return [list(span) for span in busiest_hours(trips, SPOT_HOURS)]


def pick_shapes(placements: Sequence[Placement]) -> dict[int, dict[str, Any]]:
    """GeoJSON geometry of each placement by its key: the stop, or the line's paths."""
    shapes: dict[int, dict[str, Any]] = {}
    lines = {placement.line_id for placement in placements if placement.format != Format.SHELTER}
    paths: dict[int | None, list[list[list[float]]]] = {}
    for line, path in (
        Route.objects.filter(line__in=lines).order_by("line", "direction", "code").values_list("line", "path")
    ):
        if len(path) > 1:
            paths.setdefault(line, []).append(path)
    for placement in placements:
        if placement.stop is not None:
            shapes[placement.pk] = {"type": "Point", "coordinates": [placement.stop.lon, placement.stop.lat]}
        else:
            shapes[placement.pk] = {"type": "MultiLineString", "coordinates": paths.get(placement.line_id, [])}
    return shapes
