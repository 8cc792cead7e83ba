"""Makes the files of a sample area from its hand-drawn sketch: base map, places, bus lines.

    python scripts/make_sample_area.py [geo/sample/pengjiang]

Reads `sketch.toml`, `divisions.csv` and `boundary.geojson` in that folder and writes `base/*.geojson`, `hotspots.csv`
and `network.geojson` beside them. No clock, one seed: the same input gives the same bytes.
"""

import csv
import json
import math
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from sample_ground import Json, Land, Plane, Road, Ways, draw_land, main_roads, street_grid
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

HERE = Path(__file__).resolve().parents[1]
SEED = 440703
AS_OF = "2026-01-01"
CATEGORY_ORDER = ("government", "school", "park", "mall", "hospital", "transport")
COLUMNS = ["code", "name", "category", "lon", "lat", "persons_per_day", "basis", "as_of", "street"]


@dataclass
class Place:
    code: str
    name: str
    category: str
    street: str
    at: Point
    persons: int


def make_places(sketch: Json, divisions: list[dict[str, str]], land: Land, roads: list[Road]) -> list[Place]:
    """Well-known places where the sketch says; of communities and villages the known ones too, the rest near a road."""
    rng = np.random.default_rng(SEED)
    dry = land.dry
    places: list[Place] = []
    for category in CATEGORY_ORDER:
        for name, street, lon, lat, persons in sketch["places"][category]:
            at = ashore(Point(land.plane.metres([(lon, lat)])[0]), dry)
            places.append(Place(f"P{len(places) + 1:03d}", name, category, street, at, persons))
    near_road = shapely.union_all([road.line for road in roads]).buffer(260)
    quota = {"白沙街道": 24, "环市街道": 15, "棠下镇": 20, "荷塘镇": 14, "潮连街道": 6, "杜阮镇": 19}
    for street, want in quota.items():
        names = [d for d in divisions if d["street"] == street and d["name"] != street]
        known = [d for d in names if d["name"] in sketch["known"]]
        others = [d for d in names if d["name"] not in sketch["known"]]
        room = Polygon(land.plane.metres(sketch["spread"][street])).intersection(dry)
        room = room.intersection(near_road).difference(shapely.union_all([g for _, g in land.greens]))
        for d in (known + others)[:want]:
            lonlat = sketch["known"].get(d["name"])
            at = ashore(Point(land.plane.metres([lonlat])[0]), dry) if lonlat else lonely(room, places, rng)
            urban = d["name"].endswith("社区")
            persons = int(round(rng.uniform(1500, 5200) if urban else rng.uniform(700, 2600), -1))
            places.append(Place(d["code"], d["name"], "village", street, at, persons))
    return places


def ashore(at: Point, dry: BaseGeometry) -> Point:
    return at if dry.contains(at) else nearest_points(dry.buffer(-20), at)[0]


def lonely(room: BaseGeometry, places: list[Place], rng: np.random.Generator) -> Point:
    """Of 60 random points in the room, the one furthest from every place so far."""
    west, south, east, north = room.bounds
    taken = shapely.multipoints([place.at for place in places])
    best, best_gap, tries = None, -1.0, 0
    while tries < 60:
        at = Point(rng.uniform(west, east), rng.uniform(south, north))
        if not room.contains(at):
            continue
        tries += 1
        gap = at.distance(taken)
        if gap > best_gap:
            best, best_gap = at, gap
    if best is None:
        message = f"no room for a place within {room.bounds}"
        raise SystemExit(message)
    return best


@dataclass
class Stop:
    code: str
    at: Point
    name: str = ""


def put_stops(paths: Iterable[tuple[LineString, bool]], town: BaseGeometry) -> tuple[list[Stop], list[list[int]]]:
    """Stops on the ways, shared where ways share a road; for each way the indices of its stops in order.

    A stop of another line on this way is called at unless the last one is under 330 m back; gaps are filled evenly.
    """
    stops: list[Stop] = []
    calls: list[list[int]] = []
    for path, loop in paths:
        at = {i: path.project(stop.at) for i, stop in enumerate(stops) if path.distance(stop.at) < 15}
        marks: list[tuple[float, int | None]] = [(0.0, None)]
        for i, s in sorted(at.items(), key=lambda item: item[1]):
            if s < 120:
                marks[0] = (s, i)
            elif s - marks[-1][0] > 330:
                marks.append((s, i))
        if not loop and path.length - marks[-1][0] > 250:
            marks.append((path.length, None))
        filled: list[tuple[float, int | None]] = []
        ends = marks[1:] + ([(path.length, None)] if loop else [])
        for (s, i), (e, _) in zip(marks, ends, strict=False):
            filled.append((s, i))
            spacing = 780 if town.contains(path.interpolate((s + e) / 2)) else 1450
            extra = round((e - s) / spacing) - 1
            filled += [(s + (e - s) * (k + 1) / (extra + 1), None) for k in range(extra)]
        if not loop:
            filled.append(marks[-1])
        order = []
        for s, known in filled:
            index = known
            if index is None:
                stops.append(Stop(f"S{len(stops) + 1:03d}", path.interpolate(s)))
                index = len(stops) - 1
            order.append(index)
        calls.append(order)
    return stops, calls


def name_stops(stops: list[Stop], places: list[Place], roads: list[Road]) -> None:
    """The nearest place gives its name; a second stop there gets a direction, a third the road."""
    taken: set[str] = set()
    for stop in stops:
        near = min(places, key=lambda place: place.at.distance(stop.at))
        road = min(roads, key=lambda road: road.line.distance(stop.at)).name
        dx, dy = stop.at.x - near.at.x, stop.at.y - near.at.y
        side = ("东" if dx > 0 else "西") if abs(dx) > abs(dy) else ("北" if dy > 0 else "南")
        base = near.name.removeprefix("江门市").removeprefix("江门")
        names = [
            base,
            f"{base}{side}",
            f"{road}{base}",
            f"{road}{base}{side}",
            *(f"{road}{n}站" for n in "一二三四五六七八九十"),
        ]
        name = next(name for name in names if name not in taken)
        taken.add(name)
        stop.name = f"示例·{name}"


def bus_features(sketch: Json, land: Land, roads: list[Road], places: list[Place]) -> list[Json]:
    buses = sketch["bus"]
    ways = Ways(roads, land.plane.metres([point for bus in buses for point in bus["via"]]))
    paths = [ways.through(land.plane.metres(bus["via"])) for bus in buses]
    loops = [bool(bus.get("loop")) for bus in buses]
    town = shapely.union_all([shape for name, shape, _ in land.blocks if name in ("白沙", "环市")]).buffer(120)
    stops, calls = put_stops(zip(paths, loops, strict=True), town)
    name_stops(stops, places, roads)
    features = []
    for bus, path, order, loop in zip(buses, paths, calls, loops, strict=True):
        length_km = path.length / 1000
        headway_min = 15.5 * 60 / bus["trips"]
        fleet = math.ceil((2 * length_km / bus["speed_kmh"] * 60 + 12) / headway_min)
        start, end = bus["name"].split("—")[0], bus["name"].split("—")[-1]
        names = ("内环", "外环") if loop else (f"{start}—{end}", f"{end}—{start}")
        for direction in (0, 1):
            line = path.simplify(4)
            back = [order[0], *order[:0:-1]] if loop else order[::-1]
            properties = {
                "line": f"S{bus['number']:02d}",
                "line_name": f"示例{bus['number']}路",
                "code": str(direction),
                "name": names[direction],
                "direction": direction,
                "trips_per_day": bus["trips"],
                "first_departure": bus["hours"][0],
                "last_departure": bus["hours"][1],
                "speed_kmh": bus["speed_kmh"],
                "buses": fleet,
                "stops": [stops[i].code for i in (back if direction else order)],
            }
            features.append(feature(land.plane, line.reverse() if direction else line, properties))
    features += [feature(land.plane, stop.at, {"code": stop.code, "name": stop.name}) for stop in stops]
    return features


def feature(plane: Plane, shape: BaseGeometry, properties: Json) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": plane.degrees(shape)}


def base_layers(sketch: Json, land: Land, roads: list[Road]) -> dict[str, list[Json]]:
    plane = land.plane

    def thin(shape: BaseGeometry, tolerance: float) -> BaseGeometry:
        return shape.intersection(land.frame).simplify(tolerance)

    labels = [
        *((name, "street", sketch["spread_label"][name]) for name in sketch["spread"]),
        *((w["name"], "water", w["label"]) for w in sketch["water"] if "label" in w),
        *((g["name"], "hill", g["label"]) for g in sketch["green"] if "label" in g),
    ]
    return {
        "land": [
            feature(plane, land.frame, {"class": "land"}),
            *(feature(plane, thin(shape, 6), {"class": "block", "name": name}) for name, shape, _ in land.blocks),
        ],
        "water": [feature(plane, thin(shape, 6), {"name": name}) for name, shape in land.rivers],
        "green": [feature(plane, thin(shape, 8), {"name": name}) for name, shape in land.greens],
        "road": [
            feature(plane, thin(road.line, 5 if road.level < 3 else 8), {"class": road.level, "name": road.name})
            for road in sorted(roads, key=lambda road: -road.level)
        ],
        "label": [
            feature(plane, Point(plane.metres([at])[0]), {"name": name, "class": kind}) for name, kind, at in labels
        ],
    }


def write(path: Path, features: list[Json]) -> None:
    """One feature a line: a change shows as a change of lines."""
    path.parent.mkdir(exist_ok=True)
    rows = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{rows}\n]}}\n', encoding="utf-8")
    print(f"{path.name}: {len(features)} features, {path.stat().st_size / 1024:.0f} KiB")


def write_places(path: Path, places: list[Place], plane: Plane) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(COLUMNS)
        for p in places:
            lon, lat = plane.degrees(p.at)["coordinates"]
            out.writerow([p.code, p.name, p.category, lon, lat, p.persons, "sample", AS_OF, p.street])
    print(f"{path.name}: {len(places)} places")


def main(folder: Path) -> None:
    sketch = tomllib.loads((folder / "sketch.toml").read_text("utf-8"))
    outline = shapely.from_geojson((folder / "boundary.geojson").read_text("utf-8")).geoms[0]
    with (folder / "divisions.csv").open(encoding="utf-8", newline="") as handle:
        divisions = list(csv.DictReader(handle))
    land = draw_land(sketch, outline)
    roads = main_roads(sketch, land)
    streets = street_grid(land, roads, np.random.default_rng(SEED))
    places = make_places(sketch, divisions, land, roads)
    for kind, features in base_layers(sketch, land, roads + streets).items():
        write(folder / "base" / f"{kind}.geojson", features)
    write_places(folder / "hotspots.csv", places, land.plane)
    write(folder / "network.geojson", bus_features(sketch, land, roads, places))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "geo" / "sample" / "pengjiang")
