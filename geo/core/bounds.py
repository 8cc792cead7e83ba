"""How good a plan could possibly be: numbers that no allowed plan exceeds, each with its own proof.

All of them relax only the integrality of the choice. Budget, forced and excluded placements and "at most one per
bundle" stay in force, the last in its fractional form (shares of a bundle add up to at most one). Minima are priced:
with any prices ν ≥ 0, no plan is worth more than its value plus Σ ν (members bought − members needed), so the bound of
that sum holds for all; the linear programme at the present point says which prices are good.

Notes
-----
**Smooth.** F(x) = Σ w_j (1 − e^(−Σ_i λ_ij x_i)) is concave and equals the reach at whole x. At any x, therefore, no
feasible y is worth more than F(x) + ∇F(x)·(y − x), and the best y for that line is a knapsack solved exactly
(Frank & Wolfe 1956).

**Cuts.** Where single placements bring a person many contacts, F is far above the reach of whole choices in between.
For every level s ≥ 0 and whole x, with a = 1 − e^(−s)(1 + s) and h_i = 1 − e^(−λ_i),

    1 − e^(−Σ λ_i x_i)  ≤  a + Σ c_i x_i,    c_i = e^(−s) λ_i where λ_i ≤ s, and h_i − a where λ_i > s.

Proof: the tangent at s is above the curve for contacts t of small placements (λ_i ≤ s) alone. One big placement on top
makes 1 − e^(−t−λ) = h + e^(−λ)(1 − e^(−t)) ≤ a + c + e^(−s) t. A further big one adds at most e^(−λ') h with another
big λ' there, which is ≤ h − a because a ≤ (1 − e^(−s))² ≤ h h'. Small ones on top of a big one add at most e^(−s) λ
each. ∎
s = 0 counts every placement as if it were alone, s = ∞ says that nobody is reached twice. Every mix of cuts is a bound
as well; which mix is best is a convex problem, walked down by subgradients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import optimize, sparse

from geo.core import bound_kernels, exact
from geo.core.problem import MONEY_TOLERANCE_CNY
from geo.core.records import Csr, Floats, Ints
from geo.core.search import Subproblem, as64

_SMOOTH_ENOUGH = 2e-4
_ENOUGH = 2.5e-3
"""A bound this near to the plan is not improved for its own sake."""

_DESCENTS = 3
_SMOOTH_ENTRIES, _ENTRIES = 20_000_000, 30_000_000
"""Matrix entries that Frank–Wolfe and one descent may touch: bounds their time without looking at the clock."""

_SOFTNESS = 0.1


@dataclass(frozen=True, eq=False)
class Bound:
    """A number that no allowed choice of open placements exceeds, and the relaxed choice where it was found.

    `x` has shape (n,), shares in [0, 1]; `level` has shape (hotspots,): where a cut through the relaxed optimum lies.
    """

    value: float
    x: Floats
    level: Floats


class _Relaxation:
    """A subproblem with prices for its minima, and the exact best fractional choice for linear gains."""

    def __init__(self, part: Subproblem, prices: Floats) -> None:
        self.part = part
        self.base: Floats = part.base + np.asarray(part.groups.rows.T @ prices, dtype=np.float64)
        self.refund = float(prices @ part.groups.need)
        self.starts, self.items = grouped(part.bundle, part.bundles, part.cost_cny)
        self.indptr, self.hotspot = as64(part.contacts.indptr), as64(part.contacts.indices)
        self.col_indptr, self.col_placement = as64(part.by_hotspot.indptr), as64(part.by_hotspot.indices)

    def smooth(self, x: Floats, effort: float) -> tuple[float, Floats]:
        """Frank–Wolfe on F from x: (bound, where it ended)."""
        part = self.part
        climbed = x.copy()
        lowest: float = bound_kernels.frank_wolfe(
            climbed,
            part.weight,
            self.base,
            self.indptr,
            self.hotspot,
            part.contacts.data,
            part.cost_cny,
            self.starts,
            self.items,
            part.budget_cny,
            _SMOOTH_ENOUGH,
            int(np.clip(effort * _SMOOTH_ENTRIES // max(1, part.contacts.nnz + x.size), 10, 400)),
        )
        return lowest - self.refund, climbed

    def cuts(self, x: Floats, known: float, effort: float) -> tuple[float, Floats]:
        """The mixed cuts through x, walked down towards the worth of a known plan: (bound, levels)."""
        part = self.part
        level = levels_at(part, x)
        mix = np.zeros((level.size, 3))
        mix[:, 1] = 1.0
        lowest = self._descend(level, mix, known, steps=1)
        bound_kernels.first_mix(
            x, level, self.col_indptr, self.col_placement, part.by_hotspot.data, part.hit_by_hotspot, _SOFTNESS, mix
        )
        steps = int(np.clip(effort * _ENTRIES // max(1, part.contacts.nnz + part.placements.size), 20, 2000))
        return min(lowest, self._descend(level, mix, known, steps)), level

    def _descend(self, level: Floats, mix: Floats, known: float, steps: int) -> float:
        part = self.part
        lowest: float = bound_kernels.descend(
            level,
            mix,
            part.weight,
            self.base,
            self.indptr,
            self.hotspot,
            part.contacts.data,
            part.hit,
            part.cost_cny,
            self.starts,
            self.items,
            part.budget_cny,
            known + self.refund,
            known + self.refund + 1e-7 * abs(known),
            steps,
        )
        return lowest - self.refund


def upper_bound(part: Subproblem, plan: Ints, effort: float = 1.0) -> Bound:
    """The most that an allowed choice of open placements can be worth; `plan` is where the search for it starts.

    A smaller `effort` leaves the bound a little higher, and as true.
    """
    size = part.placements.size
    x = np.zeros(size)
    x[plan] = 1.0
    level = np.asarray(part.by_hotspot @ x, dtype=np.float64)
    if size == 0:
        return Bound(0.0, x, level)
    known = part.value(plan)
    value = np.inf
    for _ in range(_DESCENTS if len(part.groups) else 1):
        relaxed = _Relaxation(part, prices_of_minima(part, x))
        lower, x = relaxed.smooth(x, effort)
        if part.contacts.nnz and lower > known + _ENOUGH * abs(known):
            cut, level = relaxed.cuts(x, known, effort)
            lower = min(lower, cut)
        value = min(value, lower)
    # What is rounded away in sums of floats must not turn a bound into a lie.
    return Bound(max(value, known) + 1e-12 * abs(value), x, level)


def levels_at(part: Subproblem, x: Floats) -> Floats:
    """Where the lowest cut at a fractional choice lies, shape (hotspots,)."""
    level = np.empty(part.weight.size)
    by = part.by_hotspot
    bound_kernels.levels(x, as64(by.indptr), as64(by.indices), by.data, level)
    return level


def prices_of_minima(part: Subproblem, x: Floats) -> Floats:
    """What one more member of each group would be worth to the linear programme at x; shape (groups,), ≥ 0."""
    if not len(part.groups):
        return np.empty(0)
    met = np.asarray(part.by_hotspot @ x, dtype=np.float64)
    gain = part.base + np.asarray(part.contacts @ (part.weight * np.exp(-met)), dtype=np.float64)
    rows, ceilings = side_rows(part)
    answer = optimize.linprog(-gain, A_ub=cast("Any", rows), b_ub=ceilings, bounds=(0.0, 1.0), method="highs")
    if answer.status != 0:
        return np.zeros(len(part.groups))
    return np.maximum(0.0, -np.asarray(answer.ineqlin.marginals, dtype=np.float64)[1 : 1 + len(part.groups)])


def side_rows(part: Subproblem) -> tuple[Csr, Floats]:
    """Budget, minima and bundles as rows · choice ≤ ceilings, in that order."""
    shared = exact.membership(part.bundle)
    price: Csr = sparse.csr_array(part.cost_cny[np.newaxis, :])
    rows: Csr = sparse.csr_array(sparse.vstack([price, -part.groups.rows, shared], format="csr"))
    # An infinite budget is one that buys everything; HiGHS wants it finite.
    budget = min(part.budget_cny, float(part.cost_cny.sum()) + MONEY_TOLERANCE_CNY)
    return rows, np.concatenate([[budget], -part.groups.need.astype(np.float64), np.ones(shared.shape[0])])


def grouped(bundle: Ints, bundles: int, cost_cny: Floats) -> tuple[Ints, Ints]:
    """Placements grouped by bundle (a lone one is its own group), by rising cost within each: (starts, items)."""
    size = bundle.size
    group = np.where(bundle >= 0, bundle, bundles + np.arange(size))
    items = np.lexsort((np.arange(size), cost_cny, group)).astype(np.int64)
    _, first = np.unique(group[items], return_index=True)
    return np.append(first, size).astype(np.int64), items
