"""Coordinate systems of Chinese map services, and a local projection in metres.

GCJ-02 (Amap, Tencent) shifts WGS-84 by up to some 700 m, BD-09 (Baidu) shifts GCJ-02 once more. Neither has an official
inverse; the published formulas run forward, and here a fixed-point iteration runs them back to far under a millimetre.
China is taken, as those formulas do, as a rectangle; outside it all three systems are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

Degrees: TypeAlias = NDArray[np.float64]
Place: TypeAlias = tuple[Degrees, Degrees]

SYSTEMS = ("wgs84", "gcj02", "bd09")
"""Names that `to_wgs84` knows; "epsg:NNNN" works as well."""

_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_AXIS_M, _ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, in which GCJ-02 is defined
_BAIDU_WAVE = np.pi * 3000.0 / 180.0
_SETTLED_DEGREES = 1e-10  # about 0.01 mm
_MAX_ROUNDS = 60
_MARGIN_DEGREES = 0.1  # more than both shifts together


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether each place lies in the rectangle inside which the Chinese shifts apply."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside: NDArray[np.bool_] = (x >= _WEST) & (x <= _EAST) & (y >= _SOUTH) & (y <= _NORTH)
    return inside


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Place:
    """Coordinates of any known system as WGS-84 longitude and latitude in degrees.

    Parameters
    ----------
    lon, lat : array or number
        Degrees; for a projected "epsg:NNNN", easting and northing in its own unit.
    system : str
        One of `SYSTEMS` or "epsg:NNNN", any case.

    Raises
    ------
    ValueError
        For an unknown system.
    """
    name = system.strip().lower()
    if name == "wgs84":
        return _place(lon, lat)
    if name == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if name == "bd09":
        return bd09_to_wgs84(lon, lat)
    if not name.startswith("epsg:"):
        raise ValueError(f"unknown coordinate system {system!r}: expected {', '.join(SYSTEMS)} or epsg:NNNN")
    try:
        transformer = Transformer.from_crs(CRS.from_user_input(name), CRS.from_epsg(4326), always_xy=True)
    except CRSError as error:
        raise ValueError(f"unknown coordinate system {system!r}: not in the EPSG register") from error
    x, y = _place(lon, lat)
    east, north = transformer.transform(x, y)
    return _place(east, north)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Place:
    """WGS-84 to GCJ-02, degrees, any shape."""
    x, y = _place(lon, lat)
    return _where(in_china(x, y), _gcj02(x, y), (x, y))


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Place:
    """GCJ-02 to WGS-84, degrees, any shape."""
    x, y = _place(lon, lat)
    back = _undo(_gcj02, x, y)
    return _where(in_china(*back), back, (x, y))


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Place:
    """GCJ-02 to BD-09, degrees, any shape."""
    x, y = _place(lon, lat)
    return _where(in_china(x, y), _bd09(x, y), (x, y))


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Place:
    """BD-09 to GCJ-02, degrees, any shape."""
    x, y = _place(lon, lat)
    back = _undo(_bd09, x, y)
    return _where(in_china(*back), back, (x, y))


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Place:
    """WGS-84 to BD-09, degrees, any shape."""
    x, y = _place(lon, lat)
    return _where(in_china(x, y), _bd09(*_gcj02(x, y)), (x, y))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Place:
    """BD-09 to WGS-84, degrees, any shape."""
    x, y = _place(lon, lat)
    back = _undo(_gcj02, *_undo(_bd09, x, y))
    return _where(in_china(*back), back, (x, y))


@dataclass(frozen=True)
class Projection:
    """A transverse Mercator projection in metres, centred on the data.

    Scale is 1 on the central meridian and off by less than 0.02 % within 120 km of it: enough for a city, not for a
    country.
    """

    lon_0: float
    lat_0: float

    @classmethod
    def around(cls, lon: ArrayLike, lat: ArrayLike) -> Projection:
        """The projection centred on the middle of the places' bounds (rounded to 0.0001°).

        ValueError for no places, or for places across the antimeridian or beyond 84° of latitude.
        """
        x, y = _place(lon, lat)
        if x.size == 0:
            raise ValueError("a projection needs at least one place to be centred on")
        west, east, south, north = float(x.min()), float(x.max()), float(y.min()), float(y.max())
        if not (west >= -180 and east <= 180 and south >= -84 and north <= 84):
            raise ValueError(f"expected degrees of longitude and latitude, found {west}…{east} and {south}…{north}")
        if east - west > 180:
            raise ValueError("places on both sides of the antimeridian cannot share a local projection")
        return cls(lon_0=round((west + east) / 2, 4), lat_0=round((south + north) / 2, 4))

    @cached_property
    def crs(self) -> CRS:
        """The projected system."""
        return CRS.from_proj4(
            f"+proj=tmerc +lat_0={self.lat_0} +lon_0={self.lon_0} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
        )

    @cached_property
    def _transformer(self) -> Transformer:
        return Transformer.from_crs(CRS.from_epsg(4326), self.crs, always_xy=True)

    def forward(self, lon: ArrayLike, lat: ArrayLike) -> Place:
        """WGS-84 degrees to metres east and north of the centre."""
        x, y = _place(lon, lat)
        return _pair(self._transformer.transform(x, y))

    def inverse(self, x: ArrayLike, y: ArrayLike) -> Place:
        """Metres east and north of the centre to WGS-84 degrees."""
        east, north = _place(x, y)
        return _pair(self._transformer.transform(east, north, direction="INVERSE"))


def _place(lon: ArrayLike, lat: ArrayLike) -> Place:
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if x.shape != y.shape:
        raise ValueError(f"longitude and latitude: different shapes, {x.shape} and {y.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("longitude and latitude: expected finite numbers")
    return x, y


def _pair(values: Any) -> Place:
    return np.asarray(values[0], dtype=np.float64), np.asarray(values[1], dtype=np.float64)


def _where(condition: NDArray[np.bool_], one: Place, other: Place) -> Place:
    return np.where(condition, one[0], other[0]), np.where(condition, one[1], other[1])


def _undo(forward: Callable[[Degrees, Degrees], Place], x: Degrees, y: Degrees) -> Place:
    """The place that `forward` moves to (x, y): step back by the shift at the last guess until it stands still.

    Converges because both shifts change slowly (by a few per cent of the distance travelled).
    """
    guess_x, guess_y = x.copy(), y.copy()
    # Far from China the formulas mean nothing and need not settle; a place just outside may have come from inside.
    relevant = (np.abs(x - (_WEST + _EAST) / 2) < (_EAST - _WEST) / 2 + _MARGIN_DEGREES) & (
        np.abs(y - (_SOUTH + _NORTH) / 2) < (_NORTH - _SOUTH) / 2 + _MARGIN_DEGREES
    )
    for _ in range(_MAX_ROUNDS):
        moved_x, moved_y = forward(guess_x, guess_y)
        error_x, error_y = moved_x - x, moved_y - y
        guess_x, guess_y = guess_x - error_x, guess_y - error_y
        worst = np.max(np.maximum(np.abs(error_x), np.abs(error_y)), where=relevant, initial=0.0)
        if worst < _SETTLED_DEGREES:
            break
    return guess_x, guess_y


def _gcj02(lon: Degrees, lat: Degrees) -> Place:
    """The published forward shift, applied everywhere."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    # Waves along the parallel, common to both axes.
    ripple = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (flat * np.sqrt(flat))
    parallel = _AXIS_M / np.sqrt(flat) * np.maximum(np.cos(phi), 1e-6)  # the poles are outside China, not an error
    return lon + np.degrees(east_m / parallel), lat + np.degrees(north_m / meridian)


def _bd09(lon: Degrees, lat: Degrees) -> Place:
    """The published forward shift from GCJ-02, applied everywhere."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
