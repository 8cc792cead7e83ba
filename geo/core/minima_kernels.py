"""Compiled book-keeping of minima: how many of each group are still missing, and the money to keep for them.

Group g has the members `group_items[group_starts[g]:group_starts[g + 1]]`, by rising cost; placement i belongs to the
groups `member_groups[member_starts[i]:member_starts[i + 1]]`.
"""
# ruff: noqa: PLR0917, SIM110 - compiled loops take plain arrays and have no generator expressions

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from geo.core.records import Floats, Ints

Flags = NDArray[np.bool_]


@numba.njit(cache=True, error_model="numpy")
def reserve(
    i: int,
    missing: Ints,
    group_starts: Ints,
    group_items: Ints,
    member_starts: Ints,
    member_groups: Ints,
    cost: Floats,
    bundle: Ints,
    inside: Flags,
    taken: Flags,
) -> float:
    """Money to keep for the minima that are still missing once placement i is bought (−1: as things are).

    Each minimum is priced by its own cheapest members: enough where they overlap, and infinite where too few are left.
    """
    total = 0.0
    for g in range(missing.size):
        wanted = missing[g]
        if i >= 0:
            for a in range(member_starts[i], member_starts[i + 1]):
                if member_groups[a] == g:
                    wanted -= 1
        if wanted <= 0:
            continue
        for a in range(group_starts[g], group_starts[g + 1]):
            k = group_items[a]
            if k == i or inside[k]:
                continue
            if bundle[k] >= 0 and (taken[bundle[k]] or (i >= 0 and bundle[k] == bundle[i])):
                continue
            total += cost[k]
            wanted -= 1
            if wanted == 0:
                break
        if wanted > 0:
            return np.inf
    return total


@numba.njit(cache=True, error_model="numpy")
def helps(i: int, missing: Ints, member_starts: Ints, member_groups: Ints) -> bool:
    """Whether placement i belongs to a minimum that is still missing."""
    for a in range(member_starts[i], member_starts[i + 1]):
        if missing[member_groups[a]] > 0:
            return True
    return False


@numba.njit(cache=True, error_model="numpy")
def count_in(i: int, sign: int, missing: Ints, member_starts: Ints, member_groups: Ints) -> None:
    for a in range(member_starts[i], member_starts[i + 1]):
        missing[member_groups[a]] -= sign


@numba.njit(cache=True, error_model="numpy")
def cheapest_member(
    missing: Ints, group_starts: Ints, group_items: Ints, bundle: Ints, inside: Flags, taken: Flags
) -> int:
    """The cheapest placement that the first missing minimum can still buy; −1: there is none, −2: none is missing."""
    for g in range(missing.size):
        if missing[g] > 0:
            for a in range(group_starts[g], group_starts[g + 1]):
                k = group_items[a]
                if not inside[k] and (bundle[k] < 0 or not taken[bundle[k]]):
                    return int(k)
            return -1
    return -2
