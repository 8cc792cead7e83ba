"""Roads, water, green and names of an extract, made small enough to lie under a map without a tile server.

Each kind comes in three details, for maps seen from far, from the middle and from near: fewer things, and coarser ones,
the farther away. Every layer is capped in bytes; what goes over is dropped from the smallest up, and said.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from geo.sources import values
from geo.sources.base_rules import Thing, thing_of_tags, thing_of_vector
from geo.sources.files import sha256_of
from geo.sources.frames import Note
from geo.sources.items import Item
from geo.sources.osm import ATTRIBUTION, is_osm, only_wgs84, osm_features
from geo.sources.problems import FileProblems, Problems, gettext_noop, missing_file
from geo.sources.vectors import layers_of, vector_files, vector_items

BASE_KINDS = ("land", "water", "green", "road", "label")
METRES_PER_DEGREE = 111_320.0
MOST_BYTES = 1_200_000  # of one layer in one detail: a second of a slow line, compressed a quarter of it
Extent = tuple[float, float, float, float]
Feature = dict[str, Any]


@dataclass(frozen=True)
class Detail:
    """How much is drawn: `number` as stored; things up to `rank`, areas from `least_m2`, drawn to `tolerance_m`."""

    number: int
    rank: int
    tolerance_m: float
    least_m2: float
    decimals: int


DETAILS = (Detail(1, 1, 60.0, 200_000.0, 4), Detail(2, 2, 15.0, 10_000.0, 5), Detail(3, 3, 3.0, 400.0, 5))
"""Zoom up to 11, 12 and 13, and from 14 on."""


@dataclass(frozen=True)
class BaseMap:
    """Features by kind and number of the detail; `sha256` is of the file."""

    layers: dict[tuple[str, int], list[Feature]]
    sha256: str
    notes: list[Note] = field(default_factory=list)


def read_base_map(
    path: Path, system: str, layers: dict[str, str], extent: Extent | None, most_bytes: int = MOST_BYTES
) -> BaseMap:
    """Read and simplify.

    Parameters
    ----------
    path : an OpenStreetMap extract, a GeoPackage, a Shapefile (.shp, zip) or GeoJSON, or a folder of these
    layers : kind by layer (GeoPackage) or file name without ending; where empty, told by the names
    extent : west, south, east, north
        WGS-84 degrees; what lies outside is left out. None takes everything.

    Raises
    ------
    InputError
        With every problem found.
    """
    if not path.exists():
        raise missing_file(path)
    problems = Problems()
    log = problems.of(path.name)
    sha256 = sha256_of(path)
    system = values.clean_system(system, log)
    if is_osm(path):
        only_wgs84(system, log)
    for kind in layers.values():
        if kind not in BASE_KINDS:
            log.add(0, "--kind", kind, gettext_noop("one of %(names)s"), names=", ".join(BASE_KINDS))
    problems.raise_any()
    things = list(_from_osm(path, log) if is_osm(path) else _from_vectors(path, system, layers, problems))
    problems.raise_any()
    inside = _inside(things, extent)
    if not inside:
        expected = gettext_noop("roads, water, green or names inside the area")
        log.add(0, "-", str(len(things)), expected)
        problems.raise_any()
    notes = [ATTRIBUTION] if is_osm(path) else []
    made: dict[tuple[str, int], list[Feature]] = {}
    for detail in DETAILS:
        for kind in BASE_KINDS:
            drawn = _drawn([thing for thing in inside if thing.kind == kind], detail)
            kept, dropped = _capped(drawn, most_bytes)
            if kept:
                made[kind, detail.number] = kept
            if dropped:
                message = gettext_noop("%(kind)s, detail %(detail)s: the %(n)s smallest were left out, as too heavy")
                shown = (("kind", kind), ("detail", str(detail.number)), ("n", str(dropped)))
                notes.append(Note(message, shown))
    return BaseMap(made, sha256, notes)


def _from_osm(path: Path, log: FileProblems) -> Iterable[Thing]:
    keys = ("highway", "natural", "waterway", "landuse", "leisure", "place")
    for found in osm_features(path, keys, lambda tags: thing_of_tags(tags, None) is not None, log):
        thing = thing_of_tags(found.tags, found.geometry)
        if thing is not None:
            yield thing


def _from_vectors(path: Path, system: str, layers: dict[str, str], problems: Problems) -> list[Thing]:
    found: list[Thing] = []
    known = 0
    for part in vector_files(path):
        names: Sequence[str] = layers_of(part) or [part.stem]
        for name in names:
            kind = layers.get(name) or ("" if layers else _kind_by_name(name))
            if not kind:
                continue
            known += 1
            several = [name] if layers_of(part) else []
            items = vector_items(part, problems, system, several)
            found += _things(items, kind, system, problems.of(part.name))
    if not known:
        shown = ", ".join(name for part in vector_files(path) for name in (layers_of(part) or [part.stem]))
        expected = gettext_noop("a layer or file named after roads, water, green or names, or --kind KIND=NAME for it")
        problems.of(path.name).add(0, "--kind", shown, expected)
    return found


WORDS = {
    "road": ("road", "highway", "street", "道路", "公路"),
    "water": ("water", "river", "水系", "水域", "河流", "湖"),
    "green": ("green", "park", "forest", "landuse", "natural", "绿地", "公园", "山"),
    "label": ("label", "place", "name", "地名", "注记"),
    "land": ("land", "陆地"),
}


def _kind_by_name(name: str) -> str:
    plain = name.lower()
    return next((kind for kind, words in WORDS.items() if any(word in plain for word in words)), "")


def _things(items: list[Item], kind: str, system: str, log: FileProblems) -> list[Thing]:
    shapes, kept = [], []
    for item in items:
        try:
            shapes.append(shapely.force_2d(shapely.geometry.shape(item.geometry or {})))
            kept.append(item)
        except (shapely.errors.ShapelyError, ValueError, TypeError, IndexError, AttributeError, KeyError):
            item.problem("coordinates", "", gettext_noop("pairs of longitude and latitude"))
    if not shapes:
        return []
    points = shapely.get_coordinates(shapes)
    degrees = values.to_degrees(points[:, 0], points[:, 1], system, log)
    if not np.isfinite(degrees).all():
        log.add(0, "coordinates", "-", gettext_noop("a place on the map, not 0, 0"))
        return []
    placed = shapely.set_coordinates(np.array(shapes, dtype=object), degrees)
    made = (thing_of_vector(kind, item.data, shape) for item, shape in zip(kept, placed, strict=True))
    return [thing for thing in made if thing is not None]


def _inside(things: list[Thing], extent: Extent | None) -> list[Thing]:
    """Cut to the extent; whole things where there is none."""
    if extent is None or not things:
        return things
    shapes = np.array([thing.geometry for thing in things], dtype=object)
    near = np.flatnonzero(shapely.intersects(shapely.envelope(shapes), shapely.box(*extent)))
    good = shapely.make_valid(shapes[near])
    cut = shapely.clip_by_rect(good, *extent)
    return [
        Thing(things[i].kind, things[i].rank, things[i].group, things[i].name, shape)
        for i, shape in zip(near, cut, strict=True)
        if not shape.is_empty
    ]


def _drawn(things: list[Thing], detail: Detail) -> list[tuple[float, Feature]]:
    """Features of one kind and their size (m or m²), simplified; roads of one class and name are joined first."""
    wanted = [thing for thing in things if thing.rank <= detail.rank]
    if wanted and wanted[0].kind == "road":
        wanted = _joined(wanted)
    made = []
    for thing in wanted:
        shape = thing.geometry
        scale = METRES_PER_DEGREE * float(np.sqrt(max(0.05, np.cos(np.radians(shape.centroid.y)))))
        if shape.geom_type not in {"Point", "MultiPoint"}:
            shape = shape.simplify(detail.tolerance_m / METRES_PER_DEGREE)
        if shape.is_empty:
            continue
        size = float(shape.area * scale**2 if shape.area else shape.length * scale)
        if shape.area and size < detail.least_m2:
            continue
        rounded = shapely.transform(shape, lambda xy: xy.round(detail.decimals))
        properties: dict[str, Any] = {"class": thing.group}
        if thing.name:
            properties["name"] = thing.name
        order = size if thing.kind != "label" else -float(thing.rank)
        if thing.kind == "road":
            order += 1e9 * (4 - thing.rank)  # a main road outlives every street
        made.append((order, {"type": "Feature", "properties": properties, "geometry": mapping(rounded)}))
    return made


def _joined(roads: list[Thing]) -> list[Thing]:
    groups: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for road in roads:
        groups[road.rank, road.name].extend(
            part for part in shapely.get_parts(road.geometry) if part.geom_type == "LineString"
        )
    joined = []
    for (rank, name), parts in groups.items():
        if parts:
            merged = shapely.line_merge(shapely.MultiLineString(parts))
            joined += [Thing("road", rank, rank, name, part) for part in shapely.get_parts(merged)]
    return joined


def _capped(drawn: list[tuple[float, Feature]], most_bytes: int) -> tuple[list[Feature], int]:
    """The largest features that fit, in a fixed order, and how many did not."""
    ordered = sorted(drawn, key=lambda one: -one[0])
    weights = np.cumsum([len(json.dumps(feature, ensure_ascii=False).encode()) for _size, feature in ordered])
    fitting = int(np.searchsorted(weights, most_bytes, side="right"))
    return [feature for _size, feature in ordered[:fitting]], len(ordered) - fitting
