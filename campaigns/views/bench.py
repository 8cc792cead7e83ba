"""The workbench: brief, map, plan; and the one button that computes."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns import explain
from campaigns.forms import BriefForm, new_brief
from campaigns.models import Booking, Campaign, Format, Placement, PlanVersion
from campaigns.services import marks
from campaigns.services.booking import plan_is_approved, plan_makers
from campaigns.services.marks import Marks, saved_marks
from campaigns.tasks import plan_key
from campaigns.views.access import planners_only
from geo.models import Area
from jobs.models import Job
from jobs.queue import enqueue
from trust.approvals import approvals_of

SHOWN_PICKS = 12  # the rest unfold
FIRST_AREA = "pengjiang"


def areas() -> QuerySet[Area]:
    """The district's own area first, then the other data sets."""
    first = Case(When(slug=FIRST_AREA, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Area.objects.order_by(first, "name", "slug")


@require_safe
@planners_only("campaigns.view_campaign")
def home(request: HttpRequest) -> HttpResponse:
    first = areas().first()
    if first is None:
        return render(request, "campaigns/empty.html")
    return redirect("campaigns:area", first.slug)


@require_safe
@planners_only("campaigns.view_campaign")
def area(request: HttpRequest, area: str) -> HttpResponse:
    """An area with its latest campaign, the one named by `?campaign=`, or an empty brief with `?new=1`."""
    place = get_object_or_404(Area, slug=area)
    campaigns = place.campaigns.all()
    campaign: Campaign | None = None
    if "campaign" in request.GET:
        wanted = request.GET["campaign"]
        campaign = get_object_or_404(campaigns, pk=int(wanted) if wanted.isdecimal() else 0)
    elif "new" not in request.GET:
        campaign = campaigns.first()
    latest = campaign.plans.first() if campaign else None
    return _bench(request, place, campaign, latest)


@require_safe
@planners_only("campaigns.view_campaign")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan, the latest or an earlier one."""
    found = get_object_or_404(PlanVersion.objects.select_related("campaign__area"), pk=pk)
    return _bench(request, found.campaign.area, found.campaign, found)


@require_POST
@planners_only("campaigns.add_planversion")
def compute(request: HttpRequest, area: str) -> HttpResponse:
    """The one button: keep the brief, ask for a plan, show how far it is."""
    place = get_object_or_404(Area, slug=area)
    campaign = brief_asked_for(request, place)
    wanted = marks.read(request.POST, place)
    form = BriefForm(request.POST, instance=campaign, area=place)
    if not form.is_valid():
        saved = Campaign.objects.filter(pk=campaign.pk).first() if campaign.pk else None
        latest = saved.plans.first() if saved else None
        return _bench(request, place, saved, latest, form=form, wanted=wanted, status=422)
    with transaction.atomic():
        saved = form.save(commit=False)
        if saved.created_by_id is None:
            saved.created_by = request.user
        saved.save()
        if wanted is not None:
            marks.keep(saved, wanted)
        _ask_for_plan(saved, request.user)
    return redirect(f"{reverse('campaigns:area', args=[place.slug])}?campaign={saved.pk}#main")


def brief_asked_for(request: HttpRequest, area: Area) -> Campaign:
    """The saved brief that a form names, else a new one."""
    wanted = request.POST.get("campaign", "")
    found: Campaign = get_object_or_404(area.campaigns, pk=int(wanted)) if wanted.isdecimal() else new_brief(area)
    return found


@require_POST
@planners_only("campaigns.add_planversion")
def compute_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """The same button on the admin's first page: plan a brief as it stands."""
    campaign = get_object_or_404(Campaign.objects.select_related("area"), pk=pk)
    _ask_for_plan(campaign, request.user)
    return redirect(f"{reverse('campaigns:area', args=[campaign.area.slug])}?campaign={campaign.pk}#main")


@require_POST
@planners_only("campaigns.change_campaign")
def mark(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """Lock a picked placement, exclude it, or let it be free again; takes effect in the next plan."""
    found = get_object_or_404(PlanVersion.objects.select_related("campaign"), pk=pk)
    pick = get_object_or_404(found.picks.select_related("placement"), order=order)
    wish = request.POST.get("wish", "")
    marks.mark(found.campaign, pick.placement, wish)
    messages.success(request, say_mark(pick.name, wish) + _("Compute again to see the difference."))
    return redirect(f"{found.get_absolute_url()}#pick-{order}")


def say_mark(name: str, wish: str) -> str:
    said = {"lock": _("%(name)s is locked."), "exclude": _("%(name)s is excluded.")}
    return said.get(wish, _("%(name)s is free again.")) % {"name": name}


def _ask_for_plan(campaign: Campaign, user: Any) -> Job:
    return enqueue("campaigns.plan", {"campaign": campaign.pk, "user": user.pk}, key=plan_key(campaign), user=user)


def _bench(
    request: HttpRequest,
    area: Area,
    campaign: Campaign | None,
    plan: PlanVersion | None,
    *,
    form: BriefForm | None = None,
    wanted: Marks | None = None,
    status: int = 200,
) -> HttpResponse:
    job = Job.objects.filter(key=plan_key(campaign)).order_by("-created_at").first() if campaign else None
    working = job if job is not None and job.is_open else None
    # A failure is news only until a plan made after it.
    failed = job if job is not None and job.state == Job.State.FAILED else None
    if failed and plan and failed.finished_at and plan.created_at > failed.finished_at:
        failed = None
    on_sale = area.placements.filter(is_active=True)
    wanted = wanted or (saved_marks(campaign) if campaign else Marks())
    context = {
        "marks": wanted,
        "differs": plan is not None and _marks_of(plan) != wanted,
        "step": "plan",
        "area": area,
        "areas": areas(),
        "campaign": campaign,
        "campaigns": area.campaigns.all()[:20],
        "form": form or BriefForm(instance=campaign or new_brief(area), area=area),
        "formats": [(choice, on_sale.filter(format=choice).count()) for choice in Format],
        "plan": plan,
        "job": working,
        "failed_job": failed,
        **(plan_context(plan) if plan else {}),
    }
    return render(request, "campaigns/bench.html", context, status=status)


def _marks_of(plan: PlanVersion) -> Marks:
    """What was locked and excluded when a plan was made, of what is still there."""
    keys = dict(Placement.objects.filter(area=plan.campaign.area).values_list("code", "pk"))
    return Marks(
        *(frozenset(keys[code] for code in plan.parameters[name] if code in keys) for name in ("must_have", "never"))
    )


def plan_context(plan: PlanVersion) -> dict[str, Any]:
    """What both the workbench and the report say about a plan."""
    picks = list(plan.picks.select_related("placement").all())
    campaign = plan.campaign
    locked = set(campaign.must_have.values_list("pk", flat=True))
    never = set(campaign.never.values_list("pk", flat=True))
    budget = campaign.budget_cny.__class__(plan.parameters["budget_cny"])
    return {
        "picks": picks,
        "first_picks": picks[:SHOWN_PICKS],
        "more_picks": picks[SHOWN_PICKS:],
        "more_cost": sum((pick.cost_cny for pick in picks[SHOWN_PICKS:]), start=budget * 0),
        "locked": locked,
        "never": never,
        "budget_left": budget - plan.cost_cny,
        "certificate": explain.certificate(plan),
        "curve": explain.curve(plan, picks),
        "weighted": explain.is_weighted(plan),
        "approved": plan_is_approved(plan),
        "makers": {maker.pk for maker in plan_makers(plan)},
        "approvals": approvals_of(plan, sha256=plan.sha256),
        "bookings": Booking.objects.filter(plan=plan, state=Booking.State.BOOKED).count(),
        "held": _held(plan),
        "versions": campaign.plans.all()[:10],
    }


def _held(plan: PlanVersion) -> dict[str, Any] | None:
    """How many placements are held for the plan, and until when the first of them is; None for none."""
    found = (
        Booking.objects.live()
        .filter(plan=plan, state=Booking.State.HOLD)
        .aggregate(n=Count("pk"), until=Min("held_until"))
    )
    return found if found["n"] else None
