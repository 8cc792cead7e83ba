"""Shapefiles and GeoPackages as the same numbered features that GeoJSON gives.

The file is told by its first bytes, not by its name, so that GDAL never opens a format that could point elsewhere.
"""

import math
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import mapping

from geo.sources.files import CHUNK, MOST_BYTES
from geo.sources.items import GEOJSON_SUFFIXES, Item, features
from geo.sources.problems import FileProblems, Problems, gettext_noop

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", *GEOJSON_SUFFIXES)
_SHP_MAGIC, _GPKG_MAGIC = b"\x00\x00\x27\x0a", b"SQLite format 3\x00"
_GDAL_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, ValueError, OSError)


def vector_items(path: Path, problems: Problems, system: str, layers: Sequence[str] = ()) -> list[Item]:
    """Every feature of a GeoJSON file, a Shapefile (.shp, zip or folder), a GeoPackage, or a folder of these.

    `layers` names those of a GeoPackage that are wanted; needed where it has several. What the file itself says of its
    coordinates must not contradict `system`.
    """
    found: list[Item] = []
    for part in vector_files(path):
        log = problems.of(part.name)
        if part.suffix.lower() in GEOJSON_SUFFIXES:
            found += features(part, log)
        elif part.suffix.lower() == ".zip":
            with _unpacked(part, log) as folder:
                for inner in sorted(folder.rglob("*")) if folder else ():
                    if inner.suffix == ".shp":
                        found += _shapefile(inner, problems.of(inner.name), system)
                    elif inner.suffix in GEOJSON_SUFFIXES:
                        found += features(inner, problems.of(inner.name))
        elif part.suffix.lower() == ".shp":
            found += _shapefile(part, log, system)
        else:
            found += _geopackage(part, log, system, layers)
    return found


def vector_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder that hold features, in the order of their names."""
    if path.is_file():
        return [path]
    wanted = {*GEOJSON_SUFFIXES, ".shp", ".gpkg", ".zip"}
    return sorted(part for part in path.iterdir() if part.suffix.lower() in wanted) if path.is_dir() else []


def layers_of(path: Path) -> list[str]:
    """Names of a GeoPackage's layers that hold geometry; none for a file that is none."""
    if not _starts_with(path, _GPKG_MAGIC):
        return []
    try:
        return [str(name) for name, kind in pyogrio.list_layers(path) if kind]
    except _GDAL_ERRORS:
        return []


@contextmanager
def _unpacked(path: Path, log: FileProblems) -> Iterator[Path | None]:
    """A folder with the zip's Shapefiles and GeoJSON for as long as it is read; None with a problem without any."""
    with tempfile.TemporaryDirectory(prefix="pufa-shp-") as folder:
        target = Path(folder)
        try:
            with zipfile.ZipFile(path) as archive:
                _extract(archive, target)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            log.add(0, "-", error, gettext_noop("a file that is not damaged or locked by a password"))
            yield None
            return
        if not any(part.suffix in {".shp", *GEOJSON_SUFFIXES} for part in target.rglob("*")):
            log.add(0, "-", "-", gettext_noop("a zip with a Shapefile (.shp, .shx, .dbf) or GeoJSON"))
            yield None
            return
        yield target


def _extract(archive: zipfile.ZipFile, target: Path) -> None:
    """The parts of Shapefiles and GeoJSON only, under plain names; ValueError where they are more than 2 GB."""
    room = MOST_BYTES
    folders: dict[Path, Path] = {}
    for number, info in enumerate(archive.infolist()):
        name = Path(info.filename.replace("\\", "/")).name
        if info.is_dir() or Path(name).suffix.lower() not in PARTS or "__MACOSX" in info.filename:
            continue
        folder = folders.setdefault(Path(info.filename).parent, target / str(len(folders)))
        folder.mkdir(exist_ok=True)
        stem, suffix = Path(name).stem, Path(name).suffix.lower()
        with archive.open(info) as source, (folder / f"{stem or number}{suffix}").open("wb") as out:
            while chunk := source.read(CHUNK):
                room -= len(chunk)
                if room < 0:
                    raise ValueError("> 2 GB")
                out.write(chunk)


def _shapefile(path: Path, log: FileProblems, system: str) -> list[Item]:
    missing = [suffix for suffix in (".shx", ".dbf") if not _beside(path, suffix)]
    if missing or not _starts_with(path, _SHP_MAGIC):
        log.add(0, "-", ", ".join(missing) or "-", gettext_noop("a Shapefile with its parts .shp, .shx and .dbf"))
        return []
    # Chinese Shapefiles without .cpg are GBK as often as UTF-8; a wrong guess shows as bytes that are no text.
    encodings = [None] if _beside(path, ".cpg") else ["UTF-8", "GB18030"]
    for encoding in encodings:
        try:
            return _read(path, None, encoding, log, system)
        except UnicodeDecodeError:
            continue
    log.add(0, "-", ".dbf", gettext_noop("text in UTF-8 or GBK"))
    return []


def _geopackage(path: Path, log: FileProblems, system: str, layers: Sequence[str]) -> list[Item]:
    if not _starts_with(path, _GPKG_MAGIC):
        log.add(0, "-", path.suffix or "-", gettext_noop("GeoJSON, a Shapefile or a GeoPackage"))
        return []
    present = layers_of(path)
    chosen = list(layers) or present
    shown = ", ".join(present) or "-"
    for name in chosen:
        if name not in present:
            log.add(0, "layer", name, gettext_noop("one of %(names)s"), names=shown)
    if len(chosen) != 1 and not layers:
        log.add(0, "layer", shown, gettext_noop("one layer, or --layer with the name of each that is wanted"))
    if log.found:
        return []
    found: list[Item] = []
    for name in chosen:
        found += _read(path, name, None, log, system)
    return found


def _read(path: Path, layer: str | None, encoding: str | None, log: FileProblems, system: str) -> list[Item]:
    try:
        meta, _ids, shapes, columns = pyogrio.raw.read(path, layer=layer, encoding=encoding, force_2d=True)
    except UnicodeDecodeError:
        raise
    except _GDAL_ERRORS as error:
        log.add(0, "-", error, gettext_noop("a file that is not damaged or locked by a password"))
        return []
    _check_system(meta.get("crs"), system, log)
    geometries = shapely.from_wkb(shapes, on_invalid="ignore") if shapes is not None else []
    names = [str(name) for name in meta["fields"]]
    found = []
    for row, (geometry, *cells) in enumerate(zip(geometries, *columns, strict=True), start=1):
        data = {name: plain for name, cell in zip(names, cells, strict=True) if (plain := _plain(cell)) is not None}
        item = Item(row, data, log, mapping(geometry) if geometry is not None else None)
        if geometry is None or geometry.is_empty:
            item.problem("geometry", "", gettext_noop("a feature with properties and a geometry"))
        else:
            found.append(item)
    if not len(geometries):
        log.add(0, "features", "0", gettext_noop("at least one feature"))
    return found


def _check_system(declared: str | None, system: str, log: FileProblems) -> None:
    """A projected file cannot be in degrees, and an EPSG number that was answered must be the file's own."""
    if not declared:
        return
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        return
    number = crs.to_epsg()
    other = number is not None and system != f"epsg:{number}"
    if other if system.startswith("epsg:") else crs.is_projected:
        expected = gettext_noop("the system that the file itself names: %(declared)s")
        log.add(0, "system", system, expected, declared=f"epsg:{number}" if number else crs.name)


def _plain(value: Any) -> Any:
    """A cell as JSON would have it; None where it is empty."""
    if isinstance(value, np.generic):
        value = str(value) if isinstance(value, np.datetime64) else value.item()
    if value is None or (isinstance(value, float) and math.isnan(value)) or value == "NaT":
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)


def _beside(path: Path, suffix: str) -> bool:
    return any(path.with_suffix(form).is_file() for form in (suffix, suffix.upper()))


def _starts_with(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(magic)) == magic
    except OSError:
        return False
