"""Compiled inner loops of the bounds. Call them through `geo.core.bounds`, whose notes carry the proofs.

Nothing runs in parallel and sums keep one order, so that equal inputs give equal bits.
"""
# ruff: noqa: C901, PLR0912, PLR0917 - hot loops over plain arrays

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from geo.core.records import Floats, Ints

Floats2 = NDArray[np.float64]
"""Two dimensions; the shape is said where it is used."""


@numba.njit(cache=True, error_model="numpy")
def levels(x: Floats, col_indptr: Ints, col_placement: Ints, col_contacts: Floats, level: Floats) -> None:
    """Fill `level[j]` with the largest s that solves s = Σ_i min(λ_ij, s) x_i, by Newton's method from Σ_i λ_ij x_i.

    The right side is concave and piecewise straight, so Newton's steps come down from the right and end after as many
    kinks as they meet.
    """
    for j in range(level.size):
        s = 0.0
        for a in range(col_indptr[j], col_indptr[j + 1]):
            s += col_contacts[a] * x[col_placement[a]]
        for _ in range(40):
            if s <= 0.0:
                break
            straight, flat = 0.0, 0.0
            for a in range(col_indptr[j], col_indptr[j + 1]):
                share = x[col_placement[a]]
                if share > 0.0:
                    if col_contacts[a] <= s:
                        straight += col_contacts[a] * share
                    else:
                        flat += share
            if flat >= 1.0:
                break
            lower = straight / (1.0 - flat)
            if lower >= s * (1.0 - 1e-12):
                break
            s = lower
        level[j] = s


@numba.njit(cache=True, error_model="numpy")
def best_shares(
    gain: Floats, cost: Floats, group_starts: Ints, group_items: Ints, budget: float, share: Floats
) -> float:
    """Most Σ gain · share for the budget, shares of a group adding up to at most 1; fills `share`.

    Every group is turned into steps up the hull of its (cost, gain) points, each less gain per yuan than the one
    before; steps of all groups are bought by falling gain per yuan until the money is gone, the last one in part (the
    multiple-choice knapsack's relaxation, Sinha & Zoltners 1979). `group_items[group_starts[g]:group_starts[g + 1]]`
    are the placements of group g by rising cost.
    """
    n = gain.size
    step_gain = np.empty(n)
    step_cost = np.empty(n)
    step_from = np.empty(n, np.int64)
    step_to = np.empty(n, np.int64)
    hull = np.empty(n + 1, np.int64)
    steps = 0
    share[:] = 0.0
    for g in range(group_starts.size - 1):
        hull[0] = -1  # choosing nothing: cost 0, gain 0
        top = 0
        for a in range(group_starts[g], group_starts[g + 1]):
            i = group_items[a]
            if gain[i] <= (gain[hull[top]] if top > 0 else 0.0):
                continue
            while top > 0:
                c1, g1 = cost[hull[top]], gain[hull[top]]
                c0 = cost[hull[top - 1]] if top > 1 else 0.0
                g0 = gain[hull[top - 1]] if top > 1 else 0.0
                if (g1 - g0) * (cost[i] - c1) > (gain[i] - g1) * (c1 - c0):
                    break
                top -= 1
            top += 1
            hull[top] = i
        for a in range(1, top + 1):
            step_from[steps], step_to[steps] = hull[a - 1], hull[a]
            step_gain[steps], step_cost[steps] = gain[hull[a]], cost[hull[a]]
            if a > 1:
                step_gain[steps] -= gain[hull[a - 1]]
                step_cost[steps] -= cost[hull[a - 1]]
            steps += 1
    rate = np.empty(steps)
    for a in range(steps):
        rate[a] = -step_gain[a] / max(step_cost[a], 1e-9)
    # Within a group later steps are never better, so a stable order keeps them in turn even where rounding ties them.
    order = np.argsort(rate, kind="mergesort")
    left, total = budget, 0.0
    for at in range(steps):
        a = order[at]
        part = 1.0 if step_cost[a] <= left else left / step_cost[a]
        if part <= 0.0:
            break
        left -= part * step_cost[a]
        total += part * step_gain[a]
        share[step_to[a]] += part
        if step_from[a] >= 0:
            share[step_from[a]] -= part
        if part < 1.0:
            break
    return total


@numba.njit(cache=True, error_model="numpy")
def spread(x: Floats, indptr: Ints, hotspot: Ints, contacts: Floats, met: Floats) -> None:
    """Fill `met` with the contacts of a fractional choice, added in the order of placements."""
    met[:] = 0.0
    for i in range(x.size):
        if x[i] != 0.0:
            for q in range(indptr[i], indptr[i + 1]):
                met[hotspot[q]] += x[i] * contacts[q]


@numba.njit(cache=True, error_model="numpy")
def _slope_along(left: Floats, shift: Floats, linear: float, step: float) -> float:
    total = linear
    for j in range(left.size):
        if shift[j] != 0.0:
            total += left[j] * shift[j] * np.exp(-step * shift[j])
    return total


@numba.njit(cache=True, error_model="numpy")
def frank_wolfe(
    x: Floats,
    weight: Floats,
    base: Floats,
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    cost: Floats,
    group_starts: Ints,
    group_items: Ints,
    budget: float,
    enough: float,
    steps: int,
) -> float:
    """Climb base · x + Σ w (1 − e^(−Σ λ x)) from x, in place; returns the lowest bound met on the way.

    Stops after `steps`, or once the bound is within the share `enough` of the value at x.
    """
    n, hotspots = x.size, weight.size
    met, left, shift = np.empty(hotspots), np.empty(hotspots), np.empty(hotspots)
    gradient, direction = np.empty(n), np.empty(n)
    lowest = np.inf
    spread(x, indptr, hotspot, contacts, met)
    for _ in range(steps):
        value, here, linear = 0.0, 0.0, 0.0
        for j in range(hotspots):
            left[j] = weight[j] * np.exp(-met[j])
            value += weight[j] - left[j]
        for i in range(n):
            s = base[i]
            for q in range(indptr[i], indptr[i + 1]):
                s += contacts[q] * left[hotspot[q]]
            gradient[i] = s
            here += s * x[i]
            value += base[i] * x[i]
        slack = best_shares(gradient, cost, group_starts, group_items, budget, direction) - here
        lowest = min(lowest, value + slack)
        if slack <= enough * abs(value):
            break
        spread(direction, indptr, hotspot, contacts, shift)
        for j in range(hotspots):
            shift[j] -= met[j]
        for i in range(n):
            linear += base[i] * (direction[i] - x[i])
        step = 1.0
        if _slope_along(left, shift, linear, 1.0) < 0.0:
            low, high = 0.0, 1.0
            for _ in range(16):
                step = (low + high) / 2.0
                if _slope_along(left, shift, linear, step) > 0.0:
                    low = step
                else:
                    high = step
            step = low
        if step == 0.0:
            break
        for i in range(n):
            x[i] += step * (direction[i] - x[i])
        for j in range(hotspots):
            met[j] = max(0.0, met[j] + step * shift[j])
    return lowest


@numba.njit(cache=True, error_model="numpy")
def first_mix(
    x: Floats,
    level: Floats,
    col_indptr: Ints,
    col_placement: Ints,
    col_contacts: Floats,
    col_hit: Floats,
    softness: float,
    mix: Floats2,
) -> None:
    """Fill `mix`, shape (hotspots, 3), with shares of the cuts at 0, at `level` and at infinity, lower ones more."""
    for j in range(level.size):
        decay = np.exp(-level[j])
        constant = max(0.0, 1.0 - decay * (1.0 + level[j]))
        first, middle = 0.0, constant
        for a in range(col_indptr[j], col_indptr[j + 1]):
            share = x[col_placement[a]]
            if share > 0.0:
                first += share * col_hit[a]
                middle += share * (decay * col_contacts[a] if col_contacts[a] <= level[j] else col_hit[a] - constant)
        lowest = min(first, middle, 1.0)
        mix[j, 0] = np.exp((lowest - first) / softness)
        mix[j, 1] = np.exp((lowest - middle) / softness)
        mix[j, 2] = np.exp((lowest - 1.0) / softness)
        total = mix[j, 0] + mix[j, 1] + mix[j, 2]
        for c in range(3):
            mix[j, c] /= total


@numba.njit(cache=True, error_model="numpy")
def cut_slopes(
    level: Floats,
    mix: Floats2,
    weight: Floats,
    base: Floats,
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    hit: Floats,
    slope: Floats,
) -> float:
    """Fill `slope` with the coefficients of the mixed cuts, base included; returns the sum of their constants."""
    hotspots = level.size
    capture = np.empty(hotspots)
    tangent = np.empty(hotspots)
    middle = np.empty(hotspots)
    fall = np.empty(hotspots)
    total = 0.0
    for j in range(hotspots):
        decay = np.exp(-level[j])
        constant = max(0.0, 1.0 - decay * (1.0 + level[j]))
        capture[j] = weight[j] * mix[j, 0]
        middle[j] = weight[j] * mix[j, 1]
        tangent[j] = middle[j] * decay
        fall[j] = constant
        total += middle[j] * constant + weight[j] * mix[j, 2]
    for i in range(slope.size):
        s = base[i]
        for q in range(indptr[i], indptr[i + 1]):
            j = hotspot[q]
            s += capture[j] * hit[q]
            s += tangent[j] * contacts[q] if contacts[q] <= level[j] else middle[j] * (hit[q] - fall[j])
        slope[i] = s
    return total


@numba.njit(cache=True, error_model="numpy")
def descend(
    level: Floats,
    mix: Floats2,
    weight: Floats,
    base: Floats,
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    hit: Floats,
    cost: Floats,
    group_starts: Ints,
    group_items: Ints,
    budget: float,
    value: float,
    enough: float,
    steps: int,
) -> float:
    """Lower the bound of the mixed cuts by moving `mix` against its subgradient (Polyak's steps towards `value`).

    The bound holds for every mix, so it may be stopped anywhere; it stops once it is at most `enough`. `mix` is left
    as the best one met.
    """
    hotspots, n = weight.size, base.size
    slope, share = np.empty(n), np.empty(n)
    height = np.empty((hotspots, 3))
    kept = mix.copy()
    lowest, stride, stuck = np.inf, 1.0, 0
    for _ in range(steps):
        bound = cut_slopes(level, mix, weight, base, indptr, hotspot, contacts, hit, slope)
        bound += best_shares(slope, cost, group_starts, group_items, budget, share)
        stuck += 1
        if bound < lowest:
            if bound < lowest - 1e-7 * abs(lowest):
                stuck = 0
            lowest = bound
            kept[:] = mix
        if stuck >= 5:
            stride *= 0.7
            stuck = 0
        if lowest <= enough or stride < 1e-4:
            break
        for j in range(hotspots):
            decay = np.exp(-level[j])
            height[j, 0] = 0.0
            height[j, 1] = max(0.0, 1.0 - decay * (1.0 + level[j]))
            height[j, 2] = 1.0
        for i in range(n):
            if share[i] != 0.0:
                for q in range(indptr[i], indptr[i + 1]):
                    j = hotspot[q]
                    height[j, 0] += share[i] * hit[q]
                    if contacts[q] <= level[j]:
                        height[j, 1] += share[i] * contacts[q] * np.exp(-level[j])
                    else:
                        height[j, 1] += share[i] * (hit[q] - max(0.0, 1.0 - np.exp(-level[j]) * (1.0 + level[j])))
        norm = 0.0
        for j in range(hotspots):
            mean = (height[j, 0] + height[j, 1] + height[j, 2]) / 3.0
            for c in range(3):
                height[j, c] -= mean
                norm += height[j, c] * height[j, c]
        length = stride * (bound - value) / max(norm, 1e-12)
        for j in range(hotspots):
            if weight[j] <= 0.0:
                continue
            for c in range(3):
                mix[j, c] -= length / weight[j] * height[j, c]
            _onto_simplex(mix, j)
    mix[:] = kept
    return lowest


@numba.njit(cache=True, error_model="numpy")
def _onto_simplex(mix: Floats2, j: int) -> None:
    """Move row j of three numbers that add up to 1 to the nearest one without negative numbers."""
    for _ in range(2):
        short, positive = 0.0, 0
        for c in range(3):
            if mix[j, c] < 0.0:
                short += mix[j, c]
                mix[j, c] = 0.0
            elif mix[j, c] > 0.0:
                positive += 1
        if short == 0.0:
            break
        for c in range(3):
            if mix[j, c] > 0.0:
                mix[j, c] += short / positive
    total = 0.0
    for c in range(3):
        mix[j, c] = max(0.0, mix[j, c])
        total += mix[j, c]
    for c in range(3):
        mix[j, c] /= total
