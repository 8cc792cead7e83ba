"""Compiled inner loops of the covering search. Call them through `geo.core.cover`.

Contacts are given as shares of what each hotspot still needs, cut off at 1: a hotspot is covered when its shares add up
to 1.
"""
# ruff: noqa: PLR0917, SIM110 - compiled loops take plain arrays and have no generator expressions

from __future__ import annotations

import numba
import numpy as np

from geo.core.minima_kernels import Flags
from geo.core.records import Floats, Ints
from geo.core.search_kernels import FREE_CNY

ENOUGH = 1.0 - 1e-9
"""Shares that add up to this cover: sums of floats fall short of 1 by rounding."""

VIOLATED, LEAST_REST = 1e-3, 1e-3
"""Cuts that are missed by less, and those that ask for less of a hotspot, are left out."""


@numba.njit(cache=True, error_model="numpy")
def _use(i: int, indptr: Ints, hotspot: Ints, part: Floats, met: Floats) -> float:
    """How much of what is still missing placement i brings, in whole hotspots."""
    total = 0.0
    for q in range(indptr[i], indptr[i + 1]):
        missing = 1.0 - met[hotspot[q]]
        if missing > 1.0 - ENOUGH:
            total += min(part[q], missing)
    return total


@numba.njit(cache=True, error_model="numpy")
def _needed(i: int, indptr: Ints, hotspot: Ints, part: Floats, met: Floats) -> bool:
    """Whether some covered hotspot would no longer be covered without placement i, or an uncovered one would lose."""
    for q in range(indptr[i], indptr[i + 1]):
        if met[hotspot[q]] - part[q] < ENOUGH:
            return True
    return False


@numba.njit(cache=True, error_model="numpy")
def _shift(i: int, sign: float, indptr: Ints, hotspot: Ints, part: Floats, met: Floats) -> None:
    for q in range(indptr[i], indptr[i + 1]):
        met[hotspot[q]] = max(0.0, met[hotspot[q]] + sign * part[q])


@numba.njit(cache=True, error_model="numpy")
def _missing(met: Floats) -> float:
    total = 0.0
    for j in range(met.size):
        if met[j] < ENOUGH:
            total += 1.0 - met[j]
    return total


@numba.njit(cache=True, error_model="numpy")
def cover_search(  # noqa: C901, PLR0912, PLR0915 - one hot loop
    indptr: Ints,
    hotspot: Ints,
    part: Floats,
    hotspots: int,
    cost: Floats,
    dearest: Ints,
    bundle: Ints,
    bundles: int,
    start: Flags,
    rounds: int,
    cooling_rounds: int,
    heat: float,
    most_removed: int,
    seed: int,
) -> Flags:
    """Cover what can be covered for little money: drop some, refill by coverage per yuan, drop what became superfluous.

    `dearest` lists all placements by falling cost. Round 0 of an empty start is plain greedy. Plans are compared by
    what they leave missing, then by cost. Returns the best plan met, `start` included.
    """
    np.random.seed(seed)
    n = cost.size
    inside = start.copy()
    taken = np.zeros(bundles, np.bool_)
    met = np.zeros(hotspots)
    spent = 0.0
    for i in range(n):
        if inside[i]:
            _shift(i, 1.0, indptr, hotspot, part, met)
            spent += cost[i]
            if bundle[i] >= 0:
                taken[bundle[i]] = True
    missing = _missing(met)
    best, best_missing, best_cost = inside.copy(), missing, spent
    kept, kept_met, kept_taken = inside.copy(), met.copy(), taken.copy()
    kept_missing, kept_cost = missing, spent
    members = np.empty(n, np.int64)
    for r in range(rounds):
        count = 0
        size = 0
        for i in range(n):
            if inside[i]:
                # Inside-out shuffle: every order is equally likely.
                other = np.random.randint(size + 1)
                members[size] = members[other]
                members[other] = i
                size += 1
        wanted = 0
        if size > 0:
            wanted = 1 + np.random.randint(min(most_removed, size))
        # Neighbours of the first one go before strangers.
        for reach in range(2):
            for at in range(size):
                i = members[at]
                if count == wanted:
                    break
                if not inside[i]:
                    continue
                near = at == 0 or reach == 1
                if not near:
                    for q in range(indptr[i], indptr[i + 1]):
                        for p in range(indptr[members[0]], indptr[members[0] + 1]):
                            if hotspot[q] == hotspot[p]:
                                near = True
                                break
                        if near:
                            break
                if near:
                    inside[i] = False
                    spent -= cost[i]
                    if bundle[i] >= 0:
                        taken[bundle[i]] = False
                    _shift(i, -1.0, indptr, hotspot, part, met)
                    count += 1
        noise = 0.0 if size == 0 else 0.3
        while True:
            pick, top = -1, 0.0
            for i in range(n):
                if inside[i] or (bundle[i] >= 0 and taken[bundle[i]]):
                    continue
                use = _use(i, indptr, hotspot, part, met)
                if use <= 0.0:
                    continue
                key = use / max(cost[i], FREE_CNY) * (1.0 - noise * np.random.random())
                if key > top:
                    pick, top = i, key
            if pick < 0:
                break
            inside[pick] = True
            spent += cost[pick]
            if bundle[pick] >= 0:
                taken[bundle[pick]] = True
            _shift(pick, 1.0, indptr, hotspot, part, met)
        for at in range(n):
            i = dearest[at]
            if inside[i] and cost[i] > FREE_CNY and not _needed(i, indptr, hotspot, part, met):
                inside[i] = False
                spent -= cost[i]
                if bundle[i] >= 0:
                    taken[bundle[i]] = False
                _shift(i, -1.0, indptr, hotspot, part, met)
        missing = _missing(met)
        if missing < best_missing - 1e-9 or (missing < best_missing + 1e-9 and spent < best_cost - FREE_CNY):
            best[:] = inside
            best_missing, best_cost = missing, spent
        limit = kept_cost * (1.0 + heat * (1.0 - r / cooling_rounds) * -np.log(np.random.random() + 1e-12))
        if missing < kept_missing - 1e-9 or (missing < kept_missing + 1e-9 and spent <= limit):
            kept[:], kept_met[:], kept_taken[:] = inside, met, taken
            kept_missing, kept_cost = missing, spent
        else:
            inside[:], met[:], taken[:] = kept, kept_met, kept_taken
            missing, spent = kept_missing, kept_cost
    return best


@numba.njit(cache=True, error_model="numpy")
def knapsack_cuts(indptr: Ints, placement: Ints, part: Floats, x: Floats) -> tuple[Ints, Ints, Floats]:
    """The knapsack-cover inequality of each hotspot that a fractional choice x misses by most, where it misses any.

    Returns (starts, placements, shares): cut c has the placements from `starts[c]` to `starts[c + 1]`, and a plan's
    shares in it must add up to 1, as for a hotspot. The placements of hotspot j are those from `indptr[j]` to
    `indptr[j + 1]`, with their shares `part`.
    """
    hotspots = indptr.size - 1
    starts = np.zeros(hotspots + 1, np.int64)
    chosen, shares = np.empty(part.size, np.int64), np.empty(part.size)
    cuts, size = 0, 0
    for j in range(hotspots):
        first, last = indptr[j], indptr[j + 1]
        order = first + np.argsort(-x[placement[first:last]], kind="mergesort")
        held, lowest, cut, left = 0.0, 1.0 - VIOLATED, -1, 1.0
        for given in range(order.size):
            rest = 1.0 - held
            if rest < LEAST_REST:
                break
            total = 0.0
            for q in range(given, order.size):
                total += min(part[order[q]], rest) / rest * x[placement[order[q]]]
            if total < lowest:
                lowest, cut, left = total, given, rest
            if x[placement[order[given]]] <= 0.0:
                break
            held += part[order[given]]
        if cut < 0:
            continue
        for q in range(cut, order.size):
            chosen[size], shares[size] = placement[order[q]], min(part[order[q]], left) / left
            size += 1
        cuts += 1
        starts[cuts] = size
    return starts[: cuts + 1].copy(), chosen[:size].copy(), shares[:size].copy()
