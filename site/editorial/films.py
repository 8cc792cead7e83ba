"""Films go the same way: three people review exactly this picture, these captions and these words.

A film is no page, so it has no workflow of Wagtail's; its steps are signatures of `trust.approvals`, in order. A film
is asked about by `media` before it is published, and a bus cut before it is approved, through `trust.release`.
"""

import hashlib
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from editorial import gate
from editorial.checks.citations import citations_lead_somewhere
from editorial.checks.privacy import no_minor_is_named, nothing_private
from editorial.checks.terms import terms_are_right
from editorial.findings import Finding, Level, Text, gravest_first
from editorial.models import REVIEW_STEPS, ReviewTask, Step, approval_step
from editorial.review import NotReady, tell
from media.films import withdraw
from media.models import BusCut, Video
from media.signals import film_changed
from trust import release
from trust.approvals import AlreadyApproved, OwnWork, approvals_of, approve
from trust.audit import Outcome, current_request, record
from trust.release import gate as release_gate


def film_digest(video: Video) -> str:
    """SHA-256 over what visitors would see: picture by its own digest, words, and the captions that are served."""
    version = video.current_version
    served = [revision.sha256 for revision in video.served_captions()]
    words = [video.title, video.summary, version.sha256 if version else "", *served, video.no_captions_reason]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def makers_of_film(video: Video) -> list[Any]:
    """Who entered it, uploaded what plays, or wrote its captions."""
    people = [video.created_by, video.current_version.uploaded_by if video.current_version else None]
    people += [revision.author for revision in video.served_captions()]
    return [person for person in people if person is not None]


def film_signatures(video: Video) -> dict[str, Any]:
    """The signature of each step under what the film is now."""
    found = approvals_of(video, sha256=film_digest(video)).select_related("person")
    return {approval.step: approval for approval in found if approval.step in REVIEW_STEPS}


def next_step(video: Video) -> Step | None:
    """The step that waits; None when all are done."""
    return first_unsigned(film_signatures(video))


def first_unsigned(signed: Collection[str]) -> Step | None:
    """The step that waits where those of `film_signatures` are done; None when all are."""
    return next((Step(step) for step in Step.values if approval_step(step) not in signed), None)


def film_findings(video: Video) -> list[Finding]:
    """What the checks say about its words and captions."""
    texts = [Text(_("Title"), video.title), Text(_("Summary"), video.summary)]
    texts += [Text(_("Captions"), video.caption_text())]
    checks = (nothing_private, no_minor_is_named, terms_are_right, citations_lead_somewhere)
    return gravest_first(found for check in checks for found in check(video, [text for text in texts if text.words]))


def stands_for_step(step: Step, user: Any) -> Any:
    """For whom `user` may sign this step: themselves or somebody whose deputy they are."""
    for task in ReviewTask.objects.filter(step=step, active=True):
        if (person := task.stands_for(user)) is not None:
            return person
    return None


@transaction.atomic
def sign_film(video: Video, user: Any, *, reviewed: bool, proofread: bool, comment: str = "", **unused: Any) -> None:
    """Sign the step that waits. Raises NotReady, OwnWork or AlreadyApproved, each kept in the trail."""
    step = next_step(video)
    if step is None or video.current_version is None:
        _refuse(video, user, "nothing to sign", _("There is no step to sign."))
    if stands_for_step(step, user) is None:  # type: ignore[arg-type]
        _refuse(video, user, "no reviewer", _("This step is done by other people."))
    if not (reviewed and proofread):
        _refuse(video, user, "no tick-marks", _("Tick both: reviewed and proofread."))
    if any(hit.level is Level.BLOCK for hit in film_findings(video)):
        _refuse(video, user, "blocked", _("The findings must be mended first."))
    name = approval_step(step)  # type: ignore[arg-type]
    try:
        approve(
            video,
            sha256=film_digest(video),
            step=name,
            person=user,
            makers=makers_of_film(video),
            comment=comment,
            unless=[other for other in REVIEW_STEPS if other != name],
        )
    except (OwnWork, AlreadyApproved) as refusal:
        tell(str(refusal))
        raise


def _refuse(video: Video, user: Any, why: str, words: str) -> None:
    record("review", actor=user, subject=video, outcome=Outcome.REFUSED, detail={"why": why})
    tell(words)
    raise NotReady(words)


@release_gate
def three_people_reviewed_it(subject: Any) -> list[str]:
    """For `media`: a film needs its three signatures; a cut, the signatures of its film as it is now."""
    video = subject.version.video if isinstance(subject, BusCut) else subject
    if not isinstance(video, Video) or gate.open_door() is not None:
        return []
    signed = film_signatures(video)
    people = {approval.person_id for approval in signed.values()}
    if len(people) == len(REVIEW_STEPS) and not people & {maker.pk for maker in makers_of_film(video)}:
        return []
    waiting = first_unsigned(signed)
    return [
        _("The film has not passed the three reviews; now due: %(step)s.") % {"step": waiting.label if waiting else ""}
    ]


@receiver(film_changed)
def nothing_unreviewed_stays_public(video: Video, **kwargs: Any) -> None:
    """A change of a public film by a person takes it off the site until three people have reviewed what it is now.

    What the system itself made (the sample film) has no maker and stays.
    """
    if not video.published or not (missing := release.why_not(video)):
        return
    if current_request() is None and not makers_of_film(video):
        return
    withdraw(video)
    record("film.withdraw", subject=video, outcome=Outcome.REFUSED, detail={"why": "changed after its reviews"})
    tell(_("The film was changed, so it is off the site until it is reviewed again. %(why)s") % {"why": missing[0]})
