"""A second person approves a plan; only then are its placements booked, all of them or none."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import AdCode, Booking, PlanVersion
from trust.approvals import approve, is_approved
from trust.audit import record
from trust.models import Approval

STEP = "campaign_plan"


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
def book_plan(plan: PlanVersion, person: Any) -> list[Booking]:
    """Book every pick of an approved plan for its flight, with a code for each ad; a second call adds nothing.

    Raises NotApproved, or BookingConflict where something was taken meanwhile: then nothing is booked.
    """
    if not plan_is_approved(plan):
        raise NotApproved(_("A second person has to approve this plan before it is booked."))
    starts_on = date.fromisoformat(plan.parameters["starts_on"])
    ends_on = date.fromisoformat(plan.parameters["ends_on"])
    made = []
    for pick in plan.picks.select_related("placement").order_by("placement"):
        live = Booking.objects.filter(plan=plan, placement=pick.placement).exclude(state=Booking.State.CANCELLED)
        if live.exists():
            continue
        booking = Booking(
            placement=pick.placement,
            plan=plan,
            starts_on=starts_on,
            ends_on=ends_on,
            state=Booking.State.BOOKED,
            created_by=person,
        )
        booking.save()
        AdCode.objects.create(placement=pick.placement, booking=booking, landing_page=plan.campaign.landing_page)
        made.append(booking)
    if made:
        record("campaign.book", actor=person, subject=plan, detail={"placements": len(made), "sha256": plan.sha256})
    return made
