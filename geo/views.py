"""Layers of an area, and tiles of the local folder, for the planner's maps."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import layers
from geo.base_maps import LOWEST_ZOOM
from geo.models import Area

TILE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
LAYERS = {
    "routes": layers.routes_layer,
    "stops": layers.stops_layer,
    "hotspots": layers.hotspots_layer,
    "boundary": layers.boundary_layer,
}


@require_safe
@permission_required("geo.view_route", raise_exception=True)
@cache_control(private=True, max_age=60)
def layer(request: HttpRequest, slug: str, layer: str) -> JsonResponse:
    """One layer as a FeatureCollection, or a base layer by its kind. 404 for an unknown area or layer."""
    area = get_object_or_404(Area, slug=slug)
    if layer in LAYERS:
        return JsonResponse(LAYERS[layer](area), content_type="application/geo+json")
    base = layers.base_layers(area)
    if layer.removeprefix("base-") not in base:
        raise Http404
    return JsonResponse(base[layer.removeprefix("base-")], content_type="application/geo+json")


@require_safe
@permission_required("geo.view_route", raise_exception=True)
@cache_control(private=True, max_age=3600)
def base(request: HttpRequest, slug: str, detail: int) -> JsonResponse:
    """The base map in one detail: FeatureCollections by kind. 404 for an unknown area or detail."""
    area = get_object_or_404(Area, slug=slug)
    if detail not in LOWEST_ZOOM:
        raise Http404
    found = layers.base_layers(area, detail)
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_safe
@permission_required("geo.view_route", raise_exception=True)
@cache_control(private=True, max_age=86400)
def tile(request: HttpRequest, z: int, x: int, y: int) -> FileResponse:
    """One tile of the local folder, z/x/y with the ending that it has there. 404 where there is none."""
    if settings.BASE_MAP_TILES and z <= 22:
        for suffix, kind in TILE_TYPES.items():
            path = Path(settings.BASE_MAP_TILES) / str(z) / str(x) / f"{y}{suffix}"
            if path.is_file():
                return FileResponse(path.open("rb"), content_type=kind)
    raise Http404
