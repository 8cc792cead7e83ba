"""What to assume where a network file gives no timetable. Every figure here is assumed and marked so on its route."""

import math

ASSUMED_SPEED_KMH = 18.0
ASSUMED_HEADWAY_MIN = 15.0
ASSUMED_FIRST_MIN = 6 * 60 + 30.0
ASSUMED_LAST_MIN = 19 * 60.0
DAY_MIN = 24 * 60.0


def last_after(first: float, last: float) -> float:
    """`last` moved past midnight where it is written before `first`; minutes."""
    return last + DAY_MIN if last < first else last


def trips_a_day(first: float, last: float, headway_min: float) -> float:
    """Trips from the first to the last departure, both driven; NaN arguments are assumed."""
    first = ASSUMED_FIRST_MIN if math.isnan(first) else first
    last = ASSUMED_LAST_MIN if math.isnan(last) else last
    headway_min = ASSUMED_HEADWAY_MIN if math.isnan(headway_min) else headway_min
    return math.floor((last_after(first, last) - first) / headway_min) + 1.0


def buses_for(length_m: float, headway_min: float, speed_kmh: float = math.nan) -> float:
    """Buses that keep a headway on `length_m` of road driven once per trip; at least one."""
    speed_kmh = ASSUMED_SPEED_KMH if math.isnan(speed_kmh) else speed_kmh
    headway_min = ASSUMED_HEADWAY_MIN if math.isnan(headway_min) else headway_min
    return max(1.0, math.ceil(length_m * 0.06 / speed_kmh / headway_min))
