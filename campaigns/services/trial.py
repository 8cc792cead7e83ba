"""A plan while somebody drags: other money, other marks, answered at once from memory and kept nowhere.

What takes time is the same from one answer to the next: the network, and who sees what. It is kept per area and days of
the flight by kind until a count or a sum over the tables says that something has changed, at most for ten minutes. A
trial is a look ahead; the plan that is stored is computed from the tables.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Count, Max, Sum

from campaigns.models import Campaign, PlanPick, PlanVersion
from campaigns.services.marks import Marks
from campaigns.services.planning import SEED, answer, plannable, solved
from campaigns.services.problems import Offer, PlanningProblem, flight_contacts, flight_for, on_sale, taken_by_others
from geo.arrays import load_area
from geo.core.days import Flight
from geo.core.problem import Solution
from geo.core.records import Floats
from geo.models import Area, Hotspot, Line, Route, Stop

ROUNDS = 250
KEPT, KEPT_S = 4, 600.0


@dataclass(frozen=True)
class Trial:
    """An answer in the form of a plan, with nothing of it stored. `plan.number` is 0."""

    plan: PlanVersion
    picks: list[PlanPick]


def try_plan(campaign: Campaign, marks: Marks, without: frozenset[int] = frozenset()) -> Trial:
    """What a plan of this brief would be. Picks `without` are then left out, and nothing bought in their place.

    Raises NothingToPlan with a sentence for the person.
    """
    if campaign.mode == "cover":  # a cover with a hole is none: leaving out means doing without
        marks, without = replace(marks, excluded=marks.excluded | without), frozenset()
    planned = plannable(campaign, offer=offer_from_memory(campaign), marks=marks)
    solution = solved(planned, seed=SEED, iterations=ROUNDS, quick=True)
    if without:
        solution = _leave_out(planned, solution, without)
    picks, values = answer(planned, solution)
    return Trial(PlanVersion(campaign=campaign, number=0, seed=SEED, **values), picks)


def _leave_out(planned: PlanningProblem, solution: Solution, without: frozenset[int]) -> Solution:
    kept = [int(index) for index in solution.chosen if planned.placements[int(index)].pk not in without]
    met: Floats = np.asarray(planned.problem.contacts[kept].sum(axis=0)).ravel()
    each = met if planned.problem.mode == "impressions" else -np.expm1(-met)
    value = float((planned.problem.persons * each).sum())
    attained = value / solution.bound if solution.bound > 0 else 1.0
    return replace(solution, chosen=np.array(kept, dtype=np.int64), value=value, attained=min(1.0, attained))


@dataclass(frozen=True)
class _Kept:
    stamp: tuple[Any, ...]
    until: float
    offer: Offer


_kept: OrderedDict[tuple[int, Flight], _Kept] = OrderedDict()
_lock = threading.Lock()


def offer_from_memory(campaign: Campaign) -> Offer:
    """What the campaign could buy, from what is kept of its area; read anew where that is out of date."""
    everything = everything_on_offer(campaign.area, flight_for(campaign))
    taken, bundles = taken_by_others(campaign)
    rows = [
        row
        for row, place in enumerate(everything.placements)
        if place.format in campaign.formats and place.pk not in taken and place.bundle not in bundles
    ]
    if len(rows) == len(everything.placements):
        return everything
    placements = [everything.placements[row] for row in rows]
    return Offer(everything.arrays, placements, everything.contacts[rows], everything.persons)


def everything_on_offer(area: Area, flight: Flight) -> Offer:
    """All that is on sale in an area, whoever holds it, from memory where that is up to date."""
    key, stamp = (area.pk, flight), _stamp(area)
    with _lock:  # whoever comes meanwhile waits for the first to read instead of reading too
        found = _kept.get(key)
        if found is None or found.stamp != stamp or found.until < time.monotonic():
            arrays, placements = load_area(area), on_sale(area)
            offer = Offer(arrays, placements, *flight_contacts(placements, arrays, flight, "central"))
            found = _kept[key] = _Kept(stamp, time.monotonic() + KEPT_S, offer)
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found.offer


def _stamp(area: Area) -> tuple[Any, ...]:
    """Counts and sums over what an answer depends on: five small queries."""
    asked = (
        (
            area.placements.filter(is_active=True),
            ("net_price_cny", "production_cny", "wrapped_buses", "loop_s", "stop"),
        ),
        (Hotspot.objects.filter(area=area), ("persons_per_day", "lon", "lat")),
        (Stop.objects.filter(area=area), ("lon", "lat")),
        (Line.objects.filter(area=area), ("buses",)),
        (Route.objects.filter(line__area=area), ("trips_per_day", "length_m", "speed_kmh")),
    )
    return tuple(
        tuple(rows.aggregate(Count("pk"), Max("pk"), **{f"sum_{name}": Sum(name) for name in names}).values())
        for rows, names in asked
    )
