"""The rules of a round of review: who made it, who may sign, what is signed, and when it may be published."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail.models import Revision
from wagtail.signals import published

from editorial import gate
from editorial.checks import checked
from editorial.digest import digest
from editorial.findings import Finding, Level
from editorial.models import ANONYMISED, REVIEW_STEPS, Release, ReviewTaskState, approval_step
from lawbook.models import Explanation, GlossaryTerm
from lawbook.signing import sign
from pages.models import ContentPage
from trust.approvals import AlreadyApproved, OwnWork, approvals_of, approve
from trust.audit import Outcome, current_request, record


class NotReady(PermissionDenied):
    """Something is missing before this step: a tick-mark, a signature, or a check that stops it."""


def makers_of(subject: Any, workflow_state: Any = None) -> list[Any]:
    """Everybody who wrote or changed it since it was last published, and who asked for the review."""
    revisions = subject.revisions.exclude(user=None).select_related("user").order_by("pk")
    if subject.live and subject.live_revision_id:
        revisions = revisions.filter(pk__gt=subject.live_revision_id)
    elif subject.last_published_at:
        revisions = revisions.filter(created_at__gt=subject.last_published_at)
    people = {revision.user_id: revision.user for revision in revisions}
    if not subject.last_published_at and getattr(subject, "owner", None) is not None:
        people.setdefault(subject.owner_id, subject.owner)
    if workflow_state is not None and workflow_state.requested_by is not None:
        people.setdefault(workflow_state.requested_by_id, workflow_state.requested_by)
    return list(people.values())


def round_key(workflow_state: Any) -> str:
    return f"round:{workflow_state.pk}"


def signed_digest(workflow_state: Any, revision: Revision) -> str:
    return digest(revision.content, round_key(workflow_state))


def needs_anonymising(subject: Any) -> bool:
    """Case stories: somebody other than the writer says that nobody can be recognised in it."""
    return isinstance(subject, ContentPage) and subject.kind == ContentPage.Kind.CASE


def blocking(subject: Any) -> list[Finding]:
    return [finding for finding in checked(subject) if finding.level is Level.BLOCK]


def specific(subject: Any) -> Any:
    return getattr(subject, "specific", subject)


def refuse_what_is_blocked(workflow_state: Any, user: Any) -> None:
    """At submission: nothing that leaks a number or uses a retired term reaches a reviewer."""
    revision = workflow_state.content_object.get_latest_revision()
    if revision is None:
        raise NotReady(_("Save it first: a review is of a saved version."))
    found = blocking(revision.as_object())
    if found:
        _refuse(revision.as_object(), user, "blocked", _blocked_words(found), findings=[hit.code for hit in found])


def _blocked_words(found: list[Finding]) -> str:
    first = "；".join(f"{hit.where}：{hit.message}" + (f"（{hit.hit}）" if hit.hit else "") for hit in found[:3])
    return _("%(count)d findings must be mended first: %(first)s") % {"count": len(found), "first": first}


def _refuse(subject: Any, user: Any, why: str, words: str, **detail: Any) -> None:
    record("review", actor=user, subject=subject, outcome=Outcome.REFUSED, detail={"why": why, **detail})
    tell(words)
    raise NotReady(words)


def tell(words: str) -> None:
    """Say it on the person's next screen: Wagtail turns denials into a sentence that explains nothing."""
    request = current_request()
    if request is not None and hasattr(request, "_messages"):
        messages.error(request, words)


@transaction.atomic
def pass_on(
    task_state: ReviewTaskState,
    user: Any,
    *,
    reviewed: bool = False,
    proofread: bool = False,
    anonymised: bool = False,
    comment: str = "",
) -> None:
    """Sign this step as reviewed and proofread; the last one publishes.

    Raises NotReady, trust.approvals.OwnWork or AlreadyApproved, each kept in the trail. Superusers are bound.
    """
    state = task_state.workflow_state
    subject = specific(state.content_object)
    task = task_state.task.specific
    stands_for = task.stands_for(user)
    if stands_for is None:
        _refuse(subject, user, "no reviewer", _("This step is done by other people."), step=task.step)
    revision = subject.get_latest_revision()
    if revision.pk != task_state.revision_id:
        _refuse(subject, user, "changed", _("It was changed during the review. Return it, so that it begins anew."))
    if not (reviewed and proofread):
        _refuse(subject, user, "no tick-marks", _("Tick both: reviewed and proofread."), step=task.step)
    if found := blocking(revision.as_object()):
        _refuse(subject, user, "blocked", _blocked_words(found), findings=[hit.code for hit in found])
    makers, sha256 = makers_of(subject, state), signed_digest(state, revision)
    step = approval_step(task.step)
    others = [other for other in REVIEW_STEPS if other != step]
    try:
        approve(subject, sha256=sha256, step=step, person=user, makers=makers, comment=comment, unless=others)
        if anonymised and needs_anonymising(subject):
            approve(subject, sha256=sha256, step=ANONYMISED, person=user, makers=makers)
    except (OwnWork, AlreadyApproved) as refusal:
        tell(str(refusal))
        raise
    if step == REVIEW_STEPS[-1] and needs_anonymising(subject) and not anonymised_by(subject, sha256):
        _refuse(subject, user, "not anonymised", _("Nobody has signed yet that this case story is anonymised."))
    task_state.reviewed, task_state.proofread = True, True
    task_state.acted_for = None if stands_for == user else stands_for
    task_state.approve(user=user, comment=comment)


def anonymised_by(subject: Any, sha256: str) -> Any:
    """Who signed that nobody can be recognised; None where nobody has."""
    found = approvals_of(subject, sha256=sha256, step=ANONYMISED).first()
    return found.person if found else None


@transaction.atomic
def send_back(task_state: ReviewTaskState, user: Any, *, comment: str = "", **unused: Any) -> None:
    """Return it with reasons. Whoever sent it in, changes it and sends it in again; the round begins anew."""
    subject = specific(task_state.workflow_state.content_object)
    if task_state.task.specific.stands_for(user) is None:
        _refuse(subject, user, "no reviewer", _("This step is done by other people."))
    if not comment.strip():
        _refuse(subject, user, "no reasons", _("Say what has to be changed."))
    task_state.reject(user=user, comment=comment)
    record("review.return", actor=user, subject=subject, detail={"step": task_state.task.specific.step})


def signatures(workflow_state: Any, revision: Revision) -> dict[str, Any]:
    """Who signed which step of this round, under these words."""
    subject = specific(workflow_state.content_object)
    found = approvals_of(subject, sha256=signed_digest(workflow_state, revision)).select_related("person")
    return {approval.step: approval.person for approval in found}


@transaction.atomic
def finish(workflow_state: Any, user: Any = None) -> None:
    """What Wagtail calls at the end of a workflow: three different people, none a maker, then publish.

    Whatever workflow came here: without these three signatures it publishes nothing.
    """
    subject = specific(workflow_state.content_object)
    revision = subject.get_latest_revision()
    signed = signatures(workflow_state, revision)
    signers = {signed[step].pk for step in REVIEW_STEPS if step in signed}
    makers = {maker.pk for maker in makers_of(subject, workflow_state)}
    if len(signers) < len(REVIEW_STEPS) or signers & makers:
        gate.refuse(subject, {"revision": revision.pk, "signatures": sorted(signed)})
    if needs_anonymising(subject) and ANONYMISED not in signed:
        gate.refuse(subject, {"revision": revision.pk, "missing": ANONYMISED})
    gate.let_through(
        subject,
        revision,
        how=Release.How.REVIEW,
        round_key=round_key(workflow_state),
        sha256=signed_digest(workflow_state, revision),
    )
    subject.publish(revision, user=user, skip_permission_checks=True)


@receiver(published)
def sign_words(instance: Any, revision: Revision, **kwargs: Any) -> None:
    """Words beside the law count as checked by whoever did the final review, once they are public: at once, or when the
    timetable says so.
    """
    if not isinstance(instance, Explanation | GlossaryTerm):
        return
    release = Release.objects.filter(revision=revision, how=Release.How.REVIEW).order_by("-pk").first()
    fresh = type(instance).objects.get(pk=instance.pk)
    if release is None or not fresh.live or fresh.signed:
        return
    final = approvals_of(fresh, sha256=release.sha256, step=REVIEW_STEPS[-1]).select_related("person").first()
    if final is not None:
        sign(fresh, final.person)
