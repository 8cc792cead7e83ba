"""One placement explained: the places whose people see it, how many they are, and the best stretch of its road."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry import LineString
from shapely.ops import substring

from campaigns.models import Placement
from campaigns.services.trial import everything_on_offer
from geo.core.days import Flight
from geo.models import Hotspot, Route

MOST_PLACES = 60
AROUND_M = 200.0
SHOWN_PERSONS = 0.5  # fewer than one expected person is no audience


@dataclass(frozen=True)
class Seen:
    """A hotspot whose people see the placement. `share` of its own people in the flight, 0 to 1."""

    hotspot: Hotspot
    persons: float
    share: float
    contacts: float


@dataclass(frozen=True)
class Explanation:
    """`places` most people first; `persons` over all of them; `stretch` as (lon, lat) points, empty for shelters."""

    placement: Placement
    days: int
    places: list[Seen]
    more: int
    persons: float
    stretch: list[list[float]]
    route: Route | None

    @property
    def span_m(self) -> tuple[float, float] | None:
        return span_m(self.route)


def explain(placement: Placement, days: int) -> Explanation | None:
    """Who would see a placement in `days` ordinary weekdays, by central coefficients; None where it is not on sale."""
    offer = everything_on_offer(placement.area, Flight(weekdays=days))
    row = next((index for index, place in enumerate(offer.placements) if place.pk == placement.pk), None)
    if row is None:
        return None
    span = slice(offer.contacts.indptr[row], offer.contacts.indptr[row + 1])
    where, contacts = offer.contacts.indices[span], offer.contacts.data[span]
    share = -np.expm1(-contacts)
    persons = offer.persons[where] * share
    order = [int(index) for index in np.lexsort((where, -persons)) if persons[index] >= SHOWN_PERSONS]
    found = Hotspot.objects.in_bulk([int(offer.arrays.hotspot_ids[where[index]]) for index in order[:MOST_PLACES]])
    places = [
        Seen(
            found[int(offer.arrays.hotspot_ids[where[index]])],
            float(persons[index]), float(share[index]), float(contacts[index]),
        )
        for index in order[:MOST_PLACES]
    ]  # fmt: skip
    route = best_route(placement)
    stretch = stretch_of(route) if route is not None else []
    return Explanation(placement, days, places, len(order) - len(places), float(persons.sum()), stretch, route)


def best_route(placement: Placement) -> Route | None:
    """Of a line's routes the one that meets most people; None for shelters and where nothing is scored."""
    if placement.line_id is None:
        return None
    scored = Route.objects.filter(line=placement.line_id, score__isnull=False).select_related("score", "line")
    return scored.order_by("-score__score", "code").first()


def span_m(route: Route | None) -> tuple[float, float] | None:
    """Where the route's best stretch begins and ends along it; one place alone gets the road on both its sides."""
    score: Any = getattr(route, "score", None)
    if route is None or score is None or route.length_m <= 0:
        return None
    first, last = score.stretch_from_m, score.stretch_to_m
    wider = max(0.0, AROUND_M - (last - first) / 2)
    return max(0.0, first - wider), min(route.length_m, last + wider)


def stretch_of(route: Route) -> list[list[float]]:
    """The route's best stretch as points of (lon, lat)."""
    span = span_m(route)
    if span is None or len(route.path) < 2:
        return []
    # Shares of the length, since degrees are not metres; along one route in one town that is near enough for a map.
    first, last = (at / route.length_m for at in span)
    part = substring(LineString(route.path), first, last, normalized=True)
    return [[round(lon, 6), round(lat, 6)] for lon, lat in part.coords] if part.geom_type == "LineString" else []
