"""The join of routes and places: ours against shapely and geopandas, and equal pairs, in one run.

    [PUFA_REAL_DATA=...] .venv/bin/python -m benchmarks.join

Three sizes are made up (seed 2026); Porto Alegre, Macau and Singapore are joined where the real data are. Every pair
of ours is compared with those of a shapely STRtree over single segments. The last columns show where the limit is:
megabytes of coordinates and pairs, the time of reading those and writing these once in memory, and ours as a multiple
of that. Times are CPU seconds, the least of several
runs: all three work on one core, and other work on the machine counts less. Compiling is told apart, once, and kept on
disk afterwards.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.core.coordinates import Projection
from geo.core.join import points_near_lines, points_near_lines_strtree
from geo.core.made_up import winding_town
from geo.core.records import Pairs, Polylines

SEED = 2026
RADIUS_M = 145.0
SIZES = {"district": (60, 2_000), "town": (300, 10_000), "city": (1_500, 50_000)}
REPEATS = 9

Town: TypeAlias = tuple[Polylines, np.ndarray, np.ndarray]
"""Routes, and x and y of the places, in metres."""


def made_up(routes: int, places: int) -> Town:
    return winding_town(np.random.default_rng(SEED), routes, places)


def from_degrees(paths: list[np.ndarray], points: np.ndarray) -> Town:
    everything = np.concatenate([*paths, points])
    projection = Projection.around(everything[:, 0], everything[:, 1])
    joined = np.concatenate(paths)
    x, y = projection.forward(joined[:, 0], joined[:, 1])
    px, py = projection.forward(points[:, 0], points[:, 1])
    return Polylines(x, y, np.concatenate([[0], np.cumsum([len(path) for path in paths])])), px, py


def porto_alegre(root: Path) -> Town:
    with zipfile.ZipFile(root / "network/gtfs/porto-alegre.zip") as archive:
        shapes = pd.read_csv(io.BytesIO(archive.read("shapes.txt")))
    shapes = shapes.sort_values(["shape_id", "shape_pt_sequence"])
    paths = [part[["shape_pt_lon", "shape_pt_lat"]].to_numpy(float) for _, part in shapes.groupby("shape_id")]
    cells = pd.read_csv(root / "hotspots/porto-alegre-hexgrid.csv")
    return from_degrees(paths, cells[["lon", "lat"]].to_numpy(float))


def macau(root: Path) -> Town:
    """Macau has no places with people: its stops stand in for them."""
    routes = json.loads((root / "network/macau/public_data_bus-routes.json").read_text())
    stops = json.loads((root / "network/macau/public_data_bus-stops.json").read_text())
    return from_degrees(_lines(routes), _points(stops))


def _lines(value: Any) -> list[np.ndarray]:
    """Every list of positions found anywhere in a JSON value."""
    if isinstance(value, list):
        if len(value) > 1 and all(_is_position(item) for item in value):
            return [np.array([item[:2] for item in value], dtype=float)]
        return [line for item in value for line in _lines(item)]
    return [line for item in value.values() for line in _lines(item)] if isinstance(value, dict) else []


def _is_position(item: Any) -> bool:
    return isinstance(item, list) and len(item) >= 2 and all(isinstance(number, float | int) for number in item[:2])


def _points(value: Any) -> np.ndarray:
    """Every position given as one, anywhere in a JSON value."""
    found: list[list[float]] = []

    def walk(item: Any) -> None:
        if _is_position(item):
            found.append([float(number) for number in item[:2]])
        elif isinstance(item, list):
            for one in item:
                walk(one)
        elif isinstance(item, dict):
            for one in item.values():
                walk(one)

    walk(value)
    return np.array(found)


def singapore(root: Path) -> Town:
    folder = root / "validation/singapore"
    encoded = json.loads((folder / "sgbusdata_routes.json").read_text())
    paths = [decoded(line) for lines in encoded.values() for line in lines]
    with zipfile.ZipFile(folder / "hdb_address_2022-06.zip") as archive:
        blocks = pd.read_csv(io.BytesIO(archive.read("hdb_address.csv")))
    at = blocks[["LONGITUDE", "LATITUDE"]].apply(pd.to_numeric, errors="coerce").dropna().to_numpy(float)
    return from_degrees([path for path in paths if len(path) > 1], at)


def decoded(text: str) -> np.ndarray:
    """Longitudes and latitudes of an encoded polyline (Google's format, five decimals)."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    steps = np.array(numbers[: len(numbers) // 2 * 2], dtype=float).reshape(-1, 2)
    return np.cumsum(steps, axis=0)[:, ::-1] / 1e5


def buffer_sjoin(lines: Polylines, x: np.ndarray, y: np.ndarray) -> int:
    """The usual way with geopandas: buffer the routes, then ask which points lie within. Only nearly the same pairs."""
    routes = shapely.linestrings(
        np.column_stack([lines.x, lines.y]), indices=np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    )
    zones = geopandas.GeoDataFrame(geometry=geopandas.GeoSeries(routes).buffer(RADIUS_M))
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y))
    return len(geopandas.sjoin(points, zones, predicate="within"))


def touch(lines: Polylines, x: np.ndarray, y: np.ndarray, pairs: Pairs) -> int:
    """Read every coordinate and write as much as the pairs: no join can be faster. Returns the bytes touched."""
    read = (lines.x, lines.y, lines.offsets, x, y)
    written = (pairs.line, pairs.point, pairs.distance_m, pairs.along_m)
    for values in read:
        values.sum()
    copies = [np.full(values.size, 1, dtype=values.dtype) for values in written]  # all there at once, as pairs are
    assert len(copies) == 4
    return sum(values.nbytes for values in read + written)


def least(call: Callable[..., Any], town: Town, repeats: int) -> tuple[float, Any]:
    """(least seconds, result) of several runs."""
    best, result = np.inf, None
    for _ in range(repeats):
        started = time.process_time()
        result = call(*town)
        best = min(best, time.process_time() - started)
    return best, result


def equal(ours: Pairs, oracle: Pairs) -> bool:
    return bool(np.array_equal(ours.line, oracle.line) and np.array_equal(ours.point, oracle.point))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", default=os.environ.get("PUFA_REAL_DATA"))
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    started = time.process_time()
    points_near_lines(Polylines(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([0, 2])), [0.5], [0.5], 1.0)
    print(f"compiling, or loading what was compiled before: {time.process_time() - started:.2f} s")
    cases: dict[str, Callable[[], Town]] = {name: lambda size=size: made_up(*size) for name, size in SIZES.items()}
    if options.data:
        for name, reader in (("Porto Alegre", porto_alegre), ("Macau", macau), ("Singapore", singapore)):
            cases[name] = lambda reader=reader: reader(Path(options.data))
    print("| | routes | segments | places | pairs | equal | ours | STRtree | × | buffer + sjoin | × | MB | once | × |")
    print("|---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    good = True
    for name, make in cases.items():
        town = make()
        lines, x, _ = town
        ours_s, ours = least(partial(points_near_lines, radius_m=RADIUS_M), town, 2 * options.repeats)
        tree_s, tree = least(partial(points_near_lines_strtree, radius_m=RADIUS_M), town, max(1, options.repeats // 2))
        zone_s, _ = least(buffer_sjoin, town, max(1, options.repeats // 2))
        once_s, touched = least(partial(touch, pairs=ours), town, 2 * options.repeats)
        same = equal(ours, tree)
        good &= same
        print(
            f"| {name} | {len(lines):,} | {lines.x.size - len(lines):,} | {x.size:,} | {len(ours):,} | "
            f"{'yes' if same else 'NO'} | {1000 * ours_s:.1f} ms | {1000 * tree_s:,.0f} ms | {tree_s / ours_s:.0f} | "
            f"{1000 * zone_s:,.0f} ms | {zone_s / ours_s:.0f} | "
            f"{touched / 1e6:.1f} | {1000 * once_s:.1f} ms | {ours_s / once_s:.0f} × |",
            flush=True,
        )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
