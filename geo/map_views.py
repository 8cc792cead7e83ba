"""The map of an area: a preview for staff to embed, and the file to take away."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geo.maps import AreaMap, area_map, html
from geo.models import Area
from geo.services import layers

# Folium writes its scripts into the page. Only here, and only in a sandbox: an opaque origin without cookies, forms,
# links out or a way to the page around it. In the frame use sandbox="allow-scripts" as well.
MAP_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-scripts"],
}


def map_response(drawn: AreaMap) -> HttpResponse:
    """The map as a page of its own address, to be shown in a frame of the same site."""
    response = HttpResponse(html(drawn))
    response._csp_replace = MAP_POLICY  # type: ignore[attr-defined]
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def map_file_response(drawn: AreaMap, file_name: str) -> HttpResponse:
    """The map as one file that opens from disk without a network."""
    response = HttpResponse(html(drawn, standalone=True))
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _drawn(slug: str) -> AreaMap:
    area = get_object_or_404(Area, slug=slug)
    return area_map(area, layers(area), staff=True)


@require_safe
@never_cache
@login_required
@permission_required("geo.view_route", raise_exception=True)
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    return map_response(_drawn(slug))


@require_safe
@never_cache
@login_required
@permission_required("geo.view_route", raise_exception=True)
def download(request: HttpRequest, slug: str) -> HttpResponse:
    return map_file_response(_drawn(slug), f"{slug}-map.html")
