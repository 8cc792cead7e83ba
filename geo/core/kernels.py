"""Compiled inner loop of the spatial join. Call it through `geo.core.join`, which checks and types its arguments.

Points are binned into a uniform grid; each segment of each line looks only into the cells that its padded bounding box
touches. Distances follow, operation by operation, the way GEOS measures from a point to a segment, so that a point
exactly on the radius is in or out for both.
"""
# ruff: noqa: PLR0917 - compiled loops take plain arrays

from __future__ import annotations

import numba
import numpy as np

from geo.core.records import Floats, Ints


@numba.njit(cache=True, error_model="numpy")
def bin_points(x: Floats, y: Floats, x0: float, y0: float, cell_m: float, columns: int, rows: int) -> tuple[Ints, Ints]:
    """Points sorted into grid cells, row by row.

    Returns (starts, order): the points of cell c are `order[starts[c]:starts[c + 1]]`, ascending.
    """
    starts = np.zeros(columns * rows + 1, np.int64)
    cell = np.empty(x.size, np.int64)
    for i in range(x.size):
        cell[i] = np.int64((y[i] - y0) / cell_m) * columns + np.int64((x[i] - x0) / cell_m)
        starts[cell[i] + 1] += 1
    for c in range(columns * rows):
        starts[c + 1] += starts[c]
    free = starts[:-1].copy()
    order = np.empty(x.size, np.int64)
    for i in range(x.size):
        order[free[cell[i]]] = i
        free[cell[i]] += 1
    return starts, order


@numba.njit(cache=True, error_model="numpy")
def sweep_lines(  # noqa: C901, PLR0912, PLR0915 - one hot loop; calls would hide its order
    line_x: Floats,
    line_y: Floats,
    offsets: Ints,
    point_x: Floats,
    point_y: Floats,
    order: Ints,
    starts: Ints,
    x0: float,
    y0: float,
    cell_m: float,
    columns: int,
    rows: int,
    radius_m: float,
    padded_m: float,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Points within `radius_m` of each line, each once, at its shortest distance.

    `point_x`, `point_y` are in cell order (`order` gives their own numbers); `padded_m` is the radius plus enough to
    cover rounding when cells are picked. Returns (indptr, point, distance_m, along_m), points of a line in no order.
    """
    lines = offsets.size - 1
    indptr = np.zeros(lines + 1, np.int64)
    capacity = max(1024, order.size)
    found = np.empty(capacity, np.int64)
    distance = np.empty(capacity)
    along = np.empty(capacity)
    seen_by = np.full(order.size, -1, np.int64)
    slot = np.empty(order.size, np.int64)
    # A squared distance is only a sieve: what passes is measured as GEOS does.
    sieve = padded_m * padded_m * (1.0 + 1e-9)
    total = 0
    for k in range(lines):
        travelled = 0.0
        first, last = offsets[k], offsets[k + 1] - 1
        for s in range(first, max(last, first + 1) if last >= first else first):
            ax, ay = line_x[s], line_y[s]
            e = s + 1 if s + 1 <= last else s
            bx, by = line_x[e], line_y[e]
            dx, dy = bx - ax, by - ay
            squared = dx * dx + dy * dy
            length = np.sqrt(squared)
            i0 = max(0, int((min(ax, bx) - padded_m - x0) / cell_m))
            i1 = min(columns - 1, int((max(ax, bx) + padded_m - x0) / cell_m))
            j0 = max(0, int((min(ay, by) - padded_m - y0) / cell_m))
            j1 = min(rows - 1, int((max(ay, by) + padded_m - y0) / cell_m))
            if i0 > i1:
                travelled += length
                continue
            for j in range(j0, j1 + 1):
                for q in range(starts[j * columns + i0], starts[j * columns + i1 + 1]):
                    ux, uy = point_x[q] - ax, point_y[q] - ay
                    share = 0.0
                    if squared > 0.0:
                        share = (ux * dx + uy * dy) / squared
                    if share <= 0.0:
                        share = 0.0
                        near = ux * ux + uy * uy
                        if near > sieve:
                            continue
                        d = np.sqrt(near)
                    elif share >= 1.0:
                        share = 1.0
                        vx, vy = point_x[q] - bx, point_y[q] - by
                        near = vx * vx + vy * vy
                        if near > sieve:
                            continue
                        d = np.sqrt(near)
                    else:
                        d = abs(((-uy) * dx - (-ux) * dy) / squared) * length
                    if d > radius_m:
                        continue
                    if seen_by[q] != k:
                        if total == capacity:
                            capacity *= 2
                            found = np.concatenate((found, np.empty(total, np.int64)))
                            distance = np.concatenate((distance, np.empty(total)))
                            along = np.concatenate((along, np.empty(total)))
                        seen_by[q] = k
                        slot[q] = total
                        found[total] = order[q]
                        distance[total] = d
                        along[total] = travelled + share * length
                        total += 1
                    elif d < distance[slot[q]]:
                        distance[slot[q]] = d
                        along[slot[q]] = travelled + share * length
            travelled += length
        indptr[k + 1] = total
    return indptr, found[:total].copy(), distance[:total].copy(), along[:total].copy()
