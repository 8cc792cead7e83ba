"""Which points lie within a radius of which lines: exact, and fast enough for a country.

Two ways with equal pairs: `points_near_lines` walks a uniform grid in compiled code; `points_near_lines_strtree` asks
shapely, one segment at a time. The second is the oracle of the tests, and the way out where numba cannot run.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geo.core import kernels
from geo.core.records import Floats, Ints, Pairs, Polylines, floats


def points_near_lines(lines: Polylines, x: ArrayLike, y: ArrayLike, radius_m: float) -> Pairs:
    """Pairs of line and point at most `radius_m` apart, by a uniform grid over the points.

    Parameters
    ----------
    lines : Polylines
        Metres. Repeated vertices, lines of one vertex and lines of none are all right.
    x, y : array, shape (points,)
        Metres, same projection.
    radius_m : float
        ≥ 0; a point exactly this far away is near.

    Returns
    -------
    Pairs
        Sorted by line, then by point.
    """
    px, py, radius = _checked(x, y, radius_m)
    if px.size == 0 or lines.x.size == 0:
        return _no_pairs()
    x0, y0 = float(px.min()), float(py.min())
    width, height = float(px.max()) - x0, float(py.max()) - y0
    # Cells of half the radius leave little around a chunk that is not near it; never many more cells than points.
    cell_m = max(radius / 2, np.hypot(width, height) / 4096, 1e-9)
    while (width / cell_m + 1) * (height / cell_m + 1) > max(4096, 4 * px.size):
        cell_m *= 1.3
    # A cell is found by one and the same product everywhere: it rises with the coordinate, so nothing slips between.
    cells_per_m = 1.0 / cell_m
    columns, rows = int(width * cells_per_m) + 1, int(height * cells_per_m) + 1
    starts, order, sorted_x, sorted_y = kernels.bin_points(px, py, x0, y0, cells_per_m, columns, rows)
    largest = max(_largest(values) for values in (lines.x, lines.y, px, py))
    padded = radius + 1e-9 * max(radius, largest)
    line, point, distance, along = kernels.sweep_lines(
        lines.x,
        lines.y,
        lines.offsets,
        sorted_x,
        sorted_y,
        order,
        starts,
        x0,
        y0,
        cells_per_m,
        columns,
        rows,
        radius,
        padded,
    )
    return Pairs(line=line, point=point, distance_m=distance, along_m=along)


def points_near_lines_strtree(lines: Polylines, x: ArrayLike, y: ArrayLike, radius_m: float) -> Pairs:
    """The same pairs by a shapely STRtree over single segments; arguments and result as `points_near_lines`.

    Notes
    -----
    The tree answers which segments are near each point, with a little to spare; shapely then measures each of them.
    """
    px, py, radius = _checked(x, y, radius_m)
    if px.size == 0 or lines.x.size == 0:
        return _no_pairs()
    owner, start, end, travelled = _segments(lines)
    ends = np.stack([lines.x[start], lines.y[start], lines.x[end], lines.y[end]], axis=1).reshape(-1, 2, 2)
    segments = np.asarray(shapely.linestrings(ends))
    points = np.asarray(shapely.points(px, py))
    largest = max(float(np.abs(ends).max()), float(np.abs(px).max()), float(np.abs(py).max()))
    padded = radius + 1e-9 * max(radius, largest)
    asked, hit = shapely.STRtree(segments).query(points, predicate="dwithin", distance=padded)
    distance = np.asarray(shapely.distance(points[asked], segments[hit]), dtype=np.float64)
    within = distance <= radius
    asked, hit, distance = asked[within], hit[within], distance[within]
    along = travelled[hit] + np.asarray(shapely.line_locate_point(segments[hit], points[asked]), dtype=np.float64)
    # Nearest segment first in each pair, the earliest of equals: then the first row of a pair is its answer.
    ranked = np.lexsort((hit, distance, asked, owner[hit]))
    line, point = owner[hit][ranked], asked[ranked].astype(np.int64)
    first = np.ones(line.size, dtype=np.bool_)
    first[1:] = (line[1:] != line[:-1]) | (point[1:] != point[:-1])
    return Pairs(line=line[first], point=point[first], distance_m=distance[ranked][first], along_m=along[ranked][first])


def points_near_points(ax: ArrayLike, ay: ArrayLike, bx: ArrayLike, by: ArrayLike, radius_m: float) -> Pairs:
    """Pairs of points at most `radius_m` apart: `line` is the index in a, `point` the index in b; sorted by both."""
    x, y = floats(ax, "ax"), floats(ay, "ay")
    return points_near_lines(Polylines(x, y, np.arange(x.size + 1)), bx, by, radius_m)


def _segments(lines: Polylines) -> tuple[Ints, Ints, Ints, Floats]:
    """(line, start vertex, end vertex, metres travelled before) of every segment; a lone vertex is one of length 0."""
    vertices = np.arange(lines.x.size)
    owner = np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    last = lines.offsets[owner + 1] - 1
    lone = lines.offsets[owner] == last
    start = vertices[(vertices < last) | lone]
    end = np.minimum(start + 1, last[start])
    steps = np.hypot(lines.x[end] - lines.x[start], lines.y[end] - lines.y[start])
    before = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    of_line = owner[start]
    opens = np.ones(start.size, dtype=np.bool_)
    opens[1:] = of_line[1:] != of_line[:-1]
    travelled = before - before[opens][np.cumsum(opens) - 1]
    return of_line, start, end, travelled


def _checked(x: ArrayLike, y: ArrayLike, radius_m: float) -> tuple[Floats, Floats, float]:
    px, py = floats(x, "x"), floats(y, "y")
    if px.size != py.size:
        raise ValueError(f"x and y: different lengths, {px.size} and {py.size}")
    if not 0 <= radius_m < np.inf:
        raise ValueError(f"radius_m: expected a number of at least 0, found {radius_m}")
    return px, py, float(radius_m)


def _largest(values: Floats) -> float:
    return max(-float(values.min()), float(values.max()))


def _no_pairs() -> Pairs:
    none: Ints = np.empty(0, dtype=np.int64)
    return Pairs(line=none, point=none, distance_m=np.empty(0), along_m=np.empty(0))
