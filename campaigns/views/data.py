"""What the map draws, the same as tables, and how far a job is."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.models import Format, Placement, PlanVersion
from campaigns.services.exports import picks_geojson
from campaigns.views.access import planners_only
from geo.models import Area, Hotspot, Route
from jobs.models import Job

ROWS = 50


@require_safe
@planners_only("campaigns.view_campaign")
def layers(request: HttpRequest, area: str) -> JsonResponse:
    """Every layer of the area as GeoJSON, WGS-84; with `?plan=` its numbered picks too."""
    from geo.services import layers as area_layers  # noqa: PLC0415  numba loads with it, and few requests need it

    place = get_object_or_404(Area, slug=area)
    found: dict[str, Any] = dict(area_layers(place))
    found.pop("stops", None)  # the shelters stand there already
    found["placements"] = shelters_geojson(place)
    wanted = request.GET.get("plan", "")
    if wanted.isdecimal():
        plan = get_object_or_404(PlanVersion, pk=int(wanted), campaign__area=place)
        found["picks"] = picks_geojson(plan)
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def shelters_geojson(area: Area) -> dict[str, Any]:
    """Shelter faces on sale as points; bodies and screens are the lines that the routes already draw."""
    rows = (
        Placement.objects.on_sale()
        .filter(area=area, format=Format.SHELTER, stop__isnull=False)
        .values_list("pk", "name", "net_price_cny", "stop__lon", "stop__lat")
    )
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
                "properties": {"id": pk, "name": name, "price_cny": float(price)},
            }
            for pk, name, price, lon, lat in rows
        ],
    }


@require_safe
@planners_only("campaigns.view_campaign")
def tables(request: HttpRequest, area: str) -> HttpResponse:
    """Routes by score, hotspots and placements: everything on the map, to be read instead of seen."""
    place = get_object_or_404(Area, slug=area)
    found = {
        "routes": Route.objects.filter(line__area=place)
        .select_related("line", "score")
        .annotate(length_km=F("length_m") / 1000.0)
        .order_by("-score__score", "line__name", "code"),
        "hotspots": Hotspot.objects.filter(area=place).order_by("-persons_per_day", "name"),
        "placements": Placement.objects.filter(area=place, is_active=True).order_by("format", "code"),
    }
    pages = {name: Paginator(rows, ROWS).get_page(request.GET.get(name)) for name, rows in found.items()}
    return render(request, "campaigns/tables.html", {"step": "data", "area": place, **pages})


@require_safe
@planners_only("campaigns.view_campaign")
def job_status(request: HttpRequest, pk: int) -> JsonResponse:
    """How far a planning job is, and where its plan is once it is done."""
    job = get_object_or_404(Job, pk=pk, kind="campaigns.plan")
    result = job.result if job.state == Job.State.DONE else None
    return JsonResponse(
        {
            "state": job.state,
            "open": job.is_open,
            "label": job.get_state_display(),
            "percent": round(job.progress),
            "note": job.note,
            "error": job.error,
            "plan_url": reverse("campaigns:plan", args=[result["plan"]]) if result else "",
        }
    )
