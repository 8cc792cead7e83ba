"""One door to every network layout."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from geo.sources.cptond import read_cptond
from geo.sources.frames import NetworkFrames
from geo.sources.geojson import read_geojson_network
from geo.sources.gtfs import read_gtfs
from geo.sources.macau import read_macau
from geo.sources.problems import Problems, gettext_noop

_READERS: dict[str, Callable[[Path, str], NetworkFrames]] = {
    "gtfs": read_gtfs,
    "macau": read_macau,
    "cptond": read_cptond,
    "geojson": read_geojson_network,
}
NETWORK_LAYOUTS = tuple(_READERS)


def read_network(path: Path | str, layout: str, system: str) -> NetworkFrames:
    """Read a bus network.

    Parameters
    ----------
    path : file, folder or zip, as the layout has it (docs/data-formats.md)
    layout : one of NETWORK_LAYOUTS
    system : "wgs84", "gcj02", "bd09" or "epsg:NNNN", in which the file's coordinates are

    Raises
    ------
    InputError
        With every problem of the file; nothing is returned in part.
    """
    path = Path(path)
    reader = _READERS.get(layout)
    if reader is None:
        problems = Problems()
        problems.of(path.name).add(0, "layout", layout, gettext_noop("one of %(names)s"), names=", ".join(_READERS))
        problems.raise_any()
        raise AssertionError
    frames = reader(path, system)
    if "trips_by_hour" not in frames.routes:
        frames.routes["trips_by_hour"] = pd.Series([None] * len(frames.routes), dtype=object)
    return frames
