"""Compiled inner loop of the spatial join. Call it through `geo.core.join`, which checks and types its arguments.

Points are binned into a uniform grid. A line is walked in chunks of a few neighbouring segments; each chunk copies the
points around it, as float32 relative to itself, and measures all of them against all of its segments without a branch,
so that the processor does eight or sixteen at a time. That is only a sieve, with a margin for its rounding: whatever
may be near, and every segment that may be the nearest, is measured again in float64, operation by operation the way
GEOS measures from a point to a segment. So a point exactly on the radius is in or out for both.
"""
# ruff: noqa: PLR0917, FURB136 - compiled loops take plain arrays; comparisons without a rule for NaN are one instruction

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from geo.core.records import Floats, Ints

SEGMENTS, POINTS = 16, 256
"""Most segments of a chunk and points measured at a time: their distances, 16 KB, stay in the first-level cache."""

CHUNK_CELLS = 4.0
"""Longest side of a chunk's bounding box in cells, where it has more than one segment."""

ROUNDING = 32.0 * 2.0**-24
"""Error of a float32 distance, per metre of the largest coordinate in it: some 15 roundings of half a unit each."""

DIGIT_BITS, FEW = 9, 48
"""Points of a line are sorted by digits of so many bits: two or three passes in a city; up to so many by insertion."""

LARGEST_M = 1e12
"""Beyond this the squares of float32 are not to be trusted, and everything is measured in float64."""

# Where the only bit of a word stands: the word times this number has another six bits at its top for each place.
_DE_BRUIJN = 0x03F79D71B4CB0A89
_PLACE = np.zeros(64, np.int64)
_PLACE[[((_DE_BRUIJN << place) & (2**64 - 1)) >> 58 for place in range(64)]] = np.arange(64)


@numba.njit(cache=True, error_model="numpy")
def bin_points(
    x: Floats, y: Floats, x0: float, y0: float, cells_per_m: float, columns: int, rows: int
) -> tuple[Ints, NDArray[np.int32], Floats, Floats]:
    """Points sorted into grid cells, row by row.

    Returns (starts, order, x, y): the points of cell c are `order[starts[c]:starts[c + 1]]`, ascending; x and y are in
    that order.
    """
    starts = np.zeros(columns * rows + 1, np.int64)
    cell = np.empty(x.size, np.int64)
    for i in range(x.size):
        cell[i] = np.int64((y[i] - y0) * cells_per_m) * columns + np.int64((x[i] - x0) * cells_per_m)
        starts[cell[i] + 1] += 1
    for c in range(columns * rows):
        starts[c + 1] += starts[c]
    free = starts[:-1].copy()
    order = np.empty(x.size, np.int32)
    sorted_x, sorted_y = np.empty(x.size), np.empty(x.size)
    for i in range(x.size):
        at = free[cell[i]]
        free[cell[i]] += 1
        order[at] = i
        sorted_x[at], sorted_y[at] = x[i], y[i]
    return starts, order, sorted_x, sorted_y


@numba.njit(cache=True, error_model="numpy")
def _sort(keys: Ints, spare: Ints, counts: Ints, size: int, limit: int) -> None:
    """Sort the first `size` keys by their upper halves, which are below `limit`; by digits, as there are many."""
    if size <= FEW:
        for i in range(1, size):
            key, at = keys[i], i
            while at > 0 and keys[at - 1] > key:
                keys[at] = keys[at - 1]
                at -= 1
            keys[at] = key
        return
    shift = 32
    while limit > 0:
        counts[:] = 0
        for i in range(size):
            counts[(keys[i] >> shift) & (counts.size - 1)] += 1
        before = 0
        for digit in range(counts.size):
            own = counts[digit]
            counts[digit] = before
            before += own
        for i in range(size):
            digit = (keys[i] >> shift) & (counts.size - 1)
            spare[counts[digit]] = keys[i]
            counts[digit] += 1
        keys[:size] = spare[:size]
        shift += DIGIT_BITS
        limit >>= DIGIT_BITS


@numba.njit(cache=True, error_model="numpy")
def _sieve(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    count: int,
    segments: NDArray[np.float32],
    size: int,
    margin: float,
    squared: NDArray[np.float32],
    nearest: NDArray[np.float32],
    limit: NDArray[np.float32],
    tied: NDArray[np.int32],
) -> None:
    """Squared distances of `count` points from `size` segments, the least of each point, and what may be that near.

    Bit n of a point's entry in `tied` says that segment n is at most twice `margin` farther than the nearest one;
    `limit` is room for how far that is.
    """
    nothing, whole = np.float32(0.0), np.float32(1.0)
    for p in range(count):
        nearest[p] = np.float32(np.inf)
    for n in range(size):
        ax, ay, dx, dy, inverse = segments[n, 0], segments[n, 1], segments[n, 2], segments[n, 3], segments[n, 4]
        row = squared[n]
        for p in range(count):
            ux, uy = x[p] - ax, y[p] - ay
            share = (ux * dx + uy * dy) * inverse
            share = share if share > nothing else nothing
            share = share if share < whole else whole
            ex, ey = ux - share * dx, uy - share * dy
            near = ex * ex + ey * ey
            row[p] = near
            nearest[p] = near if near < nearest[p] else nearest[p]
    farther, rounding = np.float32(2.0 * margin), np.float32(1.0 + 1e-6)
    for p in range(count):
        root = np.sqrt(nearest[p]) + farther
        limit[p] = root * root * rounding
        tied[p] = 0
    for n in range(size):
        row, bit = squared[n], np.int32(1 << n)
        for p in range(count):
            tied[p] |= np.int32(0) if row[p] > limit[p] else bit


@numba.njit(cache=True, error_model="numpy")
def _measure(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> tuple[float, float]:
    """(distance, place) of a point's nearest place on a segment, as GEOS does it; the place is a share of its length.

    The order of operations is GEOS's `Distance::pointToSegment`.
    """
    dx, dy = bx - ax, by - ay
    ux, uy = px - ax, py - ay
    squared = dx * dx + dy * dy
    share = 0.0
    if squared > 0.0:
        share = (ux * dx + uy * dy) / squared
    if share <= 0.0:
        return np.sqrt(ux * ux + uy * uy), 0.0
    if share >= 1.0:
        vx, vy = px - bx, py - by
        return np.sqrt(vx * vx + vy * vy), 1.0
    return abs(((-uy) * dx - (-ux) * dy) / squared) * np.sqrt(squared), share


@numba.njit(cache=True, error_model="numpy")
def sweep_lines(  # noqa: C901, PLR0912, PLR0915 - one hot loop; calls would hide its order
    line_x: Floats,
    line_y: Floats,
    offsets: Ints,
    point_x: Floats,
    point_y: Floats,
    order: NDArray[np.int32],
    starts: Ints,
    x0: float,
    y0: float,
    cells_per_m: float,
    columns: int,
    rows: int,
    radius_m: float,
    padded_m: float,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Points within `radius_m` of each line, each once, at its shortest distance.

    `point_x`, `point_y` are in cell order (`order` gives their own numbers); `padded_m` is the radius plus enough to
    cover rounding when cells are picked. Returns (line, point, distance_m, along_m), sorted by line, then by point.
    """
    points = order.size
    capacity = 8 * points + 1024
    line, found = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
    distance, along = np.empty(capacity), np.empty(capacity)
    # Of the line at hand: where in the result each point (in cell order) stands, the measures, and what to sort by.
    slot = np.full(points, -1, np.int32)
    near_m, near_along = np.empty(points), np.empty(points)
    keys, spare, counts = np.empty(points, np.int64), np.empty(points, np.int64), np.empty(1 << DIGIT_BITS, np.int64)
    # Of the chunk at hand.
    segments, before = np.empty((SEGMENTS, 5), np.float32), np.empty(SEGMENTS)
    around, around_x, around_y = np.empty(POINTS, np.int64), np.empty(POINTS, np.float32), np.empty(POINTS, np.float32)
    squared, nearest = np.empty((SEGMENTS, POINTS), np.float32), np.empty(POINTS, np.float32)
    alike = np.empty(POINTS, np.float32)
    maybe, tied = np.empty(POINTS, np.int64), np.empty(POINTS, np.int32)
    longest = CHUNK_CELLS / cells_per_m
    total = 0
    for k in range(offsets.size - 1):
        base, travelled = total, 0.0
        first, last = offsets[k], offsets[k + 1] - 1
        end = max(last, first + 1) if last >= first else first
        s = first
        while s < end:
            opening, size = s, 0
            ox, oy = line_x[s], line_y[s]
            west, east, south, north = ox, ox, oy, oy
            while s < end and size < SEGMENTS:
                e = min(s + 1, last)
                bx, by = line_x[e], line_y[e]
                w, t, b, h = min(west, bx), max(east, bx), min(south, by), max(north, by)
                if size > 0 and max(t - w, h - b) > longest:
                    break
                west, east, south, north = w, t, b, h
                dx, dy = bx - line_x[s], by - line_y[s]
                length = dx * dx + dy * dy
                segments[size, 0], segments[size, 1] = line_x[s] - ox, line_y[s] - oy
                segments[size, 2], segments[size, 3] = dx, dy
                # What is shorter than any coordinate can tell is a point.
                segments[size, 4] = 1.0 / length if length > 1e-30 else 0.0
                before[size] = travelled
                travelled += np.sqrt(length)
                size += 1
                s += 1
            i0 = max(0, int((west - padded_m - x0) * cells_per_m))
            i1 = min(columns - 1, int((east + padded_m - x0) * cells_per_m))
            j0 = max(0, int((south - padded_m - y0) * cells_per_m))
            j1 = min(rows - 1, int((north + padded_m - y0) * cells_per_m))
            if i0 > i1 or j0 > j1:
                continue
            largest = max(east - west, north - south) + padded_m + 2.0 / cells_per_m
            margin = ROUNDING * largest if largest < LARGEST_M else np.inf
            limit = np.float32((padded_m + margin) * (padded_m + margin) * (1.0 + 1e-6))
            j = j0
            q, q1 = starts[j * columns + i0], starts[j * columns + i1 + 1]
            while j <= j1:
                count = 0
                while True:
                    take = min(q1 - q, POINTS - count)
                    for step in range(take):
                        around[count + step] = q + step
                        around_x[count + step] = point_x[q + step] - ox
                        around_y[count + step] = point_y[q + step] - oy
                    count += take
                    q += take
                    if q < q1:
                        break
                    j += 1
                    if j > j1:
                        break
                    q, q1 = starts[j * columns + i0], starts[j * columns + i1 + 1]
                # Whole vectors: what is left over would be measured one by one. Copies of a point change nothing.
                whole = (count + 31) & ~31
                for p in range(count, whole):
                    around_x[p], around_y[p] = around_x[0], around_y[0]
                _sieve(around_x, around_y, whole, segments, size, margin, squared, nearest, alike, tied)
                hits = 0
                for p in range(count):
                    maybe[hits] = p
                    hits += not nearest[p] > limit
                for hit in range(hits):
                    p = maybe[hit]
                    at = around[p]
                    best, place = np.inf, 0.0
                    bits = np.int64(tied[p])
                    while bits != 0:
                        n = _PLACE[((bits & -bits) * _DE_BRUIJN >> 58) & 63]
                        bits &= bits - 1
                        e = min(opening + n + 1, last)
                        d, share = _measure(
                            point_x[at], point_y[at], line_x[opening + n], line_y[opening + n], line_x[e], line_y[e]
                        )
                        if d < best:
                            dx, dy = line_x[e] - line_x[opening + n], line_y[e] - line_y[opening + n]
                            best, place = d, before[n] + share * np.sqrt(dx * dx + dy * dy)
                    if best > radius_m:
                        continue
                    if slot[at] < base:
                        slot[at] = total
                        near_m[total - base], near_along[total - base] = best, place
                        keys[total - base] = np.int64(order[at]) << 32 | (total - base)
                        total += 1
                    elif best < near_m[slot[at] - base]:
                        near_m[slot[at] - base], near_along[slot[at] - base] = best, place
        if total == base:
            continue
        if total > capacity:
            capacity = 2 * total
            line = np.concatenate((line[:base], np.empty(capacity - base, np.int64)))
            found = np.concatenate((found[:base], np.empty(capacity - base, np.int64)))
            distance = np.concatenate((distance[:base], np.empty(capacity - base)))
            along = np.concatenate((along[:base], np.empty(capacity - base)))
        _sort(keys, spare, counts, total - base, points)
        for one in range(total - base):
            at = keys[one] & 0xFFFFFFFF
            line[base + one], found[base + one] = k, keys[one] >> 32
            distance[base + one], along[base + one] = near_m[at], near_along[at]
    return line[:total], found[:total], distance[:total], along[:total]
