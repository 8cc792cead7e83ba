"""Admin screens beside Wagtail's lists."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from geo.models import Area, Route
from geo.services import request_scores


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("geo.change_area", raise_exception=True)
def score_area(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then have the worker score the routes of an area."""
    area = get_object_or_404(Area, pk=pk)
    if request.method == "POST":
        request_scores(area, request.user)
        messages.success(
            request, _("The routes of %(area)s are being scored; the list is ready in a moment.") % {"area": area}
        )
        return redirect("geo-scores:index")
    routes = Route.objects.filter(line__area=area).count()
    return render(request, "geo/admin/score_area.html", {"area": area, "routes": routes})
