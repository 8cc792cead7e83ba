"""Admin screens beside Wagtail's lists."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from geo import exports
from geo.models import Area, Route
from geo.services import request_scores
from trust.audit import record


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


@require_safe
@permission_required("geo.view_area", raise_exception=True)
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse | FileResponse:
    """Everything of an area as one zip to take away."""
    area = get_object_or_404(Area, pk=pk)
    if form not in exports.FORMATS:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="pufa-export-") as folder:
        target = Path(folder) / "area.zip"
        exports.archive(area, form, target)
        stream = target.open("rb")  # stays readable after its folder is gone
    record("geo.export", subject=area, detail={"format": form})
    return FileResponse(stream, as_attachment=True, filename=f"{area.slug}-{form}.zip")
