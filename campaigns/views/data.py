"""What the map draws, the same as tables, and how far a job is."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from campaigns.hours import RouteHours, route_hours
from campaigns.models import Campaign, Format, Placement, PlanVersion
from campaigns.services.exports import picks_geojson
from campaigns.services.marks import mark, saved_marks
from campaigns.views.access import planners_only
from campaigns.views.bench import say_mark
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
    found["on_lines"] = offers_on_lines(place)
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


def offers_on_lines(area: Area) -> dict[int, list[dict[str, Any]]]:
    """By line: the bodies and screens on sale there, as the map's card of the line lists them."""
    found: dict[int, list[dict[str, Any]]] = {}
    for place in Placement.objects.on_sale().filter(area=area, line__isnull=False).order_by("format", "code"):
        offer = {"id": place.pk, "name": place.name, "price_cny": float(place.net_price_cny)}
        found.setdefault(place.line_id or 0, []).append(offer)
    return found


@require_safe
@planners_only("campaigns.view_campaign")
def tables(request: HttpRequest, area: str) -> HttpResponse:
    """Routes by score, hotspots and placements: everything on the map, to be read instead of seen.

    With `?campaign=` its placements can be locked and excluded here; `?format=` and `?q=` narrow them down.
    With `?route=` the hours of that route are shown too.
    """
    place = get_object_or_404(Area, slug=area)
    campaign = _campaign_here(request, place)
    wanted, words = request.GET.get("format", ""), request.GET.get("q", "").strip()
    offered = Placement.objects.filter(area=place, is_active=True).order_by("format", "code")
    if wanted in Format.values:
        offered = offered.filter(format=wanted)
    if words:
        offered = offered.filter(Q(name__icontains=words) | Q(street__icontains=words) | Q(code__icontains=words))
    found = {
        "routes": Route.objects.filter(line__area=place)
        .select_related("line", "score")
        .annotate(length_km=F("length_m") / 1000.0)
        .order_by("-score__score", "line__name", "code"),
        "hotspots": Hotspot.objects.filter(area=place).order_by("-persons_per_day", "name"),
        "placements": offered,
    }
    pages = {name: Paginator(rows, ROWS).get_page(request.GET.get(name)) for name, rows in found.items()}
    kept = {name: request.GET[name] for name in ("campaign", "format", "q") if request.GET.get(name)}
    context = {
        "step": "data", "area": place, "more": urlencode(kept), "campaign": campaign, "formats": Format.choices,
        "format": wanted, "words": words,
        "hours": _hours(request, place), "marks": saved_marks(campaign) if campaign else None, **pages,
    }  # fmt: skip
    return render(request, "campaigns/tables.html", context)


def _hours(request: HttpRequest, area: Area) -> RouteHours | None:
    wanted = request.GET.get("route", "")
    routes = Route.objects.filter(line__area=area).select_related("line", "score")
    return route_hours(get_object_or_404(routes, pk=int(wanted))) if wanted.isdecimal() else None


def _campaign_here(request: HttpRequest, area: Area) -> Campaign | None:
    wanted = request.GET.get("campaign", "")
    return area.campaigns.filter(pk=int(wanted)).first() if wanted.isdecimal() else None


@require_POST
@planners_only("campaigns.change_campaign")
def mark_placement(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock or exclude a placement from the table, picked or not; takes effect in the next plan."""
    campaign = get_object_or_404(Campaign.objects.select_related("area"), pk=pk)
    wanted, wish = request.POST.get("placement", ""), request.POST.get("wish", "")
    placement = get_object_or_404(campaign.area.placements, pk=int(wanted) if wanted.isdecimal() else 0)
    mark(campaign, placement, wish)
    messages.success(request, say_mark(placement.name, wish))
    kept = {name: request.POST[name] for name in ("placements", "format", "q") if request.POST.get(name)}
    query = urlencode({"campaign": str(campaign.pk)} | kept)
    return redirect(f"{reverse('campaigns:tables', args=[campaign.area.slug])}?{query}#placement-{placement.pk}")


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
