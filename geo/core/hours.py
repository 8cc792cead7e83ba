"""Hours: what buses do on an average day of a flight, and when a route earns its contacts.

A profile is an array (24, 3): hours 0–23 of the clock; a weekday, a Saturday, and a Sunday or holiday. People are taken
as spread evenly over the hours of service, so that the profile of an exposure is that of the buses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.core.days import WEEKDAY, Flight
from geo.core.records import Floats, Network

HOURS = 24


def network_in(network: Network, trips_by_hour: NDArray[np.int32], flight: Flight) -> Network:
    """`network` with the trips of an average day of the flight.

    Parameters
    ----------
    trips_by_hour : ndarray, shape (routes, 24, 3)
        Where all three days are alike (no timetable was known), a route keeps its trips to the last bit.
    """
    by_day = trips_by_hour.sum(axis=1).astype(np.float64)
    average = by_day @ np.array(flight.counts, dtype=np.float64) / flight.days
    usual = by_day[:, WEEKDAY]
    # A route that runs at weekends only has no weekday to compare with: its own count stands.
    factor = np.divide(average, usual, out=np.ones_like(average), where=usual > 0)
    trips = np.where((usual == 0) & (average > 0), average, network.trips_per_day * factor)
    return replace(network, trips_per_day=trips)


def spread_score(score: float, trips_by_hour: NDArray[np.int32]) -> Floats:
    """When a route earns its score: contacts by hour and kind of day, shape (24, 3).

    The weekday column adds up to `score`; the others are higher or lower as more or fewer buses run. A route without
    trips on weekdays is compared with its busiest kind of day.
    """
    table: Floats = np.asarray(trips_by_hour, dtype=np.float64)
    by_day = table.sum(axis=0)
    usual = by_day[WEEKDAY] or by_day.max()
    return score * table / usual if usual > 0 else table


def busiest_hours(trips: Floats, wanted: int) -> list[tuple[int, int]]:
    """The `wanted` hours with most trips, as spans (from, to) of the clock in order of the day; equals: the earlier.

    Parameters
    ----------
    trips : ndarray, shape (24,)
    """
    order = np.lexsort((np.arange(HOURS), -np.asarray(trips)))
    chosen = sorted(int(hour) for hour in order[:wanted] if trips[hour] > 0)
    return _spans(chosen)


def _spans(hours: Iterable[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for hour in hours:
        if spans and spans[-1][1] == hour:
            spans[-1] = (spans[-1][0], hour + 1)
        else:
            spans.append((hour, hour + 1))
    return spans
