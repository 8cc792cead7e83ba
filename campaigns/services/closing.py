"""The closing report: what was planned, what hung, who saw it, who scanned it, what it cost. Figures are plain JSON.

Reach that was delivered is computed anew from the contacts of the placements whose posting is proved, each for the
days of its flights; what nobody proved counts nothing.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from campaigns.models import Artwork, Booking, Campaign, Format, PlanVersion, PostingProof, ScanCount
from campaigns.models.closings import ClosingReport
from campaigns.services.artwork import artwork_is_approved
from campaigns.services.ledger import ledger
from campaigns.services.problems import fingerprint, flight_contacts, flight_of_plan
from campaigns.services.proofs import status
from geo.arrays import AreaArrays, load_area
from geo.core.audience import outcome
from geo.core.coefficients import LEVELS, Level
from geo.core.days import Flight
from media.models import PlayReport
from trust.audit import record


class NotYet(ValueError):
    """There is nothing to report on. Carries a sentence for the person."""


def plan_carried_out(campaign: Campaign) -> PlanVersion | None:
    """The latest plan of a campaign that was booked."""
    booked = Booking.objects.filter(state=Booking.State.BOOKED, plan__campaign=campaign)
    return campaign.plans.filter(pk__in=booked.values("plan")).order_by("-number").first()


def figures(plan: PlanVersion) -> dict[str, Any]:
    """Every figure of the report of a booked plan. Shares are 0 to 1, money is yuan as text with two decimals."""
    bookings = list(
        plan.bookings.filter(state=Booking.State.BOOKED)
        .select_related("placement__stop", "placement__line", "placement__area")
        .prefetch_related("proofs", "codes")
        .order_by("placement__format", "placement__code", "starts_on")
    )
    if not bookings:
        raise NotYet(_("Nothing of this campaign was booked."))
    scans = _scans(bookings)
    rows = [_row(booking, scans.get(booking.pk, 0)) for booking in bookings]
    proved = [booking for booking, row in zip(bookings, rows, strict=True) if row["posted"] == "proved"]
    delivered = _delivered(plan, proved)
    money = ledger(plan.campaign)
    central = delivered["central"]
    cost = float(money.committed)
    return {
        "planned": {
            "reach_low": plan.reach_low,
            "reach": plan.reach,
            "reach_high": plan.reach_high,
            "impressions": plan.impressions,
            "cost_cny": f"{plan.cost_cny:.2f}",
            "placements": plan.picks.count(),
            "attained": plan.attained,
        },
        "delivered": delivered
        | {
            "reach_low": min(delivered[level]["reach"] for level in LEVELS),
            "reach_high": max(delivered[level]["reach"] for level in LEVELS),
            "flights": len(bookings),
            "posted": len(proved),
            "taken_down": sum(row["taken_down"] == "proved" for row in rows),
            "made_good_days": sum(booking.days for booking in bookings if booking.makes_good_id is not None),
        },
        "scans": {
            "total": sum(row["scans"] for row in rows),
            "per_thousand_reached": _ratio(1000 * sum(row["scans"] for row in rows), central["reached_persons"]),
        },
        "plays": _plays(plan, bookings),
        "money": {
            "budget_cny": f"{money.budget:.2f}",
            "committed_cny": f"{money.committed:.2f}",
            "paid_cny": f"{money.paid:.2f}",
            "per_reach_point_cny": _ratio(cost, 100 * central["reach"]),
            "per_thousand_impressions_cny": _ratio(1000 * cost, central["impressions"]),
            "per_scan_cny": _ratio(cost, sum(row["scans"] for row in rows)),
        },
        "rows": rows,
    }


def _ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def _row(booking: Booking, scans: int) -> dict[str, Any]:
    proofs = list(booking.proofs.all())
    return {
        "placement": booking.placement.name,
        "code": booking.placement.code,
        "format": str(Format(booking.placement.format).label),
        "starts_on": booking.starts_on.isoformat(),
        "ends_on": booking.ends_on.isoformat(),
        "cost_cny": f"{booking.price_cny:.2f}",
        "makes_good": booking.makes_good_id is not None,
        "posted": status(proofs, PostingProof.Deed.POSTING),
        "taken_down": status(proofs, PostingProof.Deed.TAKE_DOWN),
        "ad_codes": [code.code for code in booking.codes.all()],
        "scans": scans,
    }


def _scans(bookings: Sequence[Booking]) -> dict[int, int]:
    counted = (
        ScanCount.objects.filter(code__booking__in=bookings)
        .values("code__booking")
        .annotate(scans=Sum("count"))
        .order_by()
    )
    return {row["code__booking"]: row["scans"] for row in counted}


def _delivered(plan: PlanVersion, proved: Sequence[Booking]) -> dict[str, Any]:
    """Outcome at the three levels of what is proved, and whether people or buses have changed since the plan."""
    arrays = load_area(plan.campaign.area)
    flight = flight_of_plan(plan.parameters)
    shown: dict[str, Any] = {}
    for level in LEVELS:
        summed, persons = _contacts(proved, arrays, flight, level)
        found = outcome(summed, persons, population=plan.parameters["population"])
        shown[level] = {
            "reach": found.reach,
            "reached_persons": found.reached_persons,
            "impressions": found.impressions,
            "frequency": found.frequency,
            "reach_3plus": found.reach_3plus,
        }
    return shown | {"inputs_changed": _data_changed(plan, arrays, flight)}


def _contacts(
    proved: Sequence[Booking], arrays: AreaArrays, flight: Flight, level: Level
) -> tuple[np.ndarray, np.ndarray]:
    """Λ per hotspot, shape (hotspots,), and the persons. A flight of other length counts by its share of the plan's."""
    contacts, persons = flight_contacts([booking.placement for booking in proved], arrays, flight, level)
    shares = np.array([booking.days / flight.days for booking in proved], dtype=float)
    summed = contacts.T @ shares if len(proved) else np.zeros(len(arrays.hotspots))
    return np.asarray(summed).ravel(), persons


def _data_changed(plan: PlanVersion, arrays: AreaArrays, flight: Flight) -> bool:
    """Whether the same picks would be given another reach today: then delivered and planned compare badly."""
    picks = [pick.placement for pick in plan.picks.select_related("placement__stop", "placement__line")]
    on_street = [place for place in picks if place.stop_id or place.line_id]
    if len(on_street) != len(picks):
        return True
    contacts, persons = flight_contacts(picks, arrays, flight, "central")
    summed: np.ndarray = np.asarray(contacts.sum(axis=0)).ravel()
    return abs(outcome(summed, persons).reach - plan.reach) > 1e-6


def _plays(plan: PlanVersion, bookings: Sequence[Booking]) -> dict[str, int] | None:
    """What the bus company reported of the campaign's approved cuts during its screens' flights; None without any."""
    screens = [booking for booking in bookings if booking.placement.format == Format.SCREEN]
    artworks = Artwork.objects.filter(campaign=plan.campaign, format=Format.SCREEN).select_related("cut")
    cuts = {artwork.cut_id for artwork in artworks if artwork_is_approved(artwork)}
    if not screens or not cuts:
        return None
    found = PlayReport.objects.filter(
        cut__in=cuts,
        day__gte=min(booking.starts_on for booking in screens),
        day__lte=max(booking.ends_on for booking in screens),
    )
    return {
        "plays": found.aggregate(sum=Sum("plays"))["sum"] or 0,
        "vehicles": found.order_by().values("vehicle").distinct().count(),
        "days": found.order_by().values("day").distinct().count(),
    }


@transaction.atomic
def close(plan: PlanVersion, lessons: str, person: Any) -> ClosingReport:
    """Keep the figures as they are now, with what was learnt. Raises NotYet."""
    if not lessons.strip():
        raise NotYet(_("Write down what was learnt."))
    found = figures(plan)
    made = ClosingReport(plan=plan, figures=found, lessons=lessons.strip(), created_by=person)
    made.sha256 = fingerprint({"plan": plan.sha256, "figures": found, "lessons": made.lessons})
    made.save()
    record("campaign.close", actor=person, subject=plan, detail={"sha256": made.sha256})
    return made
