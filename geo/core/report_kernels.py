"""Compiled loops over a finished plan: its picks in order, and what each of them adds."""
# ruff: noqa: PLR0917 - compiled loops take plain arrays

from __future__ import annotations

import numba
import numpy as np

from geo.core.records import Floats, Ints
from geo.core.search_kernels import FREE_CNY


@numba.njit(cache=True, error_model="numpy")
def _adds(i: int, indptr: Ints, hotspot: Ints, contacts: Floats, hit: Floats, left: Floats, impressions: bool) -> float:
    """Persons newly reached by placement i where `left` are not reached yet; contacts, which only add up, otherwise."""
    total = 0.0
    for q in range(indptr[i], indptr[i + 1]):
        total += left[hotspot[q]] * (contacts[q] if impressions else hit[q])
    return total


@numba.njit(cache=True, error_model="numpy")
def _take(i: int, indptr: Ints, hotspot: Ints, hit: Floats, left: Floats) -> float:
    """Persons that placement i reaches of those left; leaves the others in `left`."""
    total = 0.0
    for q in range(indptr[i], indptr[i + 1]):
        j = hotspot[q]
        total += left[j] * hit[q]
        left[j] *= 1.0 - hit[q]
    return total


@numba.njit(cache=True, error_model="numpy")
def pick_order(
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    hit: Floats,
    persons: Floats,
    cost: Floats,
    forced: Ints,
    others: Ints,
    impressions: bool,
) -> Ints:
    """`forced` as given, then `others` (ascending) by what each adds per yuan to those before it; ties by number."""
    order = np.empty(forced.size + others.size, np.int64)
    left = persons.copy()
    count = 0
    for i in forced:
        order[count] = i
        count += 1
        if not impressions:
            _take(i, indptr, hotspot, hit, left)
    worth = np.empty(others.size)
    fresh = np.zeros(others.size, np.int64)
    for a in range(others.size):
        worth[a] = _adds(others[a], indptr, hotspot, contacts, hit, left, impressions) / max(cost[others[a]], FREE_CNY)
    for step in range(others.size):
        while True:
            top = -1
            for a in range(others.size):
                if worth[a] >= 0.0 and (top < 0 or worth[a] > worth[top]):
                    top = a
            # Gains only fall: an old one that is still the largest after a fresh look is the largest.
            if fresh[top] == step:
                break
            fresh[top] = step
            worth[top] = _adds(others[top], indptr, hotspot, contacts, hit, left, impressions) / max(
                cost[others[top]], FREE_CNY
            )
        order[count] = others[top]
        count += 1
        worth[top] = -1.0
        if not impressions:
            _take(others[top], indptr, hotspot, hit, left)
    return order


@numba.njit(cache=True, error_model="numpy")
def contributions(
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    hit: Floats,
    persons: Floats,
    chosen: Ints,
    impressions: bool,
) -> tuple[Floats, Floats, Floats]:
    """What each pick is worth alone, on top of those before it, and the persons reached after it."""
    alone, marginal, reached = np.empty(chosen.size), np.empty(chosen.size), np.empty(chosen.size)
    left = persons.copy()
    total = 0.0
    for at in range(chosen.size):
        i = chosen[at]
        alone[at] = _adds(i, indptr, hotspot, contacts, hit, persons, impressions)
        taken = _take(i, indptr, hotspot, hit, left)
        marginal[at] = alone[at] if impressions else taken
        total += taken
        reached[at] = total
    return alone, marginal, reached
