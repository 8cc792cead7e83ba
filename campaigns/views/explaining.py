"""A placement's page: who sees it, where they are, what it costs. The map's card asks for the same as JSON."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.forms import FLIGHT_DAYS
from campaigns.models import Placement
from campaigns.services.explaining import Explanation, explain
from campaigns.views.access import planners_only

MOST_DAYS = 366
ON_CARD = 5


@require_safe
@planners_only("campaigns.view_campaign")
def placement(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    found = _explained(request, area, pk)
    context = {"step": "data", "area": found.placement.area, "place": found.placement, "found": found}
    return render(request, "campaigns/placement.html", context)


@require_safe
@planners_only("campaigns.view_campaign")
def placement_json(request: HttpRequest, area: str, pk: int) -> JsonResponse:
    """`places` as [lon, lat, name, persons], most first; `stretch` as points; both for the map."""
    found = _explained(request, area, pk)
    return JsonResponse(
        {
            "persons": round(found.persons),
            "places": [
                [round(seen.hotspot.lon, 6), round(seen.hotspot.lat, 6), seen.hotspot.name, round(seen.persons)]
                for seen in found.places
            ],
            "listed": ON_CARD,
            "stretch": found.stretch,
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _explained(request: HttpRequest, area: str, pk: int) -> Explanation:
    place = get_object_or_404(Placement.objects.select_related("area", "stop", "line"), pk=pk, area__slug=area)
    said = request.GET.get("days", "")
    days = int(said) if said.isdecimal() and 0 < int(said) <= MOST_DAYS else FLIGHT_DAYS
    found = explain(place, days)
    if found is None:
        raise Http404
    return found
