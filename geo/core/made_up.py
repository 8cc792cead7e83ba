"""Towns made up from a seed, to measure on and to try a country with: winding routes, and places beside them."""

from __future__ import annotations

import numpy as np

from geo.core.records import Floats, Polylines

STEP_M = 60.0
SIDE_M, SIDE_ROUTES = 20_000.0, 1_500
"""A town of so many routes begins them in a square of this side; others in a square of as many routes per area."""


def winding_town(rng: np.random.Generator, routes: int, places: int) -> tuple[Polylines, Floats, Floats]:
    """Routes of 100 to 399 vertices `STEP_M` apart, and x and y of places: half beside them, half anywhere. Metres."""
    side = SIDE_M * np.sqrt(routes / SIDE_ROUTES)
    sizes = rng.integers(100, 400, routes)
    owner = np.repeat(np.arange(routes), sizes)
    heading = rng.uniform(0, 2 * np.pi, routes)[owner] + np.cumsum(rng.normal(0, 0.08, owner.size))
    starts = np.concatenate([[0], np.cumsum(sizes)])
    steps = np.stack([STEP_M * np.cos(heading), STEP_M * np.sin(heading)])
    walked = np.cumsum(steps, axis=1)
    walked -= walked[:, starts[:-1]][:, owner]
    x, y = rng.uniform(0, side, (2, routes))[:, owner] + walked
    beside = rng.integers(0, x.size, places // 2)
    px = np.concatenate([x[beside] + rng.normal(0, 150, beside.size), rng.uniform(0, side, places - beside.size)])
    py = np.concatenate([y[beside] + rng.normal(0, 150, beside.size), rng.uniform(0, side, places - beside.size)])
    return Polylines(x, y, starts), px, py
