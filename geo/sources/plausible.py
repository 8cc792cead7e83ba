"""Which coordinate system fits a district's outline best: the three of Chinese maps lie 50–1,200 m apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from geo.core.coordinates import SYSTEMS, to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

AS_WGS84 = ("epsg:4326", "epsg:4490")  # degrees that differ from WGS-84 by centimetres
CLEARLY = 0.005  # another system must bring half a per cent more of the places inside to be named


@dataclass(frozen=True)
class Guess:
    """Share of places inside the outline by system, the system given and the one that fits best."""

    given: str
    best: str
    share: dict[str, float]

    @property
    def elsewhere(self) -> bool:
        """Whether the places lie outside in every system: another area, or longitude and latitude exchanged."""
        return max(self.share.values()) < MOST_OUTSIDE


MOST_OUTSIDE = 0.05


def as_read_in(lon: np.ndarray, lat: np.ndarray, given: str, other: str) -> tuple[np.ndarray, np.ndarray]:
    """Where places that were read as `given` would lie (WGS-84 degrees) had they been read as `other`."""
    back = {"wgs84": lambda x, y: (x, y), "gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}
    raw = back["wgs84" if given in AS_WGS84 else given](lon, lat)
    return to_wgs84(*raw, other)


def guess_system(lon: np.ndarray, lat: np.ndarray, given: str, boundary: dict[str, Any]) -> Guess:
    """Try the places in each system.

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        WGS-84 degrees, as converted from `given`.
    given : str
        The system that they were read as.
    boundary : dict
        GeoJSON polygon in WGS-84.
    """
    outline = shape(boundary)
    shapely.prepare(outline)
    share = {given: _inside(outline, lon, lat)}
    same = "wgs84" if given in AS_WGS84 else given
    if same in SYSTEMS and len(lon):
        for system in SYSTEMS:
            if system != same:
                share[system] = _inside(outline, *as_read_in(lon, lat, given, system))
    best = max(share, key=lambda system: share[system])
    if share[best] < share[given] + CLEARLY:
        best = given
    return Guess(given, best, share)


def _inside(outline: Any, lon: np.ndarray, lat: np.ndarray) -> float:
    return float(shapely.contains_xy(outline, lon, lat).mean()) if len(lon) else 1.0
