"""One city as one GeoParquet file: routes and hotspots in, scores out. The unit of `manage.py score_country`.

Needs the extra `country` (pyarrow), as only this layout does. A file is one table; `kind` says what a row is:

| column | of a route | of a hotspot |
|---|---|---|
| `kind` | "route" | "hotspot" |
| `code` | unique among the routes | any |
| `line` | code of its line | – |
| `trips_per_day`, `service_minutes` | ≥ 0, > 0 | – |
| `category`, `persons_per_day` | – | one of `CATEGORIES`, ≥ 0 |
| `geometry` | LineString | Point |

`sample` (true or false, optional) marks rows that were made up; it is carried into the scores.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from geo.core.coordinates import Projection
from geo.core.made_up import winding_town
from geo.core.partitions import PartitionScores
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines
from geo.sources.problems import FileProblems, Problems, gettext_noop
from geo.sources.schedule import ASSUMED_SPEED_KMH

SUFFIX = ".parquet"
COLUMNS = ("kind", "code", "line", "trips_per_day", "service_minutes", "category", "persons_per_day", "geometry")
KINDS = ("route", "hotspot")
MOST_NOTED = 51
"""Of each fault so many rows are noted: one more than are shown."""

# Share of all hotspots, and median persons a day; made up.
SHARES = {
    "village": (0.42, 900.0),
    "school": (0.18, 900.0),
    "mall": (0.12, 4000.0),
    "park": (0.12, 900.0),
    "government": (0.06, 500.0),
    "hospital": (0.05, 1400.0),
    "transport": (0.05, 2800.0),
}


@dataclass(frozen=True, eq=False)
class City:
    """A city as it was read: arrays in metres of a projection around it, and what names its routes.

    `routes` is GeoDataFrame[code, line, sample, geometry] in WGS-84, in the order of `network`.
    """

    name: str
    network: Network
    hotspots: Hotspots
    routes: geopandas.GeoDataFrame


def require_parquet() -> None:
    """Raise InputError where pyarrow, by which geopandas reads and writes GeoParquet, is not installed."""
    try:
        importlib.import_module("pyarrow.parquet")  # an extra
    except ImportError:
        problems = Problems()
        expected = gettext_noop("the package pyarrow, which reads and writes GeoParquet: pip install pyarrow")
        problems.of("GeoParquet").add(0, "-", "-", expected)
        problems.raise_any()


def read_city(path: Path) -> City:
    """A city's file, checked. Raises InputError naming file, row (the first is 1) and column."""
    require_parquet()
    problems = Problems()
    log = problems.of(path.name)
    table = _table(path, log)
    problems.raise_any()
    _check(table, log)
    problems.raise_any()
    routes = table[table["kind"] == "route"].reset_index(drop=True)
    places = table[table["kind"] == "hotspot"]
    at, owner = shapely.get_coordinates(routes.geometry.array, return_index=True)
    spots = shapely.get_coordinates(places.geometry.array)
    projection = Projection.around(np.concatenate([at[:, 0], spots[:, 0]]), np.concatenate([at[:, 1], spots[:, 1]]))
    x, y = projection.forward(at[:, 0], at[:, 1])
    spot_x, spot_y = projection.forward(spots[:, 0], spots[:, 1])
    lines, route_line = np.unique(routes["line"].to_numpy(dtype=str), return_inverse=True)
    sizes = np.bincount(owner, minlength=len(routes))
    nowhere, none = np.empty(0), np.empty(0, dtype=np.int64)
    network = Network(
        paths=Polylines(x, y, np.concatenate([[0], np.cumsum(sizes)])),
        route_line=route_line.ravel(),
        trips_per_day=routes["trips_per_day"].to_numpy(dtype=float),
        service_minutes=routes["service_minutes"].to_numpy(dtype=float),
        speed_kmh=np.full(len(routes), ASSUMED_SPEED_KMH),
        stop_x=nowhere,
        stop_y=nowhere,
        call_route=none,
        call_stop=none,
        line_buses=np.ones(lines.size),
    )
    category = pd.Index(CATEGORIES).get_indexer(places["category"])
    hotspots = Hotspots(spot_x, spot_y, places["persons_per_day"].to_numpy(dtype=float), category)
    return City(path.stem, network, hotspots, routes[["code", "line", "sample", "geometry"]])


def write_scores(path: Path, city: City, scores: PartitionScores) -> None:
    """The scores beside their routes: GeoDataFrame[code, line, sample, score, score_…, stretch_…, geometry]."""
    columns: dict[str, Any] = {name: city.routes[name] for name in ("code", "line", "sample")}
    columns["score"] = scores.score
    columns |= {f"score_{name}": scores.by_category[:, i] for i, name in enumerate(CATEGORIES)}
    columns |= {"stretch_from_m": scores.stretch_from_m, "stretch_to_m": scores.stretch_to_m}
    _write(geopandas.GeoDataFrame(columns, geometry=city.routes.geometry, crs=city.routes.crs), path)


def write_made_up_city(path: Path, seed: int, number: int, routes: int, hotspots: int) -> None:
    """City `number` of a made-up country: the same arguments give the same file; every row is marked a sample."""
    require_parquet()
    rng = np.random.default_rng([seed, number])
    lines, px, py = winding_town(rng, routes, hotspots)
    # Cities stand two degrees apart in rows of nine, in the middle of China.
    projection = Projection(lon_0=102.0 + 2.0 * (number % 9), lat_0=24.0 + 2.0 * (number // 9 % 9))
    middle = (px.min() + px.max()) / 2, (py.min() + py.max()) / 2
    lon, lat = projection.inverse(lines.x - middle[0], lines.y - middle[1])
    spot_lon, spot_lat = projection.inverse(px - middle[0], py - middle[1])
    owner = np.repeat(np.arange(routes), np.diff(lines.offsets))
    paths = shapely.linestrings(np.column_stack([lon, lat]).round(6), indices=owner)
    points = shapely.points(np.column_stack([spot_lon, spot_lat]).round(6))
    drawn = rng.choice(len(SHARES), hotspots, p=[share for share, _ in SHARES.values()])
    medians = np.array([median for _, median in SHARES.values()])
    blank, nothing = np.full(routes, np.nan), np.full(hotspots, np.nan)
    table = geopandas.GeoDataFrame(
        {
            "kind": np.repeat(KINDS, (routes, hotspots)),
            "code": [f"示例-{i}" for i in range(routes)] + [f"示例-{i}" for i in range(hotspots)],
            "line": [f"示例{i // 2}路" for i in range(routes)] + [None] * hotspots,
            "trips_per_day": np.concatenate([rng.integers(20, 160, routes), nothing]),
            "service_minutes": np.concatenate([rng.integers(600, 1020, routes), nothing]),
            "category": [None] * routes + np.array(list(SHARES))[drawn].tolist(),
            "persons_per_day": np.concatenate([blank, rng.lognormal(0, 0.6, hotspots) * medians[drawn]]).round(),
            "sample": True,
        },
        geometry=np.concatenate([paths, points]),
        crs="EPSG:4326",
    )
    _write(table, path)


def _write(table: geopandas.GeoDataFrame, path: Path) -> None:
    """Whole or not at all: a worker that is killed leaves no half file under this name."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        table.to_parquet(part, index=False)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _table(path: Path, log: FileProblems) -> geopandas.GeoDataFrame:
    """The file as a table in WGS-84 with all columns; notes what keeps it from being one."""
    try:
        table = geopandas.read_parquet(path)
    except (OSError, ValueError, KeyError) as error:  # pyarrow's own are kinds of these
        log.add(0, "-", str(error).partition("\n")[0], gettext_noop("a GeoParquet file"))
        return geopandas.GeoDataFrame()
    for name in COLUMNS:
        if name not in table.columns:
            log.add(0, name, "-", gettext_noop("a column of this name"))
    if table.crs is None:
        log.add(0, "geometry", "-", gettext_noop("a coordinate system, in the metadata of the file"))
    elif table.crs.to_epsg() != 4326 and not log.found:
        table = table.to_crs("EPSG:4326")
    if "sample" not in table.columns:
        table["sample"] = False
    return table


def _check(table: geopandas.GeoDataFrame, log: FileProblems) -> None:
    kind = table["kind"]
    _note(log, table, "kind", ~kind.isin(KINDS), gettext_noop("route or hotspot"))
    route, spot = (kind == "route").to_numpy(), (kind == "hotspot").to_numpy()
    shape = shapely.get_type_id(table.geometry.array)
    empty = shapely.is_empty(table.geometry.array) | shapely.is_missing(table.geometry.array)
    wrong = (route & (shape != 1)) | (spot & (shape != 0)) | empty
    west, south, east, north = shapely.bounds(table.geometry.array).T
    inside = (west >= -180) & (east <= 180) & (south >= -84) & (north <= 84)
    words = {
        "shape": gettext_noop("a LineString for a route, a Point for a hotspot"),
        "place": gettext_noop("degrees of longitude and latitude"),
        "number": gettext_noop("a number of at least 0"),
        "positive": gettext_noop("a number above 0"),
        "code": gettext_noop("a code that no other route has"),
        "line": gettext_noop("the code of a line"),
        "category": gettext_noop("one of %(names)s"),
        "some": gettext_noop("at least one route and one hotspot"),
    }
    _note(log, table, "geometry", wrong, words["shape"], lambda value: "-" if value is None else value.geom_type)
    _note(log, table, "geometry", ~wrong & ~inside, words["place"], lambda value: value.wkt)
    trips, minutes, persons = (
        _numbers(table[name]) for name in ("trips_per_day", "service_minutes", "persons_per_day")
    )
    _note(log, table, "trips_per_day", route & ~(trips >= 0), words["number"])
    _note(log, table, "service_minutes", route & ~(minutes > 0), words["positive"])
    _note(log, table, "persons_per_day", spot & ~(persons >= 0), words["number"])
    doubled = table["code"].where(route).duplicated().to_numpy() & route | (route & table["code"].isna().to_numpy())
    _note(log, table, "code", doubled, words["code"])
    _note(log, table, "line", route & table["line"].isna().to_numpy(), words["line"])
    unknown = spot & ~table["category"].isin(CATEGORIES).to_numpy()
    _note(log, table, "category", unknown, words["category"], names=", ".join(CATEGORIES))
    if not log.found and not (route.any() and spot.any()):
        log.add(0, "kind", len(table), words["some"])


def _numbers(column: pd.Series) -> np.ndarray:
    """Finite numbers; NaN for everything else."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _shown(value: Any) -> object:
    return "-" if pd.isna(value) else value


def _note(  # noqa: PLR0917 - a table of what is wrong reads better in columns
    log: FileProblems,
    table: geopandas.GeoDataFrame,
    column: str,
    wrong: Any,
    expected: str,
    show: Callable[[Any], object] = _shown,
    **values: object,
) -> None:
    for row in np.flatnonzero(np.asarray(wrong, dtype=bool))[:MOST_NOTED]:
        log.add(int(row) + 1, column, show(table[column].iloc[row]), expected, **values)
