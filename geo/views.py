"""Layers of an area as GeoJSON for the planner's maps."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geo import layers
from geo.models import Area

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
