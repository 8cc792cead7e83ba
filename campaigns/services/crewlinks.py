"""Links for crews without an account: made for one list, signed, ended by date or by hand, every step in the trail.

The signature comes from the site's secret key, not from the database: whoever reads a backup cannot write a link.
"""

from datetime import date, datetime, time
from typing import Any

import segno
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaigns.models import Booking, Campaign, CrewLink
from trust.audit import Outcome, record

SALT = "campaigns.crew"
MOST_DAYS = 120  # a flight of a quarter, and a month to take it down
NOTED_AGAIN_S = 3600  # a closed link that is tried over and over stands in the trail once an hour


class LinkClosed(Exception):
    """The link was good once: it has ended or was revoked. Carries the link."""

    def __init__(self, link: CrewLink) -> None:
        self.link = link
        super().__init__(str(link))


def make_link(campaign: Campaign, crew: str, deed: str, last_day: date, person: Any) -> CrewLink:
    """A link to one crew's list, good to the end of `last_day`. Raises ValidationError."""
    if not crew or not _flights(campaign, crew).exists():
        raise ValidationError(_("This crew has nothing to do in this campaign. Give it placements first."))
    today = timezone.localdate()
    if not 0 <= (last_day - today).days <= MOST_DAYS:
        raise ValidationError(_("Choose a day from today on, at most %(n)d days ahead.") % {"n": MOST_DAYS})
    ends = datetime.combine(last_day, time.max, tzinfo=timezone.get_default_timezone())
    with transaction.atomic():
        made = CrewLink.objects.create(campaign=campaign, crew=crew, deed=deed, expires_at=ends, created_by=person)
        record("crew_link.make", actor=person, subject=made, detail={"deed": deed, "last_day": str(last_day)})
    return made


@transaction.atomic
def revoke(link: CrewLink, person: Any) -> None:
    """Close a link for good; what came in by it stays."""
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    record("crew_link.revoke", actor=person, subject=link)


def token(link: CrewLink) -> str:
    return Signer(salt=SALT, sep=".").sign(str(link.pk))


def open_link(said: str) -> CrewLink | None:
    """The link of a token; None for what we never signed. Raises LinkClosed, and keeps that in the trail."""
    try:
        key = Signer(salt=SALT, sep=".").unsign(said)
    except BadSignature:
        return None
    link = CrewLink.objects.select_related("campaign__area", "created_by").filter(pk=key).first()
    if link is not None and not link.opens:
        if cache.add(f"crew-link-closed:{link.pk}", 1, NOTED_AGAIN_S):
            record("crew_link.open", subject=link, outcome=Outcome.REFUSED)
        raise LinkClosed(link)
    return link


def address(link: CrewLink) -> str:
    """The whole address, on our own host."""
    return str(settings.PUBLIC_URL) + reverse("crew:list", args=[token(link)])


def picture(link: CrewLink) -> SafeString:
    """The address as a code to scan from the screen or the printed list: inline SVG."""
    made = segno.make(address(link), error="m", micro=False)
    return mark_safe(made.svg_inline(border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S308 — drawn here


def flights(link: CrewLink) -> QuerySet[Booking]:
    """What the link opens: the crew's booked flights as they are now, not as they were when it was made."""
    return _flights(link.campaign, link.crew)


def _flights(campaign: Campaign, crew: str) -> QuerySet[Booking]:
    return Booking.objects.live().filter(plan__campaign=campaign, state=Booking.State.BOOKED, crew=crew)
