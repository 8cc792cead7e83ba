"""Flights on a calendar; holding, cancelling and making good; the campaign's money."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.desk_forms import MakeGoodForm, PaymentForm
from campaigns.models import Booking, BookingConflict, Campaign, PlanVersion
from campaigns.services import schedule
from campaigns.services.booking import cancel_booking, hold_plan, make_good, release_holds
from campaigns.services.closing import plan_carried_out
from campaigns.services.exports import file_stem
from campaigns.services.ledger import ledger
from campaigns.views.access import planners_only
from campaigns.views.artwork import campaign_of, desk
from trust.audit import record


@require_safe
@planners_only("campaigns.view_booking")
def bookings(request: HttpRequest) -> HttpResponse:
    """Eight weeks as a chart, and every flight with its code and its scans; `?campaign=` shows only one campaign's."""
    wanted = request.GET.get("campaign", "")
    campaign = campaign_of(int(wanted)) if wanted.isdecimal() else None
    flights = Booking.objects.select_related("placement__area", "plan__campaign")
    if campaign is not None:
        flights = flights.filter(plan__campaign=campaign)
    live = flights.live()
    day = _day(request.GET.get("from", "")) or (campaign.starts_on if campaign is not None else timezone.localdate())
    rows = (
        flights.prefetch_related("codes")
        .annotate(scans=Sum("codes__counts__count"))
        .order_by("-starts_on", "placement__code", "pk")
    )
    drawn = schedule.chart(live.filter(starts_on__lte=day + timedelta(days=schedule.DAYS), ends_on__gte=day), day)
    context = {
        "chart": drawn,
        "earlier": drawn.first - timedelta(weeks=4),
        "later": drawn.first + timedelta(weeks=4),
        "rows": Paginator(rows, 50).get_page(request.GET.get("page")),
    }
    if campaign is not None:
        plan = plan_carried_out(campaign)
        return render(request, "campaigns/bookings.html", desk(campaign, "schedule", plan=plan, **context))
    campaigns = Campaign.objects.filter(plans__bookings__isnull=False).distinct()[:20]
    return render(request, "campaigns/bookings.html", {"step": "bookings", "campaigns": campaigns, **context})


def _day(said: str) -> date | None:
    try:
        return parse_date(said)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.change_booking")
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One flight: cancel it, or make good what was lost."""
    found = get_object_or_404(Booking.objects.select_related("placement", "plan__campaign__area", "makes_good"), pk=pk)
    form = MakeGoodForm(lost=found)
    status = 200
    if request.method == "POST":
        form = MakeGoodForm(request.POST, lost=found)
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                make_good(
                    found,
                    values["placement"],
                    (values["starts_on"], values["ends_on"]),
                    why=values["why"],
                    person=request.user,
                )
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The replacement flight is booked."))
                return redirect("campaigns:booking", pk)
        form.mark_errors()
    context = {
        "booking": found,
        "form": form,
        "made_good": found.made_good_by.select_related("placement"),
        "can_make_good": found.state == Booking.State.BOOKED and found.makes_good is None,
    }
    if found.plan is not None:
        context = desk(found.plan.campaign, "schedule", **context)
    return render(request, "campaigns/booking.html", {"step": "bookings", **context}, status=status)


@require_POST
@planners_only("campaigns.change_booking")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Booking.objects.select_related("placement"), pk=pk)
    why = request.POST.get("why", "").strip()[:200]
    if not why:
        messages.error(request, _("Say why it is cancelled."))
    elif found.state == Booking.State.CANCELLED:
        messages.error(request, _("It is cancelled already."))
    else:
        cancel_booking(found, why, request.user)
        messages.success(request, _("The flight is cancelled, its days are free again."))
    return redirect("campaigns:booking", pk)


def _plan(pk: int) -> PlanVersion:
    found: PlanVersion = get_object_or_404(PlanVersion.objects.select_related("campaign__area"), pk=pk)
    return found


@require_POST
@planners_only("campaigns.add_booking")
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    try:
        made = hold_plan(plan, request.user)
    except BookingConflict as taken:
        messages.error(request, _("Nothing was held.") + " ".join(taken.messages))
    else:
        said = ngettext("%(n)d placement is held for a week.", "%(n)d placements are held for a week.", len(made))
        messages.success(request, said % {"n": len(made)})
    return redirect(plan)


@require_POST
@planners_only("campaigns.change_booking")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    count = release_holds(plan, request.user)
    messages.success(
        request, ngettext("%(n)d placement is free again.", "%(n)d placements are free again.", count) % {"n": count}
    )
    return redirect(plan)


@require_safe
@planners_only("campaigns.view_booking")
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(pk)
    response = HttpResponse(schedule.plan_calendar(plan), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_stem(plan)}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.view_payment")
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget: granted, bound, held, paid, left; and the next payment."""
    campaign = campaign_of(pk)
    form, status = PaymentForm(initial={"paid_on": timezone.localdate()}), 200
    if request.method == "POST":
        if not request.user.has_perm("campaigns.add_payment"):
            return HttpResponse(status=403)
        form = PaymentForm(request.POST)
        form.instance.campaign, form.instance.created_by = campaign, request.user
        if form.is_valid():
            made = form.save()
            record("payment.enter", actor=request.user, subject=made, detail={"amount_cny": f"{made.amount_cny:.2f}"})
            messages.success(request, _("The payment is written down."))
            return redirect("campaigns:money", pk)
        form.mark_errors()
        status = 422
    live = (
        Booking.objects.live().filter(plan__campaign=campaign).select_related("placement").order_by("placement__code")
    )
    context = desk(
        campaign, "money", ledger=ledger(campaign), form=form, bookings=live,
        payments=campaign.payments.select_related("created_by"),
    )  # fmt: skip
    return render(request, "campaigns/money.html", context, status=status)
