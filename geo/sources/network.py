"""One door to every network layout."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from geo.sources.calls_table import read_calls_table
from geo.sources.cptond import read_cptond
from geo.sources.frames import NetworkFrames
from geo.sources.geojson import read_geojson_network
from geo.sources.gtfs import read_gtfs
from geo.sources.macau import read_macau
from geo.sources.mapping import Mapping
from geo.sources.problems import Problems, gettext_noop
from geo.sources.shenzhen import read_shenzhen

Read = Callable[[Path, str, Mapping, Sequence[str]], NetworkFrames]

_READERS: dict[str, Read] = {
    "gtfs": lambda path, system, _mapping, _layers: read_gtfs(path, system),
    "geojson": lambda path, system, _mapping, layers: read_geojson_network(path, system, layers),
    "table": lambda path, system, mapping, _layers: read_calls_table(path, system, mapping),
    "cptond": lambda path, system, _mapping, layers: read_cptond(path, system, layers),
    "macau": lambda path, system, _mapping, _layers: read_macau(path, system),
    "shenzhen": lambda path, system, _mapping, _layers: read_shenzhen(path, system),
}
NETWORK_LAYOUTS = tuple(_READERS)


def read_network(
    path: Path | str, layout: str, system: str, mapping: Mapping | None = None, layers: Sequence[str] = ()
) -> NetworkFrames:
    """Read a bus network.

    Parameters
    ----------
    path : file, folder or zip, as the layout has it (docs/data-formats.md)
    layout : one of NETWORK_LAYOUTS
    system : "wgs84", "gcj02", "bd09" or "epsg:NNNN", in which the file's coordinates are
    mapping : which column is what, for "table"
    layers : of a GeoPackage with several, the ones wanted

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
    frames = reader(path, system, mapping or Mapping(), layers)
    if "trips_by_hour" not in frames.routes:
        frames.routes["trips_by_hour"] = pd.Series([None] * len(frames.routes), dtype=object)
    return frames
