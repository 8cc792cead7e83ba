"""How much each route is worth to an advertiser: the contacts per day that a bus body on every one of its trips makes.

The score needs no campaign, price or plan: it is the body format of the audience model for one day, with all buses
wrapped. It ranks routes, names the hotspots behind the rank, and the stretch of road where most of it is earned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from geo.core import score_kernels
from geo.core.audience import body_contacts_by_route
from geo.core.coefficients import CoefficientSet, Level
from geo.core.records import CATEGORIES, Csr, Floats, Hotspots, Network

STRETCH_M = 1000.0
"""Length of the stretch that is looked for; a reading aid, not a part of the model."""


@dataclass(frozen=True, eq=False)
class RouteScores:
    """Scores of all routes of a network.

    Attributes
    ----------
    score : ndarray, shape (routes,)
        Expected contacts per day.
    by_category : ndarray, shape (routes, len(CATEGORIES))
        The same by category of hotspot; rows add up to `score`.
    contacts : csr_array, shape (routes, hotspots)
        The same by hotspot; rows add up to `score`.
    distance_m : csr_array, shape (routes, hotspots)
        Shortest distance to the path, stored for the same entries in the same order as `contacts` (a distance of 0 is
        a stored zero: read `indices` and `data`, do not convert to dense).
    stretch_from_m, stretch_to_m : ndarray, shape (routes,)
        The stretch of at most `STRETCH_M`, in metres from the start of the route, whose nearest hotspots earn the most;
        0, 0 where a route earns nothing.
    """

    score: Floats
    by_category: Floats
    contacts: Csr
    distance_m: Csr
    stretch_from_m: Floats
    stretch_to_m: Floats


def route_scores(
    network: Network, hotspots: Hotspots, coefficients: CoefficientSet, level: Level = "central"
) -> RouteScores:
    """Score every route; see `RouteScores` for what comes back.

    Notes
    -----
    contacts = visits per day × trips · (o / service minutes) · g(d) · V, as in `geo.core.audience.body_contacts` with
    the whole fleet wrapped.
    """
    per_visit, pairs = body_contacts_by_route(network, hotspots, coefficients, level)
    daily = per_visit.data * hotspots.persons_per_day[pairs.point]
    shape = per_visit.shape
    contacts = sparse.csr_array((daily, per_visit.indices, per_visit.indptr), shape=shape)
    distance = sparse.csr_array((pairs.distance_m, per_visit.indices.copy(), per_visit.indptr.copy()), shape=shape)
    cell = pairs.line * len(CATEGORIES) + hotspots.category[pairs.point]
    by_category = np.bincount(cell, weights=daily, minlength=shape[0] * len(CATEGORIES)).astype(np.float64)
    starts, ends = score_kernels.best_stretches(per_visit.indptr.astype(np.int64), pairs.along_m, daily, STRETCH_M)
    return RouteScores(
        score=np.bincount(pairs.line, weights=daily, minlength=shape[0]).astype(np.float64),
        by_category=by_category.reshape(shape[0], len(CATEGORIES)),
        contacts=contacts,
        distance_m=distance,
        stretch_from_m=starts,
        stretch_to_m=ends,
    )
