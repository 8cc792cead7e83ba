"""When a route earns its contacts: bars by hour for each kind of day, and the same as a table."""

import math
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from geo.core.hours import HOURS, spread_score
from geo.models import Route
from geo.sources.profiles import spread

WIDTH, HEIGHT, GAP = 12.0, 40.0, 2.0


@dataclass(frozen=True)
class DayBars:
    """One kind of day: its name, its sum, and (x, y, height) of each bar in an SVG of 288 × 40."""

    label: str
    total: float
    bars: list[tuple[float, float, float]]


@dataclass(frozen=True)
class RouteHours:
    """`is_timetabled` is false where only the hours of service are known; `is_scored` where contacts are shown."""

    route: Route
    days: list[DayBars]
    rows: list[tuple[str, list[float]]]
    is_timetabled: bool
    is_scored: bool


def route_hours(route: Route) -> RouteHours:
    """Contacts of `route` by hour, or its trips while it has no score."""
    known = route.trips_by_hour is not None
    first, last = (math.nan if at is None else float(at) for at in (route.first_departure, route.last_departure))
    trips = np.array(route.trips_by_hour) if known else spread(first, last, route.trips_per_day)
    score = getattr(route, "score", None)
    table = trips.astype(float) if score is None else spread_score(score.score, trips)
    most = float(table.max()) or 1.0
    labels = [_("Weekday"), _("Saturday"), _("Sunday and holiday")]
    days = [
        DayBars(label, float(table[:, kind].sum()), [_bar(hour, table[hour, kind] / most) for hour in range(HOURS)])
        for kind, label in enumerate(labels)
    ]
    served = [hour for hour in range(HOURS) if table[hour].any()]
    rows = [(f"{hour}:00–{hour + 1}:00", [float(value) for value in table[hour]]) for hour in served]
    return RouteHours(route, days, rows, is_timetabled=known, is_scored=score is not None)


def _bar(hour: int, share: float) -> tuple[float, float, float]:
    height = round(HEIGHT * float(share), 1)
    return hour * WIDTH + GAP / 2, HEIGHT - height, height
