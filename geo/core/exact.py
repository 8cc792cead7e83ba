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


def choose(
    cost: Floats, rows: Csr, ceilings: Floats, nodes: int, *, whole: int | None = None, most: Floats | None = None
) -> tuple[Ints | None, float]:
    """Choices, each whole or not at all, of least total `cost` with rows · choice ≤ ceilings.

    Parameters
    ----------
    whole : int, optional
        Only so many of the variables, the first, are choices; the others are numbers from 0 up to `most`.
    most : ndarray, optional
        Upper limits of all variables; 1 by default.

    Returns
    -------
    plan : ndarray of int64 or None
        The best choice met, feasible within the solver's tolerance (check it in your own arithmetic).
    bound : float
        No choice costs less; −inf where the solver gave none.
    """
    if cost.size == 0:  # scipy refuses a problem without variables
        return (np.empty(0, dtype=np.int64), 0.0) if (ceilings >= 0).all() else (None, -np.inf)
    choices = cost.size if whole is None else whole
    integral = np.zeros(cost.size, dtype=np.int64)
    integral[:choices] = 1
    answer = optimize.milp(
        cost,
        integrality=integral,
        bounds=optimize.Bounds(0.0, 1.0 if most is None else most),
        constraints=optimize.LinearConstraint(rows, -np.inf, ceilings),
        options={"node_limit": nodes, "mip_rel_gap": GAP},
    )
    plan = None if answer.x is None else np.flatnonzero(np.asarray(answer.x)[:choices] > 0.5).astype(np.int64)
    bound = answer.mip_dual_bound
    if bound is None or not np.isfinite(bound):
        return plan, -np.inf
    return plan, float(bound) - 1e-9 * abs(float(bound))  # the solver's own rounding
