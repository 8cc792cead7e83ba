"""Compile the hot loops before somebody waits for them.

numba compiles a loop at its first call (about 20 s of CPU for all of them) and keeps the result on disk. A worker does
that once after an installation or an upgrade, so that the first plan takes as long as any other.
"""

import numpy as np
import scipy.sparse as sp

from geo.core import score_kernels
from geo.core.join import points_near_lines, points_near_points
from geo.core.optimise import solve
from geo.core.problem import MODES, Problem
from geo.core.records import Polylines


def compile_kernels() -> None:
    """Send a toy town through the join, the scores and every mode of the optimiser; the results are thrown away."""
    random = np.random.default_rng(0)
    x, y = random.uniform(0, 1000, (2, 40))
    line = Polylines(x=np.array([0.0, 1000.0]), y=np.array([500.0, 500.0]), offsets=np.array([0, 2]))
    points_near_lines(line, x, y, 200.0)
    points_near_points(x[:5], y[:5], x, y, 200.0)
    score_kernels.best_stretches(np.array([0, 40]), x, y, 100.0)
    contacts = sp.csr_array(random.uniform(0, 1, (20, 40)) * (random.uniform(0, 1, (20, 40)) < 0.2))
    for mode in MODES:
        solve(
            Problem(
                contacts=contacts,
                persons=np.full(40, 100.0),
                cost_cny=np.linspace(10.0, 29.0, 20),
                budget_cny=100.0,
                mode=mode,
                bundle=np.arange(20) // 2,
                threshold=0.1,
            ),
            iterations=10,
        )
