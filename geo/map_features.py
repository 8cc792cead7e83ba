"""GeoJSON as the maps take it: features of whatever came in, their properties and extent. Pure."""

from typing import Any

import numpy as np

Json = dict[str, Any]


def features_of(data: Any) -> list[Json]:
    """Features with a geometry of a FeatureCollection, a Feature, a bare geometry or nothing."""
    if not data:
        return []
    if data.get("type") == "FeatureCollection":
        return [feature for feature in data["features"] if feature.get("geometry")]
    return [data] if data.get("type") == "Feature" else [as_feature(data, {})]


def as_feature(geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def with_style(feature: Json, style: Json) -> Json:
    return as_feature(feature["geometry"], {"style": style})


def numbered(features: list[Json]) -> Json:
    """With an id each, so that folium can tell their styles apart."""
    return {"type": "FeatureCollection", "features": [{**f, "id": str(i)} for i, f in enumerate(features)]}


def prop(feature: Json, name: str) -> Any:
    return (feature.get("properties") or {}).get(name)


def score_of(route: Json) -> float | None:
    value = prop(route, "score")
    return None if value is None else float(value)


def road_level(road: Json) -> int:
    """1 main road, 2 road, 3 street; imported layers may name classes of their own."""
    level = prop(road, "class")
    if isinstance(level, int):
        return min(max(level, 1), 3)
    return {"motorway": 1, "trunk": 1, "primary": 1, "secondary": 2}.get(str(level), 3)


def polygons_of(geometry: Json) -> list[Any]:
    """Its polygons, each a list of rings; none for a line or a point."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiPolygon" else []


def bounds_of(features: list[Json]) -> list[list[float]] | None:
    """[[south, west], [north, east]] of all positions, or None without any."""
    found = [part for f in features if len(part := _positions(f["geometry"]["coordinates"]))]
    if not found:
        return None
    xy = np.concatenate(found)
    (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    return [[south, west], [north, east]]


def _positions(coordinates: Any) -> np.ndarray:
    if not len(coordinates):
        return np.empty((0, 2))
    if isinstance(coordinates[0], int | float):
        return np.array([coordinates[:2]], dtype=float)
    if isinstance(coordinates[0][0], int | float):
        return np.array([position[:2] for position in coordinates], dtype=float)
    return np.concatenate([_positions(part) for part in coordinates])
