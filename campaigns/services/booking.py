"""A plan is held, approved by a second person, then booked: all of its placements or none. What fails is made good."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import AdCode, Booking, Placement, PlanVersion
from trust.approvals import approve, is_approved
from trust.audit import record
from trust.models import Approval

STEP = "campaign_plan"
HOLD_DAYS = 7


class NotApproved(ValueError):
    """Nobody but its maker has looked at the plan. Carries a sentence for the person."""


def approve_plan(plan: PlanVersion, person: Any, comment: str = "") -> Approval:
    """Sign exactly this plan. Raises trust's OwnWork or AlreadyApproved, after recording the refusal."""
    return approve(
        plan,
        sha256=plan.sha256,
        step=STEP,
        person=person,
        makers=plan_makers(plan),
        comment=comment,
    )


def plan_makers(plan: PlanVersion) -> list[Any]:
    """Who wrote the brief and who had it computed: they may not approve it."""
    return [maker for maker in (plan.created_by, plan.campaign.created_by) if maker is not None]


def plan_is_approved(plan: PlanVersion) -> bool:
    return is_approved(plan, sha256=plan.sha256, step=STEP)


@transaction.atomic
def hold_plan(plan: PlanVersion, person: Any, *, until: datetime | None = None) -> list[Booking]:
    """Keep every pick of a plan from others until `until` (in a week), before anybody has approved it.

    What is held already for the plan's campaign is held on. Raises BookingConflict; then nothing is held.
    """
    until = until or timezone.now() + timedelta(days=HOLD_DAYS)
    made = []
    for pick in plan.picks.select_related("placement").order_by("placement"):
        booking = _live_booking(plan, pick.placement)
        if booking is not None and booking.state == Booking.State.BOOKED:
            continue
        booking = booking or _new_booking(plan, pick.placement, person)
        booking.cost_cny, booking.held_until = pick.cost_cny, until
        booking.save()
        made.append(booking)
    if made:
        record("campaign.hold", actor=person, subject=plan, detail={"placements": len(made)})
    return made


@transaction.atomic
def book_plan(plan: PlanVersion, person: Any) -> list[Booking]:
    """Book every pick of an approved plan for its flight, with a code for each ad; a second call adds nothing.

    A hold of the plan becomes its booking. Raises NotApproved, or BookingConflict where something was taken
    meanwhile: then nothing is booked.
    """
    if not plan_is_approved(plan):
        raise NotApproved(_("A second person has to approve this plan before it is booked."))
    made = []
    for pick in plan.picks.select_related("placement").order_by("placement"):
        booking = _live_booking(plan, pick.placement)
        if booking is not None and booking.state == Booking.State.BOOKED:
            continue
        booking = booking or _new_booking(plan, pick.placement, person)
        booking.state, booking.held_until, booking.cost_cny = Booking.State.BOOKED, None, pick.cost_cny
        booking.save()
        AdCode.objects.create(placement=pick.placement, booking=booking, landing_page=plan.campaign.landing_page)
        made.append(booking)
    if made:
        record("campaign.book", actor=person, subject=plan, detail={"placements": len(made), "sha256": plan.sha256})
    return made


@transaction.atomic
def release_holds(plan: PlanVersion, person: Any) -> int:
    """Give back what is held for a plan. Returns how many placements."""
    held = list(Booking.objects.live().filter(plan=plan, state=Booking.State.HOLD))
    for booking in held:
        booking.state = Booking.State.CANCELLED
        booking.save()
    if held:
        record("campaign.release", actor=person, subject=plan, detail={"placements": len(held)})
    return len(held)


@transaction.atomic
def cancel_booking(booking: Booking, why: str, person: Any) -> None:
    """Free a flight's days; its code goes on leading to the page, for whoever still stands before the ad."""
    booking.state, booking.note = Booking.State.CANCELLED, why
    booking.save()
    record("booking.cancel", actor=person, subject=booking, detail={"why": why})


@transaction.atomic
def make_good(lost: Booking, placement: Placement, flight: tuple[date, date], *, why: str, person: Any) -> Booking:
    """Another flight for days that a booked one did not hang, free of charge, with a code of its own.

    Raises ValidationError where it does not fit the loss: another area, another format, more days than were bought
    and not yet made good, or `why` missing. BookingConflict where the days are taken.
    """
    first, last = flight
    if lost.state != Booking.State.BOOKED or lost.makes_good_id is not None:
        raise ValidationError(_("Only a booked flight that was paid for can be made good."))
    if not why.strip():
        raise ValidationError(_("Say what was lost, and why."))
    if placement.area_id != lost.placement.area_id or placement.format != lost.placement.format:
        raise ValidationError(_("It has to be made good in the same area and format."))
    if last < first:
        raise ValidationError(_("Take-down is before posting."))
    before = sum(made.days for made in Booking.objects.live().filter(makes_good=lost))
    if before + (last - first).days + 1 > lost.days:
        raise ValidationError(
            _("%(n)d days were bought; %(made)d are made good already.") % {"n": lost.days, "made": before}
        )
    booking = Booking(
        placement=placement, plan=lost.plan, starts_on=first, ends_on=last, state=Booking.State.BOOKED,
        makes_good=lost, note=why.strip(), crew=lost.crew, created_by=person,
    )  # fmt: skip
    booking.save()
    code = lost.codes.first()
    AdCode.objects.create(
        placement=placement,
        booking=booking,
        landing_page=code.landing_page if code else None,
        landing_path=code.landing_path if code else "",
    )
    record("booking.make_good", actor=person, subject=booking, detail={"lost": lost.pk, "why": booking.note})
    return booking


def _live_booking(plan: PlanVersion, placement: Placement) -> Booking | None:
    """The plan's own booking or hold of a placement; making good for another is not it."""
    return (
        Booking.objects.live()
        .select_related("placement")
        .filter(plan=plan, placement=placement, makes_good__isnull=True)
        .first()
    )


def _new_booking(plan: PlanVersion, placement: Placement, person: Any) -> Booking:
    return Booking(
        placement=placement,
        plan=plan,
        starts_on=date.fromisoformat(plan.parameters["starts_on"]),
        ends_on=date.fromisoformat(plan.parameters["ends_on"]),
        state=Booking.State.HOLD,
        created_by=person,
    )
