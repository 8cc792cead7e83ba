"""The ground of a sample area: smooth curves from a sketch, roads and streets, and the shortest ways over them."""

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, substring

PAD_DEG = 0.06  # the base map goes on this far beyond the outline
ROAD_WEIGHT = {1: 0.85, 2: 1.0}
XY = Sequence[Sequence[float]]
Json = dict[str, Any]


class Plane:
    """Local metres around a point: good to 0.1 % over a district, which is far finer than a sketch."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self.kx, self.ky = 111_320 * math.cos(math.radians(lat)), 110_750

    def metres(self, lonlat: XY) -> np.ndarray:
        return (np.asarray(lonlat, dtype=float) - [self.lon, self.lat]) * [self.kx, self.ky]

    def degrees(self, shape: BaseGeometry) -> Json:
        """GeoJSON geometry in degrees, five decimals (one metre)."""
        moved = shapely.transform(shape, lambda xy: xy / [self.kx, self.ky] + [self.lon, self.lat])
        return json.loads(
            shapely.to_geojson(shapely.set_precision(moved, 1e-5)), parse_float=lambda s: round(float(s), 5)
        )


def spline(points: np.ndarray, closed: bool = False, step_m: float = 70) -> np.ndarray:
    """Centripetal Catmull-Rom curve through the points, which stay vertices of the result."""
    ring = np.vstack([points[-1], points, points[:2]]) if closed else None
    p = ring if ring is not None else np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    out = []
    for i in range(1, len(p) - 2):
        a, b, c, d = p[i - 1 : i + 3]
        t0 = 0.0
        t1 = t0 + (math.sqrt(math.dist(a, b)) or 1e-6)
        t2 = t1 + (math.sqrt(math.dist(b, c)) or 1e-6)
        t3 = t2 + (math.sqrt(math.dist(c, d)) or 1e-6)
        count = max(2, math.ceil(math.dist(b, c) / step_m))
        t = np.linspace(t1, t2, count, endpoint=False)[:, None]
        a1 = (t1 - t) / (t1 - t0) * a + (t - t0) / (t1 - t0) * b
        a2 = (t2 - t) / (t2 - t1) * b + (t - t1) / (t2 - t1) * c
        a3 = (t3 - t) / (t3 - t2) * c + (t - t2) / (t3 - t2) * d
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        out.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    out.append(p[-2][None])
    return np.vstack(out)


@dataclass
class Road:
    name: str
    level: int
    line: LineString


@dataclass
class Land:
    """The drawn ground in local metres."""

    plane: Plane
    outline: BaseGeometry
    frame: Polygon
    water: BaseGeometry
    rivers: list[tuple[str, BaseGeometry]]
    greens: list[tuple[str, BaseGeometry]]
    blocks: list[tuple[str, BaseGeometry, Json]]

    @property
    def dry(self) -> BaseGeometry:
        return self.outline.difference(self.water.buffer(30))


def draw_land(sketch: Json, outline_lonlat: BaseGeometry) -> Land:
    west, south, east, north = outline_lonlat.bounds
    plane = Plane((west + east) / 2, (south + north) / 2)
    outline = shapely.transform(outline_lonlat, plane.metres)
    frame = Polygon(
        plane.metres([
            (west - PAD_DEG, south - PAD_DEG), (east + PAD_DEG, south - PAD_DEG),
            (east + PAD_DEG, north + PAD_DEG), (west - PAD_DEG, north + PAD_DEG),
        ])
    )  # fmt: skip
    rivers = []
    for river in sketch["water"]:
        line = LineString(spline(plane.metres(river["line"]), step_m=120))
        rivers.append((river["name"], line.buffer(river["width_m"] / 2, quad_segs=6).intersection(frame)))
    rivers += [(lake["name"], ring(plane, lake["ring"])) for lake in sketch["lake"]]
    water = shapely.union_all([shape for _, shape in rivers])
    greens = [(g["name"], ring(plane, g["ring"]).difference(water.buffer(12))) for g in sketch["green"]]
    parks = shapely.union_all([shape for _, shape in greens])
    blocks = []
    for block in sketch["block"]:
        shape = ring(plane, block["ring"]).difference(water.buffer(40)).difference(parks)
        blocks.append((block["name"], shape, block))
    return Land(plane, outline, frame, water, rivers, greens, blocks)


def ring(plane: Plane, lonlat: XY) -> Polygon:
    return Polygon(spline(plane.metres(lonlat), closed=True, step_m=90)).buffer(0)


def main_roads(sketch: Json, land: Land) -> list[Road]:
    """The named roads; an end that stops short of another road is led on to it."""
    roads = [Road(r["name"], r["class"], LineString(spline(land.plane.metres(r["line"])))) for r in sketch["road"]]
    for i, road in enumerate(roads):
        others = shapely.union_all([other.line for j, other in enumerate(roads) if j != i])
        xy = list(road.line.coords)
        for end in (0, -1):
            gap = others.distance(Point(xy[end]))
            if 0.5 < gap < 160:
                near = others.interpolate(others.project(Point(xy[end])))
                xy.insert(0 if end == 0 else len(xy), (near.x, near.y))
        road.line = LineString(xy)
    return roads


def street_grid(land: Land, roads: list[Road], rng: np.random.Generator) -> list[Road]:
    """Gently bent streets in the built-up parts: they make the base map read as a town and carry no bus."""
    near = shapely.union_all([road.line for road in roads]).buffer(75)
    parks = shapely.union_all([shape for _, shape in land.greens])
    streets = []
    for name, shape, block in land.blocks:
        room = shape.buffer(-20).difference(parks.buffer(15)).difference(land.water.buffer(25))
        centre = np.array(shape.centroid.coords[0])
        reach = math.dist(shape.bounds[:2], shape.bounds[2:]) / 2
        for turn in (block["angle"], block["angle"] + 90):
            along = np.array([math.cos(math.radians(turn)), math.sin(math.radians(turn))])
            across = np.array([-along[1], along[0]])
            offset = -reach + rng.uniform(0, block["grid_m"])
            while offset < reach:
                s = np.linspace(-reach, reach, 40)
                bend = 45 * np.sin(s / 900 + rng.uniform(0, 6.28))
                xy = centre + s[:, None] * along + (offset + bend)[:, None] * across
                for part in parts(LineString(xy).intersection(room)):
                    streets += [Road(name, 3, p) for p in chop(part, rng) if beside(p, near) < 0.45]
                offset += block["grid_m"] * rng.uniform(0.75, 1.3)
    return streets


def chop(line: LineString, rng: np.random.Generator) -> list[LineString]:
    """Leaves a stretch out now and then, so that the grid does not look ruled."""
    if line.length < 220:
        return []
    if line.length < 1400 or rng.random() < 0.35:
        return [line]
    a = rng.uniform(0.25, 0.6) * line.length
    return [p for p in (substring(line, 0, a), substring(line, a + 350, line.length)) if p.length > 260]


def beside(line: LineString, zone: BaseGeometry) -> float:
    return line.intersection(zone).length / line.length


def parts(shape: BaseGeometry) -> list[LineString]:
    return [g for g in getattr(shape, "geoms", [shape]) if isinstance(g, LineString) and g.length > 0]


def cut(edge: LineString, marks: np.ndarray) -> list[LineString]:
    """The edge in pieces that end at the marks lying on it, its own ends apart."""
    near = [edge.project(Point(mark)) for mark in marks if edge.distance(Point(mark)) < 40]
    at = [0.0, *sorted({round(s, 1) for s in near if 60 < s < edge.length - 60}), edge.length]
    return [substring(edge, a, b) for a, b in itertools.pairwise(at)]


class Ways:
    """Shortest ways over the main roads, between their junctions and the points `marks` (metres) that lie on them."""

    def __init__(self, roads: list[Road], marks: np.ndarray) -> None:
        noded = shapely.union_all([road.line for road in roads], grid_size=0.5)
        merged = linemerge(noded) if isinstance(noded, MultiLineString) else noded
        self.edges = [piece for edge in parts(merged) for piece in cut(edge, marks)]
        lines = [road.line for road in roads]
        tree = shapely.STRtree(lines)
        index: dict[tuple[float, float], int] = {}
        rows, cols, cost = [], [], []
        self.by_pair: dict[tuple[int, int], tuple[LineString, bool]] = {}
        for edge in self.edges:
            a, b = (index.setdefault((round(x), round(y)), len(index)) for x, y in (edge.coords[0], edge.coords[-1]))
            if a == b:
                continue
            level = roads[int(tree.nearest(edge.interpolate(0.5, normalized=True)))].level
            weight = edge.length * ROAD_WEIGHT[level]
            for u, v, forward in ((a, b, True), (b, a, False)):
                known = self.by_pair.get((u, v))
                if known is None or known[0].length > edge.length:
                    self.by_pair[u, v] = (edge, forward)
                    rows.append(u)
                    cols.append(v)
                    cost.append(weight)
        self.nodes = np.array(list(index), dtype=float)
        self.graph = csr_array((cost, (rows, cols)), shape=(len(index), len(index)))

    def through(self, points: np.ndarray) -> LineString:
        """The way through the nearest junctions to the points, in order."""
        stops = [int(np.argmin(np.hypot(*(self.nodes - p).T))) for p in points]
        xy: list[tuple[float, float]] = []
        for start, end in itertools.pairwise(stops):
            _, before = dijkstra(self.graph, indices=start, return_predecessors=True)
            nodes = [end]
            while nodes[-1] != start:
                if before[nodes[-1]] < 0:
                    message = f"no way from {self.nodes[start]} to {self.nodes[end]}"
                    raise SystemExit(message)
                nodes.append(int(before[nodes[-1]]))
            for u, v in itertools.pairwise(nodes[::-1]):
                edge, forward = self.by_pair[u, v]
                piece = list(edge.coords) if forward else list(edge.coords)[::-1]
                xy += piece[1:] if xy else piece
        return LineString(xy)
