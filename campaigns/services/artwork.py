"""Artwork comes in checked, is seen on a mock-up, and is signed by a second person by its fingerprint."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.artwork import pictures
from campaigns.artwork.checks import Problem, Verdict, check
from campaigns.artwork.specification import BODY_PANEL_MM
from campaigns.models import AdCode, Artwork, Booking, Campaign, Format, Placement
from campaigns.models.artwork import STEP
from campaigns.models.codes import new_code
from media.storage import sha256_of
from trust.approvals import approve, is_approved
from trust.audit import Outcome, record
from trust.errors import gettext_noop
from trust.models import Approval

SIDES = (gettext_noop("left"), gettext_noop("right"), gettext_noop("top"), gettext_noop("bottom"))


class Refused(ValueError):
    """The file cannot be printed as it is; carries the verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__("; ".join(sentences(verdict.problems)))


def code_url(code: str) -> str:
    """The address printed in a code: on our own host, whatever host the planner was opened under."""
    return str(settings.PUBLIC_URL) + reverse("codes:scan", args=[code])


def longest_url() -> str:
    """An address as long as any new code's."""
    return code_url(new_code())


def sentences(problems: Iterable[Problem | dict[str, str]]) -> list[str]:
    """Problems or hints as a person reads them."""
    return [_sentence(problem if isinstance(problem, Problem) else Problem(**problem)) for problem in problems]


def _sentence(problem: Problem) -> str:
    values = {"found": problem.found, "expected": problem.expected}
    if problem.code in {"bleed", "safe"}:
        values["found"] = "、".join(str(_(name)) for name in problem.found.split())
    said = {
        "bytes": _("The file has %(found)s MB; at most %(expected)s MB are taken."),
        "unreadable": _("This is no picture that can be read. Deliver %(expected)s."),
        "type": _("The file is %(found)s; printers take %(expected)s."),
        "pixels_many": _("The picture has %(found)s pixels; at most %(expected)s are taken."),
        "pixels_few": _("The picture has %(found)s pixels; with bleed at least %(expected)s are needed."),
        "dpi_missing": _("The file does not say its resolution. Export it again with one."),
        "dpi": _("At final size it has %(found)s dpi; at least %(expected)s are needed."),
        "size": _(
            "With bleed it comes out at %(found)s mm; it should be %(expected)s mm. Check size, bleed and scale."
        ),
        "mode": _("Its colours are %(found)s; printing needs %(expected)s."),
        "code_outside": _("The code lies %(found)s mm from the cut; at least %(expected)s mm keep it off the frame."),
        "code_far": _("The code is read from %(found)s m at most; people stand %(expected)s m away. Make it larger."),
        "code_coarse": _("A module of the code gets %(found)s pixels; at least %(expected)s keep its edges sharp."),
        "bleed": _("White bleed at the %(found)s: the picture has to go %(expected)s mm beyond the cut."),
        "safe": _(
            "Much detail near the cut at the %(found)s: lettering has to stay %(expected)s mm away. Look closely."
        ),
    }
    return said[problem.code] % values


@transaction.atomic
def accept(artwork: Artwork, file: Any, person: Any) -> Artwork:
    """Check and keep a picture (`artwork` unsaved), or for screens take over an approved cut.

    Raises Refused with every problem; then nothing is kept but a line in the trail.
    """
    artwork.uploaded_by = person
    if artwork.cut is not None:  # screens; clean() saw to it that it is approved
        artwork.sha256, artwork.facts = artwork.cut.sha256, {}
        artwork.save()
        record("artwork.accept", actor=person, subject=artwork, detail={"sha256": artwork.sha256})
        return artwork
    verdict = check(file, file.size, artwork.specification, longest_url())
    if not verdict.accepted:
        record(
            "artwork.accept",
            actor=person,
            subject=artwork.campaign,
            outcome=Outcome.REFUSED,
            detail={"problems": [problem.code for problem in verdict.problems]},
        )
        raise Refused(verdict)
    file.seek(0)
    artwork.sha256, _size = sha256_of(file)
    file.seek(0)
    artwork.facts = asdict(verdict.facts) | {"hints": [asdict(hint) for hint in verdict.hints]}
    artwork.preview.save("preview.jpg", ContentFile(pictures.preview(file, artwork.specification)), save=False)
    file.seek(0)
    artwork.file.save(getattr(file, "name", "file"), File(file), save=False)
    artwork.save()
    record("artwork.accept", actor=person, subject=artwork, detail={"sha256": artwork.sha256})
    return artwork


def approve_artwork(artwork: Artwork, person: Any, comment: str = "") -> Approval:
    """Sign exactly these bytes. Raises trust's OwnWork or AlreadyApproved."""
    return approve(
        artwork, sha256=artwork.sha256, step=STEP, person=person, makers=[artwork.uploaded_by], comment=comment
    )


def artwork_is_approved(artwork: Artwork) -> bool:
    if artwork.cut is not None and not artwork.cut.approved:
        return False  # the film's cut was made anew since
    return is_approved(artwork, sha256=artwork.sha256, step=STEP)


def current_artwork(campaign: Campaign, placement: Placement) -> Artwork | None:
    """The newest approved artwork that fits a placement's format and size."""
    found = Artwork.objects.filter(campaign=campaign, format=placement.format).order_by("-uploaded_at", "-pk")
    if placement.format != Format.SCREEN:
        width, height = face_mm(placement)
        found = found.filter(width_mm=width, height_mm=height)
    return next((artwork for artwork in found if artwork_is_approved(artwork)), None)


def artwork_finder(campaign: Campaign) -> Callable[[Placement], Artwork | None]:
    """`current_artwork` for lists of placements: each format and size is looked for once."""
    found: dict[tuple[Any, ...], Artwork | None] = {}

    def find(placement: Placement) -> Artwork | None:
        face = (placement.format, *(() if placement.format == Format.SCREEN else face_mm(placement)))
        if face not in found:
            found[face] = current_artwork(campaign, placement)
        return found[face]

    return find


def face_mm(placement: Placement) -> tuple[int, int]:
    """Finished width and height of a printed placement; bodies without a size of their own get the usual panel."""
    if placement.width_m and placement.height_m:
        return round(placement.width_m * 1000), round(placement.height_m * 1000)
    return BODY_PANEL_MM


def wanted_faces(campaign: Campaign) -> list[tuple[str, int, int, int]]:
    """(format, width, height in mm, how many) that the campaign's latest plan and live bookings need artwork for."""
    latest = campaign.plans.first()
    booked = Booking.objects.live().filter(plan__campaign=campaign)
    placements = Placement.objects.filter(
        Q(pk__in=booked.values("placement")) | Q(picks__plan=latest) if latest else Q(pk__in=booked.values("placement"))
    ).distinct()
    counted: dict[tuple[str, int, int], int] = {}
    for placement in placements.order_by("format", "code"):
        size = (0, 0) if placement.format == Format.SCREEN else face_mm(placement)
        counted[(str(placement.format), *size)] = counted.get((str(placement.format), *size), 0) + 1
    return [(*face, count) for face, count in counted.items()]


def face_with_code(artwork: Artwork, code: AdCode | None) -> bytes:
    """The finished face as PNG with a code in its place: a booked placement's, or one of the same size that leads
    nowhere."""
    with artwork.preview.open("rb") as file:
        face = file.read()
    url = code_url(code.code) if code else longest_url()
    return pictures.with_code(face, float(artwork.width_mm or 1), artwork.code_box, url)
