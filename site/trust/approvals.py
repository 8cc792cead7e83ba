"""Two people, exact bytes: a signature under a digest, which nobody may give to their own work."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from trust.audit import Outcome, record
from trust.models import Approval


class OwnWork(PermissionDenied):
    """The person made or changed what they were about to sign."""


class AlreadyApproved(PermissionDenied):
    """The person has signed these bytes at this step, or at another step of the same review."""


def approvals_of(subject: models.Model, *, sha256: str, step: str | None = None) -> models.QuerySet[Approval]:
    """Signatures under exactly these bytes of `subject`, oldest first."""
    found = Approval.objects.filter(
        content_type=ContentType.objects.get_for_model(subject), object_id=str(subject.pk), sha256=sha256
    )
    return found.filter(step=step) if step else found


def is_approved(subject: models.Model, *, sha256: str, step: str, needed: int = 1) -> bool:
    """Whether at least `needed` different people signed exactly these bytes."""
    return approvals_of(subject, sha256=sha256, step=step).values("person").distinct().count() >= needed


def approve(
    subject: models.Model,
    *,
    sha256: str,
    step: str,
    person: Any,
    makers: Iterable[Any],
    comment: str = "",
    unless: Iterable[str] = (),
) -> Approval:
    """Sign `sha256` of `subject` at `step` as `person`.

    `unless` names other steps of the same review: whoever signed these bytes there has had their turn.

    Raises
    ------
    OwnWork
        `person` is among `makers`. Superusers are bound like everybody.
    AlreadyApproved
        `person` has signed these bytes at this step, or at one of `unless`.

    Both refusals are kept in the trail, even where the caller's transaction rolls back.
    """
    detail = {"step": step, "sha256": sha256}
    if any(maker is not None and maker.pk == person.pk for maker in makers):
        record("approval", actor=person, subject=subject, outcome=Outcome.REFUSED, detail=detail | {"why": "own work"})
        raise OwnWork(_("You cannot approve what you made or changed yourself. Ask a second person."))
    if approvals_of(subject, sha256=sha256).filter(person=person, step__in=list(unless)).exists():
        record("approval", actor=person, subject=subject, outcome=Outcome.REFUSED, detail=detail | {"why": "twice"})
        raise AlreadyApproved(_("You have signed this version at another step. Each step takes another person."))
    try:
        with transaction.atomic():
            approval = Approval.objects.create(
                content_type=ContentType.objects.get_for_model(subject),
                object_id=str(subject.pk),
                sha256=sha256,
                step=step,
                person=person,
                comment=comment,
            )
    except IntegrityError as error:
        record("approval", actor=person, subject=subject, outcome=Outcome.REFUSED, detail=detail | {"why": "twice"})
        raise AlreadyApproved(_("You have already approved this version.")) from error
    record("approval", actor=person, subject=subject, detail=detail)
    return approval
