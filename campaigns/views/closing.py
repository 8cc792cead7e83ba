"""The end of a campaign: figures as they are now, closing it, and the kept report as one file."""

import re
from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import ClosingReport
from campaigns.services.closing import NotYet, close, figures, plan_carried_out
from campaigns.views.access import planners_only
from campaigns.views.artwork import campaign_of, desk

PICTURES = re.compile(r"[^{}]*\{[^{}]*url\([^{}]*\}")  # rules that would look for a file beside this one
STYLES = ("css/tokens.css", "campaigns/planner.css", "campaigns/desk.css")


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.view_closingreport")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """What the report would say today; a POST with lessons keeps it."""
    campaign = campaign_of(pk)
    plan = plan_carried_out(campaign)
    if plan is None:
        return render(request, "campaigns/closing.html", desk(campaign, "closing"))
    lessons, status = "", 200
    if request.method == "POST":
        if not request.user.has_perm("campaigns.add_closingreport"):
            return HttpResponse(status=403)
        lessons = request.POST.get("lessons", "")
        try:
            made = close(plan, lessons, request.user)
        except NotYet as refused:
            messages.error(request, str(refused))
            status = 422
        else:
            messages.success(request, _("The campaign is closed. The report stays as it is."))
            return redirect(made)
    context = desk(
        campaign, "closing", plan=plan, figures=figures(plan), lessons=lessons,
        kept=ClosingReport.objects.filter(plan__campaign=campaign),
    )  # fmt: skip
    return render(request, "campaigns/closing.html", context, status=status)


def _kept(pk: int) -> ClosingReport:
    found: ClosingReport = get_object_or_404(
        ClosingReport.objects.select_related("plan__campaign__area", "created_by"), pk=pk
    )
    return found


@require_safe
@planners_only("campaigns.view_closingreport")
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(pk)
    context = desk(
        found.plan.campaign, "closing", plan=found.plan, figures=found.figures, report=found, lessons=found.lessons
    )
    return render(request, "campaigns/closing.html", context)


@require_safe
@planners_only("campaigns.view_closingreport")
def closing_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The kept report as one HTML file with its styles inside: opens and prints without a network."""
    found = _kept(pk)
    styles = PICTURES.sub("", "\n".join(_text(name) for name in STYLES))
    body = render_to_string(
        "campaigns/closing_file.html",
        {"plan": found.plan, "campaign": found.plan.campaign, "area": found.plan.campaign.area,
         "figures": found.figures, "report": found, "lessons": found.lessons},
    )  # fmt: skip
    page = body.replace("<!-- styles -->", f"<style>{styles}</style>")
    response = HttpResponse(page)
    response["Content-Disposition"] = f'attachment; filename="closing-campaign{found.plan.campaign_id}-{found.pk}.html"'
    return response


def _text(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")
