"""OpenStreetMap extracts (.osm.pbf, .osm): what carries given tags, as plain geometries in WGS-84.

Needs the extra `osm` (pyosmium), as only this layout does. Reads the file as a stream, so that an extract of a province
takes memory for its node locations and for what was asked for, not for the file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo.sources.frames import Note
from geo.sources.problems import FileProblems, gettext_noop

OSM_SUFFIXES = (".pbf", ".osm")


@dataclass(frozen=True)
class OsmFeature:
    """`code` is n, w or r with the number that OpenStreetMap gives: it stays when the object is edited."""

    code: str
    tags: dict[str, str]
    geometry: Any


def is_osm(path: Path) -> bool:
    return path.suffix.lower() in OSM_SUFFIXES


def osm_features(
    path: Path, keys: Sequence[str], wanted: Callable[[dict[str, str]], bool], log: FileProblems
) -> Iterator[OsmFeature]:
    """Nodes, ways and areas with one of `keys` whose tags `wanted` accepts.

    A closed way comes as an area, and as a line too where it is a road. Objects whose nodes lie outside the extract
    are left out. Notes a problem and ends where the file is damaged or pyosmium is missing.
    """
    try:
        import osmium  # noqa: PLC0415  an extra
    except ImportError:
        expected = gettext_noop("the package osmium, which reads this layout: pip install osmium")
        log.add(0, "layout", "osm", expected)
        return
    factory = osmium.geom.WKBFactory()
    keyed = osmium.filter.KeyFilter(*keys)
    try:
        processor = osmium.FileProcessor(str(path)).with_locations().with_areas(keyed).with_filter(keyed)
        for found in processor:
            tags = {tag.k: tag.v for tag in found.tags}
            if not wanted(tags):
                continue
            try:
                made = _geometry(found, tags, factory)
            except (osmium.InvalidLocationError, RuntimeError, shapely.errors.ShapelyError):
                continue  # part of it lies outside the extract
            if made is not None and not made[1].is_empty:
                yield OsmFeature(made[0], tags, made[1])
    except (RuntimeError, OSError, ValueError) as error:
        log.add(0, "-", error, gettext_noop("an OpenStreetMap extract (.osm.pbf or .osm) that is whole"))


def _geometry(found: Any, tags: dict[str, str], factory: Any) -> tuple[str, Any] | None:
    if found.is_node():
        return f"n{found.id}", shapely.Point(found.location.lon, found.location.lat)
    if found.is_way():
        if found.is_closed() and "highway" not in tags:
            return None  # comes as an area
        return f"w{found.id}", shapely.from_wkb(factory.create_linestring(found))
    if found.is_area():
        if "highway" in tags and tags.get("area") != "yes":
            return None  # came as a line
        kind = "w" if found.from_way() else "r"
        return f"{kind}{found.orig_id()}", shapely.from_wkb(factory.create_multipolygon(found))
    return None


def only_wgs84(system: str, log: FileProblems) -> None:
    """OpenStreetMap is WGS-84 everywhere, in China too: any other answer is a mistake."""
    if system not in {"wgs84", "epsg:4326"}:
        log.add(0, "system", system, gettext_noop("wgs84, as everything in OpenStreetMap is"))


ATTRIBUTION = Note(gettext_noop("© OpenStreetMap contributors, ODbL; say so wherever it is shown"))
