"""How good a plan could possibly be: numbers that no feasible plan exceeds, each with its own proof.

All of them relax only the integrality of the choice. Budget, forced and excluded placements and "at most one per
bundle" stay in force, the last in its fractional form (shares of a bundle add up to at most one).
"""

from __future__ import annotations

import numpy as np

from geo.core import search_kernels
from geo.core.records import Floats, Ints
from geo.core.search import Subproblem

_STEPS = 400
_GOOD_ENOUGH = 2e-4


def impressions_bound(part: Subproblem) -> float:
    """The most that open placements can add to the contacts: the fractional knapsack with bundles, solved exactly."""
    return _best_direction(part, part.base, np.empty(part.placements.size))


def reach_bound(part: Subproblem, plan: Ints) -> float:
    """The most that open placements can add to the persons reached, by Frank–Wolfe from a plan.

    Notes
    -----
    F(x) = Σ w_j (1 − e^(−Σ_i λ_ij x_i)) is concave and equals the reach at whole x. At any x, therefore, no feasible y
    is worth more than F(x) + ∇F(x)·(y − x); the best fractional y for that line is a knapsack solved exactly. The least
    such number over the steps is the bound: true wherever the iteration stands, only less tight where it stops early.
    """
    size = part.placements.size
    if size == 0:
        return 0.0
    x = np.zeros(size)
    x[plan] = 1.0
    transposed = part.contacts.T.tocsr()
    met = np.asarray(transposed @ x, dtype=np.float64)
    direction = np.empty(size)
    lowest = np.inf
    for _ in range(_STEPS):
        left = part.weight * np.exp(-met)
        value = float((part.weight - left).sum())
        gradient = np.asarray(part.contacts @ left, dtype=np.float64)
        slack = _best_direction(part, gradient, direction) - float(gradient @ x)
        lowest = min(lowest, value + slack)
        if slack <= _GOOD_ENOUGH * value or lowest <= value:
            break
        shift = np.asarray(transposed @ direction, dtype=np.float64) - met
        step = _best_step(left, shift)
        if step == 0.0:
            break
        x += step * (direction - x)
        met = np.maximum(met + step * shift, 0.0)
    return max(lowest, 0.0)


def _best_step(left: Floats, shift: Floats) -> float:
    """Where in [0, 1] the concave value along `shift` is highest, by bisection of its slope."""

    def slope(step: float) -> float:
        return float((left * shift) @ np.exp(-step * shift))

    if slope(1.0) >= 0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if slope(middle) > 0:
            low = middle
        else:
            high = middle
    return low


def _best_direction(part: Subproblem, gain: Floats, share: Floats) -> float:
    """Exact optimum of Σ gain · share under the budget, shares of a bundle adding up to at most 1; fills `share`.

    Steps up the hulls of all bundles are bought by falling gain per yuan until the money is gone, the last one in part
    (the multiple-choice knapsack's relaxation, Sinha & Zoltners 1979).
    """
    starts, items = _groups(part)
    steps, prices, origin, target = search_kernels.hull_steps(gain, part.cost_cny, starts, items)
    # Within a bundle later steps are never better, so a stable order keeps them in turn even where rounding ties them.
    order = np.argsort(-steps / np.maximum(prices, search_kernels.FREE_CNY), kind="stable")
    before = np.cumsum(prices[order]) - prices[order]
    left = np.maximum(part.budget_cny - before, 0.0)
    bought = np.where(prices[order] <= left, 1.0, left / np.maximum(prices[order], search_kernels.FREE_CNY))
    share[:] = 0.0
    np.add.at(share, target[order], bought)
    moved = origin[order] >= 0
    np.add.at(share, origin[order][moved], -bought[moved])
    return float(steps[order] @ bought)


def _groups(part: Subproblem) -> tuple[Ints, Ints]:
    """Placements grouped by bundle (a lone one is its own group), by rising cost within each."""
    size = part.placements.size
    group = np.where(part.bundle >= 0, part.bundle, part.bundles + np.arange(size))
    items = np.lexsort((np.arange(size), part.cost_cny, group)).astype(np.int64)
    _, first = np.unique(group[items], return_index=True)
    starts = np.append(first, size).astype(np.int64)
    return starts, items
