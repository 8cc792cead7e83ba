"""The outline of a district out of a GeoJSON file, Shapefile or GeoPackage that may hold many."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from geo.sources import values
from geo.sources.files import sha256_of
from geo.sources.items import Item
from geo.sources.problems import FileProblems, Problems, gettext_noop, missing_file
from geo.sources.vectors import vector_items


@dataclass(frozen=True)
class Boundary:
    """A GeoJSON Polygon or MultiPolygon in WGS-84, and the properties that the file gives it."""

    geometry: dict[str, Any]
    properties: dict[str, Any]
    sha256: str


def read_boundary(
    path: Path | str, system: str, where: tuple[str, str] | None = None, layers: Sequence[str] = ()
) -> Boundary:
    """The one polygon of the file whose property `where[0]` equals `where[1]`; the only one where that is None.

    Raises InputError where there is none, where there are several, and where its rings cross.
    """
    path = Path(path)
    if not path.is_file():
        raise missing_file(path)
    problems = Problems()
    log = problems.of(path.name)
    sha256 = sha256_of(path)
    system = values.clean_system(system, log)
    found = vector_items(path, problems, system, layers)
    problems.raise_any()
    item = _chosen(found, where, log)
    problems.raise_any()
    assert item is not None  # noqa: S101 - no problem means a feature
    polygon = _polygon(item, system, log)
    problems.raise_any()
    return Boundary(mapping(polygon), item.data, sha256)


def _chosen(found: list[Item], where: tuple[str, str] | None, log: FileProblems) -> Item | None:
    if where is not None:
        name, wanted = where
        matching = [item for item in found if str(item.data.get(name)) == wanted]
        field, shown = name, wanted
    else:
        matching = found
        field, shown = "features", str(len(found))
    if len(matching) != 1:
        log.add(0, field, shown, gettext_noop("exactly one feature; name it by --where PROPERTY=VALUE"))
        return None
    return matching[0]


def _polygon(item: Item, system: str, log: FileProblems) -> Any:
    kind = (item.geometry or {}).get("type")
    if kind not in {"Polygon", "MultiPolygon"}:
        item.problem("geometry", kind, gettext_noop("a Polygon or MultiPolygon"))
        return None
    try:
        polygon = shapely.force_2d(shape(item.geometry or {}))
        points = shapely.get_coordinates(polygon)
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        item.problem("coordinates", "", gettext_noop("rings of positions"))
        return None
    degrees = values.to_degrees(points[:, 0], points[:, 1], system, log)
    if not len(points) or not np.isfinite(degrees).all():
        item.problem("coordinates", "", gettext_noop("a place on the map, not 0, 0"))
        return None
    converted = shapely.set_coordinates(polygon, np.round(degrees, 6))
    if not converted.is_valid:
        item.problem("coordinates", shapely.is_valid_reason(converted), gettext_noop("rings that do not cross"))
    return converted
