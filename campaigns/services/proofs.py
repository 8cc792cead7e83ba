"""Photos of posting and take-down: kept untouched, judged by time and place, and where these are missing by eye."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.artwork import photos, pictures
from campaigns.artwork.photos import NoPhoto
from campaigns.models import Booking, CrewLink, Format, PostingProof
from campaigns.models.proofs import STEP
from geo.models import Route
from media.storage import sha256_of
from trust.approvals import approve
from trust.audit import Outcome, record

SHOWN_PX = 1600
SHELTER_TOLERANCE_M = 150.0  # a phone between buildings errs by tens of metres, the network's stops by as much
LINE_TOLERANCE_M = 500.0  # buses are wrapped and seen along their way; depots lie off it and go to a person
EARLY = timedelta(days=3)  # shelters are posted in the nights before the first day
LATE = timedelta(days=3)
FUTURE = timedelta(minutes=10)
MOST_BY_LINK = 30  # photos of one placement: a link that got about must not fill the disk

Source, State, Deed = PostingProof.Source, PostingProof.State, PostingProof.Deed


class PhotoRefused(ValueError):
    """Nothing was kept. Carries a sentence for the crew."""


@transaction.atomic
def take_proof(
    booking: Booking,
    deed: str,
    file: Any,
    person: Any,
    *,
    link: CrewLink | None = None,
    phone_place: tuple[float, float] | None = None,
    comment: str = "",
) -> PostingProof:
    """Keep a photo and judge it. `phone_place` (lat, lon) is what the phone gave with its owner's consent.

    It comes from a `person` of the staff, or from whoever holds a `link`: then `person` is None.

    Raises PhotoRefused where the file is no photo or has been sent in before, or where a link sends too many; never
    for a missing time or place.
    """
    now = timezone.now()
    if link is not None and booking.proofs.filter(crew_link=link).count() >= MOST_BY_LINK:
        raise PhotoRefused(_("%(n)d photos of this placement are here already. Ask the office.") % {"n": MOST_BY_LINK})
    try:
        facts = photos.read(file, file.size, timezone.get_default_timezone())
        shown = pictures.stripped(file, SHOWN_PX)
    except NoPhoto as error:
        raise PhotoRefused(_why_no_photo(error.code)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise PhotoRefused(_why_no_photo("unreadable")) from error
    file.seek(0)
    sha256, _size = sha256_of(file)
    if PostingProof.objects.filter(sha256=sha256).exists():
        record("proof.send", actor=person, subject=booking, outcome=Outcome.REFUSED, detail={"sha256": sha256})
        raise PhotoRefused(_("This very photo has been sent in before. Take a new one."))
    proof = PostingProof(
        booking=booking, deed=deed, sha256=sha256, comment=comment[:200], uploaded_by=person, crew_link=link
    )
    proof.taken_at, proof.time_source = facts.taken_at, Source.PHOTO if facts.taken_at else Source.NONE
    proof.lat, proof.lon, proof.place_source = facts.lat, facts.lon, Source.PHOTO
    if facts.lat is None:
        proof.lat, proof.lon = phone_place or (None, None)
        proof.place_source = Source.PHONE if phone_place else Source.NONE
        if phone_place and facts.taken_at is None:
            proof.taken_at, proof.time_source = now, Source.PHONE
    proof.distance_m = distance(booking, proof.lat, proof.lon)
    proof.doubts = doubts(proof, now)
    proof.state = State.WAITING if proof.doubts else State.PROVED
    proof.shown.save("shown.jpg", ContentFile(shown), save=False)
    file.seek(0)
    kind = "heic" if facts.kind == "HEIF" else "jpg"
    proof.original.save(f"original.{kind}", File(file), save=False)
    proof.save()
    detail = {"sha256": sha256, "deed": deed, "doubts": proof.doubts} | ({"crew_link": link.pk} if link else {})
    record("proof.send", actor=person, subject=booking, detail=detail)
    return proof


def _why_no_photo(code: str) -> str:
    return {
        "bytes": _("The photo is larger than %(n)d MB.") % {"n": photos.MOST_BYTES >> 20},
        "type": _("Send a photo as JPEG or HEIC."),
        "pixels": _("The photo has too many pixels. Take it in the phone's usual size."),
        "unreadable": _("This file is no photo that can be read. Take it again."),
    }[code]


def distance(booking: Booking, lat: float | None, lon: float | None) -> float | None:
    """Metres from a place to the shelter or to the nearest way of the line; None where either is not known."""
    if lat is None or lon is None:
        return None
    placement = booking.placement
    if placement.stop is not None:
        return photos.metres_between(lat, lon, [(placement.stop.lon, placement.stop.lat)])
    ways = Route.objects.filter(line=placement.line_id).values_list("path", flat=True) if placement.line_id else []
    found = [photos.metres_between(lat, lon, [(point[0], point[1]) for point in way]) for way in ways]
    return min((metres for metres in found if metres is not None), default=None)


def tolerance_m(booking: Booking) -> float:
    return SHELTER_TOLERANCE_M if booking.placement.format == Format.SHELTER else LINE_TOLERANCE_M


def doubts(proof: PostingProof, now: datetime) -> list[str]:
    """Names of what a person has to look at; empty where time and place speak for themselves."""
    found = []
    if proof.distance_m is None:
        found.append("no_place")
    elif proof.distance_m > tolerance_m(proof.booking):
        found.append("far")
    if proof.taken_at is None:
        found.append("no_time")
        return found
    day = timezone.localtime(proof.taken_at).date()
    first, last = proof.booking.starts_on, proof.booking.ends_on
    if proof.taken_at > now + FUTURE:
        found.append("future")
    elif proof.deed == Deed.POSTING and not first - EARLY <= day <= last:
        found.append("not_in_flight")
    elif proof.deed == Deed.TAKE_DOWN and not last <= day <= last + LATE:
        found.append("not_at_end")
    return found


def say_doubts(proof: PostingProof) -> list[str]:
    said = {
        "no_place": _("The photo does not say where it was taken."),
        "far": _("Taken %(metres).0f m away; up to %(tolerance).0f m are usual.")
        % {"metres": proof.distance_m or 0, "tolerance": tolerance_m(proof.booking)},
        "no_time": _("The photo does not say when it was taken."),
        "future": _("By its own clock the photo was taken in the future."),
        "not_in_flight": _("Not taken during the flight."),
        "not_at_end": _("Not taken at the end of the flight."),
    }
    return [said[name] for name in proof.doubts]


@transaction.atomic
def judge(proof: PostingProof, person: Any, *, confirmed: bool) -> None:
    """人工核验: a second person's eyes. Raises trust's OwnWork or AlreadyApproved; a rejected photo is kept too."""
    if confirmed:
        approve(proof, sha256=proof.sha256, step=STEP, person=person, makers=proof.senders)
    else:
        record("proof.reject", actor=person, subject=proof, detail={"sha256": proof.sha256})
    proof.state = State.CONFIRMED if confirmed else State.REJECTED
    proof.save(update_fields=["state"])


def status(proofs: Iterable[PostingProof], deed: str = Deed.POSTING) -> str:
    """`proved`, `waiting`, `rejected` or `missing` for one booking and deed: the best of its photos counts."""
    states = {proof.state for proof in proofs if proof.deed == deed}
    if states & {State.PROVED, State.CONFIRMED}:
        return "proved"
    if State.WAITING in states:
        return "waiting"
    return "rejected" if State.REJECTED in states else "missing"


def status_label(name: str) -> str:
    return {
        "proved": _("Proved"),
        "waiting": _("Waits for a person"),
        "rejected": pgettext("of a proof of posting", "Rejected"),
        "missing": _("No photo yet"),
    }[name]
