"""Trips of a route by hour and day type: the timetable as a small table.

A profile is an int32 array (24, 3): rows are the hours 0–23 of the clock, with what runs after midnight folded into
the hours that it runs in; columns are a weekday, a Saturday, and a Sunday or holiday.
"""

import math

import numpy as np

from geo.core.days import DAY_TYPES
from geo.core.hours import HOURS
from geo.sources.schedule import ASSUMED_FIRST_MIN, ASSUMED_LAST_MIN

MOST_TRIPS = 100_000  # in one cell; what is more is no timetable


def by_hour(group: np.ndarray, minute: np.ndarray, groups: int) -> np.ndarray:
    """Departures counted by group and hour, int32 (groups, 24).

    Parameters
    ----------
    group : int (n,)
        From 0; below `groups`.
    minute : float (n,)
        After midnight; from 1440 on it is the small hours.
    """
    hour = (np.asarray(minute) // 60).astype(np.int64) % HOURS
    counted = np.bincount(np.asarray(group) * HOURS + hour, minlength=groups * HOURS)
    return counted.reshape(groups, HOURS).astype(np.int32)


def spread(first: float, last: float, trips: float) -> np.ndarray:
    """A profile where only the hours of service and the number of trips are known: even, and alike every day.

    Parameters
    ----------
    first, last : float
        Minutes after midnight; NaN is assumed to be 06:30 and 19:00.
    trips : float
        A day; rounded.
    """
    first = ASSUMED_FIRST_MIN if math.isnan(first) else first
    last = ASSUMED_LAST_MIN if math.isnan(last) else last
    at = np.linspace(first, max(first, last), round(trips))
    day = by_hour(np.zeros(len(at), dtype=np.int64), at, 1)[0]
    return np.repeat(day[:, None], len(DAY_TYPES), axis=1)


def profile_of(value: object) -> np.ndarray | None:
    """The profile that nested lists hold, or None where they are not 24 rows of three counts."""
    try:
        table = np.array(value, dtype=float)
    except (TypeError, ValueError):
        return None
    if table.shape != (HOURS, len(DAY_TYPES)) or not np.isfinite(table).all():
        return None
    whole = table.astype(np.int32)
    return whole if (whole == table).all() and (table >= 0).all() and (table <= MOST_TRIPS).all() else None
