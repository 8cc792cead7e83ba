"""The line of a GeoJSON feature, whether it came in one piece or in several."""

import numpy as np
from pyproj import Geod

from geo.sources.items import Item, positions
from geo.sources.problems import gettext_noop

# Pieces of one line that are drawn apart (a crossing, a bridge) are still one line up to here; in units of the file.
LARGEST_GAP_M = 200.0
_GEOD = Geod(ellps="WGS84")


def line_of(item: Item) -> np.ndarray | None:
    """Positions (n, 2) of the feature's LineString or MultiLineString as written, or None with a problem.

    Pieces are joined in their order, each turned round where its other end is nearer to the piece before.
    """
    geometry = item.geometry or {}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "LineString":
        return positions(item, coordinates, least=2)
    if kind != "MultiLineString" or not isinstance(coordinates, list) or not coordinates:
        item.problem("geometry", kind, gettext_noop("a LineString or MultiLineString"))
        return None
    joined: np.ndarray | None = None
    for number, piece in enumerate(coordinates):
        line = positions(item, piece, least=2)
        if line is None:
            return None
        if joined is None:
            joined = line
            continue
        if number == 1 and min(_gap(joined[0], line[0]), _gap(joined[0], line[-1])) < min(
            _gap(joined[-1], line[0]), _gap(joined[-1], line[-1])
        ):
            joined = joined[::-1]
        if _gap(joined[-1], line[-1]) < _gap(joined[-1], line[0]):
            line = line[::-1]
        if _gap(joined[-1], line[0]) > LARGEST_GAP_M:
            item.problem("geometry", f"{_gap(joined[-1], line[0]):.0f} m", gettext_noop("one line without gaps"))
            return None
        joined = np.concatenate([joined, line])
    return joined


def _gap(a: np.ndarray, b: np.ndarray) -> float:
    """Metres between two positions: on the ellipsoid where they can be degrees, else as they stand."""
    if np.abs([a[0], b[0]]).max() <= 180.0 and np.abs([a[1], b[1]]).max() <= 90.0:
        return float(_GEOD.inv(a[0], a[1], b[0], b[1])[2])
    return float(np.hypot(*(a - b)))
