"""The map by which a person sees whether the coordinate system is right: an SVG of the boundary and the places.

Drawn here rather than by a script, so that it shows in every browser, in a file and on paper.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from geo import palette

WIDTH, HEIGHT, EDGE = 720.0, 480.0, 14.0
MOST_POINTS = 1500
SHAPES = (
    ("M{x} {y}m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z", "#0b2751"),
    ("M{x} {y}m0-4.4l4 7h-8z", "#c2410c"),
)
"""How the places as read, and as they would lie in a better system, are drawn: form and colour both tell."""

Series = tuple[np.ndarray, np.ndarray]


def check_svg(boundary: dict[str, Any] | None, series: Sequence[Series]) -> str:
    """An SVG picture, or an empty text where there is nothing to draw.

    Parameters
    ----------
    boundary : dict or None
        GeoJSON polygon in WGS-84.
    series : at most two pairs of ndarray (n,)
        Longitude and latitude in WGS-84 degrees: as read, and as read in the system that fits better.
    """
    thinned = [_thinned(lon, lat) for lon, lat in series]
    outline = shape(boundary) if boundary else None
    view = _view(outline, thinned)
    if view is None:
        return ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img">',
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{palette.LAND}"/>',
    ]
    if outline is not None:
        drawn = "".join(_ring(ring, view) for part in shapely.get_parts(outline) for ring in _rings(part))
        parts.append(f'<path d="{drawn}" fill="#ffffff" fill-rule="evenodd" stroke="#414b5a" stroke-width="1.5"/>')
    for (lon, lat), (form, color) in zip(thinned, SHAPES, strict=False):
        x, y = _at(lon, lat, view)
        inside = (x >= 0) & (x <= WIDTH) & (y >= 0) & (y <= HEIGHT)
        marks = "".join(form.format(x=f"{a:.1f}", y=f"{b:.1f}") for a, b in zip(x[inside], y[inside], strict=True))
        parts.append(f'<path d="{marks}" fill="{color}" stroke="#ffffff" stroke-width="0.7"/>')
    return "".join([*parts, "</svg>"])


def _thinned(lon: np.ndarray, lat: np.ndarray) -> Series:
    """Every nth place, so that the picture stays small; the same places for every series of one length."""
    step = max(1, -(-len(lon) // MOST_POINTS))
    return np.asarray(lon, dtype=float)[::step], np.asarray(lat, dtype=float)[::step]


def _view(outline: Any, series: Sequence[Series]) -> tuple[float, float, float, float] | None:
    """West, north and pixels a degree in both directions: the boundary with some room, else all the places."""
    if outline is not None:
        west, south, east, north = outline.bounds
        room = 0.15 * max(east - west, north - south)
        west, south, east, north = west - room, south - room, east + room, north + room
    else:
        lon, lat = (np.concatenate([one[axis] for one in series] or [np.zeros(0)]) for axis in (0, 1))
        if not len(lon):
            return None
        west, east, south, north = lon.min(), lon.max(), lat.min(), lat.max()
    squeeze = max(0.05, float(np.cos(np.radians((south + north) / 2))))
    scale = min((WIDTH - 2 * EDGE) / max((east - west) * squeeze, 1e-6), (HEIGHT - 2 * EDGE) / max(north - south, 1e-6))
    left = west - (WIDTH / (scale * squeeze) - (east - west)) / 2
    top = north + (HEIGHT / scale - (north - south)) / 2
    return float(left), float(top), scale * squeeze, scale


def _at(lon: np.ndarray, lat: np.ndarray, view: tuple[float, float, float, float]) -> Series:
    left, top, per_lon, per_lat = view
    return (lon - left) * per_lon, (top - lat) * per_lat


def _rings(polygon: Any) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _ring(ring: Any, view: tuple[float, float, float, float]) -> str:
    points = shapely.get_coordinates(ring)
    x, y = _at(points[:, 0], points[:, 1], view)
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "z"
