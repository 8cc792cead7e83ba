"""An area as GeoJSON layers for maps and exports: WGS-84, six decimals (0.1 m), in a fixed order."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import shapely
from django.db.models import Prefetch, Q
from shapely.geometry import LineString

from geo.models import Area, BaseLayer, Hotspot, Route, RouteStop, Stop

Json = dict[str, Any]
DECIMALS = 6
SIMPLIFY_DEGREES = 2e-5  # about 2 m: less than a line's width on any zoom of the maps


def collection(features: Iterable[Json]) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}


def routes_layer(area: Area, *, simplify: bool = True) -> Json:
    """Routes with their line, timetable and, where computed, score."""
    routes = (
        Route.objects.filter(line__area=area)
        .select_related("line", "score")
        .prefetch_related(Prefetch("calls", RouteStop.objects.select_related("stop").order_by("sequence")))
        .order_by("line__code", "direction", "code")
    )
    return collection(_route(route, simplify=simplify) for route in routes)


def stops_layer(area: Area, *, decimals: int = DECIMALS) -> Json:
    """Stops with the codes of the lines that call; the tables hold seven decimals."""
    lines: dict[int, set[str]] = defaultdict(set)
    calls = RouteStop.objects.filter(route__line__area=area).values_list("stop_id", "route__line__code").distinct()
    for stop, line in calls:
        lines[stop].add(line)
    return collection(
        _feature(
            {"type": "Point", "coordinates": [round(stop.lon, decimals), round(stop.lat, decimals)]},
            {"id": stop.pk, "code": stop.code, "name": stop.name, "lines": sorted(lines[stop.pk])},
        )
        for stop in Stop.objects.filter(area=area).order_by("code")
    )


def hotspots_layer(area: Area) -> Json:
    return collection(
        _feature(
            {"type": "Point", "coordinates": _place(hotspot.lon, hotspot.lat)},
            {
                "id": hotspot.pk,
                "code": hotspot.code,
                "name": hotspot.name,
                "category": hotspot.category,
                "persons_per_day": hotspot.persons_per_day,
                "basis": hotspot.basis,
                "as_of": hotspot.as_of.isoformat() if hotspot.as_of else None,
                "street": hotspot.street,
            },
        )
        for hotspot in Hotspot.objects.filter(area=area).order_by("code")
    )


FAR, MIDDLE, NEAR = 1, 2, 3
_FIELDS = {FAR: "far", MIDDLE: "geojson", NEAR: "near"}


def base_layers(area: Area, detail: int = MIDDLE) -> dict[str, Json]:
    """FeatureCollections by kind of base layer, as seen from `FAR`, `MIDDLE` or `NEAR`."""
    layers = BaseLayer.objects.filter(area=area).order_by("kind")
    found = {}
    for layer in layers.defer(*({"far", "near"} - {_FIELDS[detail]})).annotate(has_details=Q(far__isnull=False)):
        if layer.has_details:  # simplified when it was imported
            found[layer.kind] = getattr(layer, _FIELDS[detail])
        else:
            found[layer.kind] = _simplified(layer.geojson)
    return found


def boundary_layer(area: Area) -> Json:
    """The boundary as one feature; none where the area has no boundary. Whether to show it is the caller's matter."""
    if not area.boundary:
        return collection([])
    return collection([_feature(area.boundary, {"name": area.name})])


def _route(route: Route, *, simplify: bool) -> Json:
    """One route; what is not simplified is for taking away and has the whole timetable."""
    score = getattr(route, "score", None)
    more = {}
    if not simplify:
        more = {
            "trips_by_hour": route.trips_by_hour,
            "schedule_estimated": route.schedule_estimated,
            "buses_estimated": route.line.buses_estimated,
        }
    path = route.path
    if simplify and len(path) > 2:
        line = LineString(path).simplify(SIMPLIFY_DEGREES, preserve_topology=False)
        path = [list(point) for point in line.coords]
    return _feature(
        {"type": "LineString", "coordinates": [_place(lon, lat) for lon, lat in path]},
        {
            "id": route.pk,
            "line_id": route.line_id,
            "line": route.line.code,
            "line_name": route.line.name,
            "code": route.code,
            "name": route.name,
            "direction": route.direction,
            "length_m": route.length_m,
            "trips_per_day": route.trips_per_day,
            "first_departure": _clock(route.first_departure),
            "last_departure": _clock(route.last_departure),
            "speed_kmh": route.speed_kmh,
            "buses": route.line.buses,
            "stops": [call.stop.code for call in route.calls.all()],
            "score": None if score is None else score.score,
            "by_category": None if score is None else score.by_category,
            **more,
        },
    )


def _feature(geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _place(lon: float, lat: float) -> list[float]:
    return [round(lon, DECIMALS), round(lat, DECIMALS)]


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _simplified(geojson: Json) -> Json:
    features = []
    for feature in geojson.get("features", []):
        geometry = shapely.geometry.shape(feature["geometry"])
        if geometry.geom_type not in {"Point", "MultiPoint"}:
            geometry = geometry.simplify(SIMPLIFY_DEGREES)
        rounded = shapely.transform(geometry, lambda points: points.round(DECIMALS))
        features.append(_feature(shapely.geometry.mapping(rounded), feature.get("properties") or {}))
    return collection(features)
