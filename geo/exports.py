"""Everything of an area as files that others read and that come back unchanged: GeoJSON, GeoPackage, CSV."""

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo import layers
from geo.models import Area, Line

FORMATS = ("geojson", "geopackage", "csv")
NETWORK = ("routes", "stops")
STORED_DECIMALS = 7
Json = dict[str, Any]


def tables(area: Area) -> Iterator[tuple[str, Json]]:
    """Name and FeatureCollection of everything that the area has: routes, stops, hotspots, boundary, base_KIND."""
    yield "routes", layers.routes_layer(area, simplify=False)
    yield "stops", layers.stops_layer(area, decimals=STORED_DECIMALS)
    yield "hotspots", layers.hotspots_layer(area)
    yield "boundary", layers.boundary_layer(area)
    for kind, collection in layers.base_layers(area, layers.NEAR).items():
        yield f"base_{kind}", collection


def write(area: Area, form: str, out: Path) -> list[Path]:
    """Write `area` into the folder `out` in one of FORMATS; the files written."""
    out.mkdir(parents=True, exist_ok=True)
    present = [(name, table) for name, table in tables(area) if table["features"]]
    if form == "geopackage":
        return [_geopackage(out / f"{area.slug}.gpkg", present)] if present else []
    written = []
    for name, table in present:
        if form == "geojson":
            written.append(_geojson(out, name, table))
        if name != "boundary" and not name.startswith("base_"):
            rows = [_row(feature) for feature in table["features"]]
            written.append(_csv(out / f"{name}.csv", rows))
    lines = list(Line.objects.filter(area=area).order_by("code").values("code", "name", "buses", "buses_estimated"))
    if lines:
        written.append(_csv(out / "lines.csv", [{key: _cell(value) for key, value in line.items()} for line in lines]))
    return written


def archive(area: Area, form: str, target: Path) -> None:
    """The same as one zip."""
    with tempfile.TemporaryDirectory(prefix="pufa-export-") as folder:
        root = Path(folder)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in write(area, form, root):
                packed.write(path, path.relative_to(root))


def _geojson(out: Path, name: str, table: Json) -> Path:
    """Routes and stops go into a folder of their own, which import_network reads back; so does the base map."""
    folder = out / ("network" if name in NETWORK else "base" if name.startswith("base_") else ".")
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


def _geopackage(path: Path, present: list[tuple[str, Json]]) -> Path:
    """One layer per table; lists and tables in a cell are JSON."""
    import geopandas as gpd  # noqa: PLC0415  a second to load, and few commands need it

    path.unlink(missing_ok=True)
    for name, table in present:
        flat = [
            {**feature, "properties": {key: _json(value) for key, value in feature["properties"].items()}}
            for feature in table["features"]
        ]
        frame = gpd.GeoDataFrame.from_features(flat, crs="EPSG:4326")
        for column in frame.columns.drop("geometry"):
            if frame[column].isna().all():
                frame[column] = frame[column].astype(str).where(frame[column].notna(), None)
        frame.to_file(path, layer=name, driver="GPKG", mode="a" if path.exists() else "w")
    return path


def _json(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _row(feature: Json) -> Json:
    """Properties with lon and lat of a point, or the path of a line as WKT."""
    row = {key: _cell(value) for key, value in feature["properties"].items()}
    kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    if kind == "Point":
        row["lon"], row["lat"] = coordinates
    else:
        row["path"] = "LINESTRING (" + ", ".join(f"{lon} {lat}" for lon, lat in coordinates) + ")"
    return row


def _csv(path: Path, rows: list[Json]) -> Path:
    """With a byte order mark, so that Excel shows Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    value = _json(value)
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"  # a spreadsheet would run it as a formula
    return value
