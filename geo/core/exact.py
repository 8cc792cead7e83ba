"""Whole choices by HiGHS, for problems small enough: an exact answer, or at least a tighter bound.

The search is stopped by a count of nodes and never by the clock, so equal inputs give equal answers.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, sparse

from geo.core.records import Csr, Floats, Ints

GAP = 1e-6
"""Relative gap at which the search is content; it is also the solver's own tolerance."""


def membership(bundle: Ints) -> Csr:
    """One row per bundle with a 1 for each of its placements, shape (bundles, placements)."""
    members = np.flatnonzero(bundle >= 0)
    shape = (int(bundle.max(initial=-1)) + 1, bundle.size)
    return sparse.csr_array((np.ones(members.size), (bundle[members], members)), shape=shape)


def choose(cost: Floats, rows: Csr, ceilings: Floats, nodes: int) -> tuple[Ints | None, float]:
    """Placements, each whole or not at all, of least total `cost` with rows · choice ≤ ceilings.

    Returns
    -------
    plan : ndarray of int64 or None
        The best choice met, feasible within the solver's tolerance (check it in your own arithmetic).
    bound : float
        No choice costs less; −inf where the solver gave none.
    """
    answer = optimize.milp(
        cost,
        integrality=np.ones(cost.size, dtype=np.int64),
        bounds=optimize.Bounds(0.0, 1.0),
        constraints=optimize.LinearConstraint(rows, -np.inf, ceilings),
        options={"node_limit": nodes, "mip_rel_gap": GAP},
    )
    plan = None if answer.x is None else np.flatnonzero(np.asarray(answer.x) > 0.5).astype(np.int64)
    bound = answer.mip_dual_bound
    if bound is None or not np.isfinite(bound):
        return plan, -np.inf
    return plan, float(bound) - 1e-9 * abs(float(bound))  # the solver's own rounding


def knapsack(gain: Floats, cost: Floats, bundle: Ints, budget: float, nodes: int) -> tuple[Ints | None, float]:
    """Most total gain for the budget, at most one of each bundle: (plan, a gain that no choice exceeds)."""
    shared = membership(bundle)
    parts: list[Csr] = [sparse.csr_array(cost[np.newaxis, :]), shared]
    rows = sparse.csr_array(sparse.vstack(parts, format="csr"))
    plan, bound = choose(-gain, rows, np.append(budget, np.ones(shared.shape[0])), nodes)
    if plan is not None and (cost[plan].sum() > budget or (np.bincount(bundle[plan][bundle[plan] >= 0]) > 1).any()):
        plan = None
    return plan, -bound
