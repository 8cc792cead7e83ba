"""紧急更正: a mistake on the public site that cannot wait. Two people, a reason, and the three reviews afterwards."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import gate
from editorial.digest import digest
from editorial.models import Release, UrgentCorrection
from editorial.review import NotReady, blocking, makers_of, specific, tell
from trust.approvals import AlreadyApproved, OwnWork, approve
from trust.audit import Outcome, record

STEP = "urgent"
SHORTEST_REASON = 10


def _refuse(subject: Any, user: Any, why: str, words: str) -> None:
    record("publish.urgent", actor=user, subject=subject, outcome=Outcome.REFUSED, detail={"why": why})
    tell(words)
    raise NotReady(words)


@transaction.atomic
def ask(subject: Any, user: Any, reason: str) -> UrgentCorrection:
    """Ask for the newest draft of something that is public to replace it at once. Raises NotReady."""
    subject = specific(subject)
    if not subject.live:
        _refuse(subject, user, "not live", _("Only what is public already can be corrected urgently."))
    revision = subject.get_latest_revision()
    if revision is None or revision.pk == subject.live_revision_id:
        _refuse(subject, user, "nothing to correct", _("Save the correction as a draft first."))
    if len(reason.strip()) < SHORTEST_REASON:
        _refuse(subject, user, "no reason", _("Say in a sentence what is wrong and why it cannot wait."))
    correction = UrgentCorrection.objects.create(
        content_type=gate.base_type(subject),
        object_id=str(subject.pk),
        revision=revision,
        reason=reason.strip(),
        asked_by=user,
    )
    record("publish.urgent.ask", actor=user, subject=subject, detail={"revision": revision.pk, "reason": reason})
    return correction


@transaction.atomic
def confirm(correction: UrgentCorrection, user: Any, *, comment: str = "") -> None:
    """As the second person: it is read, proofread and right. Publishes. Raises NotReady, OwnWork."""
    subject = specific(correction.subject)
    _is_open(correction, subject, user)
    if correction.revision_id != subject.latest_revision_id:
        _refuse(subject, user, "changed", _("The draft was changed since. Ask for the correction again."))
    if found := blocking(correction.as_object()):
        _refuse(subject, user, "blocked", "；".join(f"{hit.where}：{hit.message}" for hit in found[:3]))
    sha256 = digest(correction.revision.content, correction.round_key)
    makers = [*makers_of(subject), correction.asked_by]
    try:
        approve(subject, sha256=sha256, step=STEP, person=user, makers=makers, comment=comment)
    except (OwnWork, AlreadyApproved) as refusal:
        tell(str(refusal))
        raise
    _answer(correction, user, UrgentCorrection.State.DONE, comment)
    if (state := subject.current_workflow_state) is not None:
        state.cancel(user=user)  # the round was about an earlier version
    gate.let_through(
        subject, correction.revision, how=Release.How.URGENT, round_key=correction.round_key, sha256=sha256
    )
    subject.publish(correction.revision, user=user, skip_permission_checks=True)
    record(
        "publish.urgent",
        actor=user,
        subject=subject,
        detail={"revision": correction.revision_id, "reason": correction.reason, "asked_by": correction.asked_by_id},
    )


@transaction.atomic
def decline(correction: UrgentCorrection, user: Any, *, comment: str) -> None:
    """As the second person: no. Raises NotReady."""
    subject = specific(correction.subject)
    _is_open(correction, subject, user)
    _answer(correction, user, UrgentCorrection.State.REFUSED, comment)
    record("publish.urgent.decline", actor=user, subject=subject, detail={"reason": comment})


def _is_open(correction: UrgentCorrection, subject: Any, user: Any) -> None:
    if correction.state != UrgentCorrection.State.ASKED:
        _refuse(subject, user, "answered", _("Somebody has answered it already."))
    if not user.has_perm("editorial.confirm_urgentcorrection"):
        _refuse(subject, user, "no reviewer", _("This step is done by other people."))


def _answer(correction: UrgentCorrection, user: Any, state: str, comment: str) -> None:
    correction.state, correction.answered_by, correction.answered_at = state, user, timezone.now()
    correction.answer = comment
    correction.save(update_fields=["state", "answered_by", "answered_at", "answer"])


def not_reviewed_since() -> list[UrgentCorrection]:
    """Urgent corrections that nobody has put through the three reviews afterwards, oldest first."""
    open_ones = []
    for correction in UrgentCorrection.objects.filter(state=UrgentCorrection.State.DONE).order_by("answered_at"):
        later = Release.objects.filter(
            content_type_id=correction.content_type_id,
            object_id=correction.object_id,
            how=Release.How.REVIEW,
            created_at__gt=correction.answered_at,
        )
        if correction.subject is not None and not later.exists():
            open_ones.append(correction)
    return open_ones
