"""JSON and GeoJSON as numbered items whose fields are checked as they are read."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.sources.problems import FileProblems, gettext_noop
from geo.sources.tables import decode
from geo.sources.values import minutes_of, to_degrees

GEOJSON_SUFFIXES = (".geojson", ".json")
SHAPEFILE_NAME = 10  # characters that a Shapefile leaves of a longer column name


@dataclass(frozen=True)
class Item:
    """One object of a list, numbered from 1 as `row`. Reading a field that is not as expected notes a problem."""

    row: int
    data: dict[str, Any]
    log: FileProblems
    geometry: dict[str, Any] | None = None

    def pick(self, keys: Sequence[str]) -> tuple[str, Any]:
        """The first of `keys` that has a value, and the value; the first key and None where none has."""
        for key in keys:
            value = self.data.get(key)
            if value is None and len(key) > SHAPEFILE_NAME:
                value = self.data.get(key[:SHAPEFILE_NAME])
            if value is not None and value not in ("", []):
                return key, value
        return keys[0], None

    def problem(self, field: str, found: object, expected: str, **values: object) -> None:
        self.log.add(self.row, field, found, expected, **values)

    def text(self, *keys: str, default: str | None = None) -> str:
        """A text or number as text; `default` where there is none, a problem where that is None too."""
        key, value = self.pick(keys)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
        if value is not None or default is None:
            self.problem(key, "" if value is None else value, gettext_noop("a text"))
        return default or ""

    def number(self, *keys: str, low: float = -math.inf, high: float = math.inf, default: float | None = None) -> float:
        """A number from `low` to `high`; NaN with a problem where it is not one."""
        key, value = self.pick(keys)
        if value is None and default is not None:
            return default
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError):
            number = math.nan
        if math.isfinite(number) and low <= number <= high:
            return number
        shown = "" if value is None else value
        if math.isinf(high):
            self.problem(key, shown, gettext_noop("a number of at least %(low)s"), low=f"{low:g}")
        else:
            self.problem(
                key, shown, gettext_noop("a number from %(low)s to %(high)s"), low=f"{low:g}", high=f"{high:g}"
            )
        return math.nan

    def clock(self, *keys: str) -> float:
        """Minutes after midnight of "0630", "06:30" or a number of minutes; NaN where there is none."""
        key, value = self.pick(keys)
        if value is None:
            return math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        text = str(value).strip()
        if text.isdigit() and len(text) in {3, 4}:
            text = f"{text[:-2]}:{text[-2:]}"
        at = minutes_of(text)
        if math.isnan(at):
            self.problem(key, value, gettext_noop("a time such as 0630 or 06:30"))
        return at

    def texts(self, *keys: str) -> list[str]:
        """A list of texts, as such, as JSON, or in one text with semicolons or commas; empty where there is none."""
        key, value = self.pick(keys)
        if value is None:
            return []
        if isinstance(value, str) and value.startswith("["):
            try:
                value = json.loads(value)
            except ValueError:
                self.problem(key, value, gettext_noop("a list of texts"))
                return []
        if isinstance(value, str):
            return [part.strip() for part in value.replace("；", ";").replace(",", ";").split(";") if part.strip()]
        if isinstance(value, list) and all(isinstance(part, str | int) for part in value):
            return [str(part).strip() for part in value]
        self.problem(key, value, gettext_noop("a list of texts"))
        return []


def load_json(data: bytes, log: FileProblems) -> Any:
    """What the JSON text holds, or None with the problem noted at its line."""
    text = decode(data, log)
    if text is None:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        log.add(error.lineno, "-", error.msg, gettext_noop("JSON that can be read to its end"))
    except RecursionError:
        log.add(0, "-", "[[[…", gettext_noop("JSON that can be read to its end"))
    return None


def items(value: Any, log: FileProblems) -> list[Item]:
    """The objects of a JSON list; whatever is no object is a problem."""
    if value is None:
        return []
    if not isinstance(value, list):
        log.add(0, "-", type(value).__name__, gettext_noop("a list of objects"))
        return []
    found = []
    for row, data in enumerate(value, start=1):
        if isinstance(data, dict):
            found.append(Item(row, data, log))
        else:
            log.add(row, "-", data, gettext_noop("an object"))
    return found


def features(path: Path, log: FileProblems) -> list[Item]:
    """The features of a GeoJSON file: a FeatureCollection, a bare array of features, one feature or one geometry."""
    value = load_json(path.read_bytes(), log)
    if value is None:
        return []
    if isinstance(value, dict):
        if value.get("type") == "FeatureCollection":
            value = value.get("features")
        elif value.get("type") == "Feature":
            value = [value]
        elif "coordinates" in value:
            value = [{"type": "Feature", "properties": {}, "geometry": value}]
    if not isinstance(value, list) or not value:
        log.add(0, "features", type(value).__name__, gettext_noop("GeoJSON with at least one feature"))
        return []
    found = []
    for item in items(value, log):
        properties, geometry = item.data.get("properties") or {}, item.data.get("geometry")
        shaped = isinstance(geometry, dict) and isinstance(geometry.get("type"), str)
        if not isinstance(properties, dict) or not shaped:
            item.problem("geometry", geometry, gettext_noop("a feature with properties and a geometry"))
            continue
        found.append(Item(item.row, properties, log, geometry))
    return found


def positions(item: Item, coordinates: Any, least: int = 1) -> np.ndarray | None:
    """GeoJSON positions as floats (n, 2), or None with a problem; heights are dropped."""
    try:
        array = np.array([(float(point[0]), float(point[1])) for point in coordinates], dtype=float).reshape(-1, 2)
    except (TypeError, ValueError, IndexError, KeyError):
        item.problem("coordinates", coordinates, gettext_noop("pairs of longitude and latitude"))
        return None
    if len(array) < least or not np.isfinite(array).all():
        item.problem("coordinates", coordinates, gettext_noop("at least %(n)s positions"), n=least)
        return None
    return array


def degrees_of(parts: Iterable[tuple[Item, np.ndarray]], system: str) -> list[np.ndarray]:
    """Every part in WGS-84 degrees, converted in one go; a problem for each part that leaves the globe."""
    kept = list(parts)
    if not kept:
        return []
    arrays = [array for _item, array in kept]
    together = np.concatenate(arrays)
    degrees = to_degrees(together[:, 0], together[:, 1], system, kept[0][0].log)
    cuts = np.cumsum([len(array) for array in arrays])[:-1]
    converted = np.split(degrees, cuts)
    for (item, array), result in zip(kept, converted, strict=True):
        lost = ~np.isfinite(result).all(axis=1) | ((array[:, 0] == 0.0) & (array[:, 1] == 0.0))
        if lost.any():
            x, y = array[np.flatnonzero(lost)[0]]
            item.problem("coordinates", f"{x:g}, {y:g}", gettext_noop("a place on the map, not 0, 0"))
    return converted
