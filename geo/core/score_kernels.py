"""Compiled loop behind the stretches of `geo.core.scores`, which checks and types its arguments."""

from __future__ import annotations

import numba
import numpy as np

from geo.core.records import Floats, Ints


@numba.njit(cache=True, error_model="numpy")
def best_stretches(indptr: Ints, along_m: Floats, worth: Floats, stretch_m: float) -> tuple[Floats, Floats]:
    """Per route, where the window of at most `stretch_m` that holds the most worth begins and ends: (from, to).

    The pairs of route r are those from `indptr[r]` to `indptr[r + 1]`. Only places with worth begin and end a window;
    the earliest of equals counts; 0, 0 where there is none.
    """
    routes = indptr.size - 1
    starts, ends = np.zeros(routes), np.zeros(routes)
    for route in range(routes):
        first, last = indptr[route], indptr[route + 1]
        order = first + np.argsort(along_m[first:last], kind="mergesort")
        best, held, front, front_m = 0.0, 0.0, 0, 0.0
        for back in range(order.size):
            own = worth[order[back]]
            if own <= 0.0:
                continue
            from_m = along_m[order[back]]
            while front < order.size and along_m[order[front]] <= from_m + stretch_m:
                if worth[order[front]] > 0.0:
                    held += worth[order[front]]
                    front_m = along_m[order[front]]
                front += 1
            # Sums that only rounding tells apart are equal.
            if held > best * (1.0 + 1e-12):
                best, starts[route], ends[route] = held, from_m, front_m
            held -= own
    return starts, ends
