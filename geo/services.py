"""What the geo app does for others: scores of an area's routes, and its layers for maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction

from geo import layers as geojson
from geo.arrays import AreaArrays, load_area
from geo.base_maps import base_map
from geo.core.coefficients import COEFFICIENTS
from geo.core.records import CATEGORIES
from geo.models import Area, Hotspot, Route, RouteScore
from jobs.models import Job
from jobs.queue import enqueue

if TYPE_CHECKING:
    from geo.core.scores import RouteScores

TOP_HOTSPOTS = 12
BATCH = 500
Progress = Callable[[float, str], None]
Json = dict[str, Any]


def score_area(area: Area, progress: Progress | None = None) -> list[RouteScore]:
    """Compute and store the score of every route of `area`, best first. Empty where it has no routes.

    Parameters
    ----------
    progress : callable (percent, note), optional
        Called between steps; what it raises stops the work with nothing stored.
    """
    from geo.core.scores import route_scores  # noqa: PLC0415  loads numba: not for every process that draws a map

    say = progress or (lambda _percent, _note: None)
    if not Route.objects.filter(line__area=area).exists():
        return []
    say(5, "")
    arrays = load_area(area)
    say(20, "")
    scored = route_scores(arrays.network, arrays.hotspots, COEFFICIENTS, "central")
    say(80, "")
    rows = _rows(area, arrays, scored)
    with transaction.atomic():
        RouteScore.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["route"],
            update_fields=[
                "score",
                "by_category",
                "hotspots",
                "stretch_from_m",
                "stretch_to_m",
                "coefficient_version",
                "inputs_sha256",
                "computed_at",
            ],
        )
    say(100, "")
    stored = RouteScore.objects.filter(route__line__area=area).select_related("route__line")
    return list(stored.order_by("-score", "route__line__code", "route__code"))


def request_scores(area: Area, user: Any = None) -> Job:
    """Have the worker compute the scores; one open job per area."""
    return enqueue("geo.score", {"area": area.pk}, key=f"geo.score:{area.pk}", user=user)


def scores_are_current(area: Area) -> bool:
    """Whether every route has a score computed from the network, hotspots and coefficients as they are now."""
    routes = Route.objects.filter(line__area=area).count()
    if not routes:
        return True
    current = RouteScore.objects.filter(
        route__line__area=area,
        inputs_sha256=load_area(area).inputs_sha256,
        coefficient_version=COEFFICIENTS.version,
    )
    return current.count() == routes


def layers(area: Area) -> Json:
    """GeoJSON for maps: "routes" with scores, "stops", "hotspots", "boundary" as collections; "base" by kind.

    "base_map" says where a map on a page finds other details or tiles (`geo.base_maps.base_map`).
    """
    return {
        "routes": geojson.routes_layer(area),
        "stops": geojson.stops_layer(area),
        "hotspots": geojson.hotspots_layer(area),
        "base": geojson.base_layers(area),
        "base_map": base_map(area),
        "boundary": geojson.boundary_layer(area),
    }


def _rows(area: Area, arrays: AreaArrays, scored: RouteScores) -> list[RouteScore]:
    """One unsaved row per route, in the order of the arrays."""
    names = dict(Hotspot.objects.filter(area=area).values_list("pk", "name"))
    rows = []
    for i, route in enumerate(arrays.route_ids):
        span = slice(scored.contacts.indptr[i], scored.contacts.indptr[i + 1])
        contacts, distance_m = scored.contacts.data[span], scored.distance_m.data[span]
        keys = arrays.hotspot_ids[scored.contacts.indices[span]]
        best = np.lexsort((keys, -contacts))[:TOP_HOTSPOTS]
        rows.append(
            RouteScore(
                route_id=int(route),
                score=float(scored.score[i]),
                by_category={
                    category: round(float(value), 3)
                    for category, value in zip(CATEGORIES, scored.by_category[i], strict=True)
                    if value > 0
                },
                hotspots=[
                    {
                        "id": int(keys[k]),
                        "name": names[int(keys[k])],
                        "contacts": round(float(contacts[k]), 3),
                        "distance_m": round(float(distance_m[k]), 1),
                    }
                    for k in best
                    if contacts[k] > 0
                ],
                stretch_from_m=round(float(scored.stretch_from_m[i]), 1),
                stretch_to_m=round(float(scored.stretch_to_m[i]), 1),
                coefficient_version=COEFFICIENTS.version,
                inputs_sha256=arrays.inputs_sha256,
            )
        )
    return rows
