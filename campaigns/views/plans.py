"""What happens to a plan: read, approved by a second person, booked, taken away as files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import BookingConflict, PlanVersion
from campaigns.services.booking import NotApproved, approve_plan, book_plan
from campaigns.services.exports import file_stem, picks_csv, picks_geojson, plan_map
from campaigns.services.mediaschedule import workbook
from campaigns.views.access import planners_only
from campaigns.views.bench import plan_context
from campaigns.views.prices import XLSX
from geo.models import Category
from trust.approvals import AlreadyApproved, OwnWork


def _plan(pk: int) -> PlanVersion:
    found: PlanVersion = get_object_or_404(PlanVersion.objects.select_related("campaign__area", "created_by"), pk=pk)
    return found


@require_safe
@planners_only("campaigns.view_planversion")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    levels = {level: plan.result[level]["by_category"] for level in ("low", "central", "high")}
    context = {
        "step": "plan",
        "plan": plan,
        "campaign": plan.campaign,
        "area": plan.campaign.area,
        "category_rows": [
            {"label": label, **{level: shares[name] for level, shares in levels.items()}}
            for name, label in Category.choices
            if name in levels["central"]
        ],
        **plan_context(plan),
    }
    return render(request, "campaigns/report.html", context)


@require_POST
@planners_only("campaigns.approve_planversion")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    try:
        approve_plan(plan, request.user, request.POST.get("comment", "")[:500])
    except (OwnWork, AlreadyApproved) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The plan is approved. It can be booked now."))
    return redirect(plan)


@require_POST
@planners_only("campaigns.add_booking")
def book(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    try:
        made = book_plan(plan, request.user)
    except NotApproved as refused:
        messages.error(request, str(refused))
    except BookingConflict as taken:
        messages.error(request, _("Nothing was booked.") + " ".join(taken.messages))
    else:
        said = ngettext("%(n)d placement is booked.", "%(n)d placements are booked.", len(made)) % {"n": len(made)}
        messages.success(request, said)
    return redirect(plan)


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@planners_only("campaigns.view_planversion")
def map_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    return _download(HttpResponse(plan_map(plan)), f"{file_stem(plan)}.html")


@require_safe
@planners_only("campaigns.view_planversion")
def geojson_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    response = JsonResponse(picks_geojson(plan), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/geo+json"
    return _download(response, f"{file_stem(plan)}.geojson")


@require_safe
@planners_only("campaigns.view_planversion")
def csv_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    return _download(HttpResponse(picks_csv(plan), content_type="text/csv; charset=utf-8"), f"{file_stem(plan)}.csv")


@require_safe
@planners_only("campaigns.view_planversion")
def schedule_file(request: HttpRequest, pk: int) -> HttpResponse:
    """排期表 as a workbook."""
    plan = _plan(pk)
    return _download(HttpResponse(workbook(plan), content_type=XLSX), f"{file_stem(plan)}-schedule.xlsx")
