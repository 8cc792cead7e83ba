"""The one gate to the public: nothing with drafts goes live past it, whatever asked for it.

It hangs on saving, below every screen, action and interface: an object that becomes live, or shows another revision,
needs a `Release` of exactly that revision, or a door that system code has opened in so many words. A revision that is
given a time to go live needs its release then already. What is refused stays unpublished and is a line in the trail.
Taking something off the public site is not held up: it is a permission, and a line in the trail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Revision

from editorial.digest import digest
from editorial.models import Release
from trust.audit import Outcome, current_request, record


class NotReviewed(PermissionDenied):
    """It has not passed the three reviews."""


@dataclass(frozen=True)
class Door:
    """An opening for system code. One that was opened outside a request is shut inside one."""

    reason: str
    actor: Any = None
    recorded: bool = True
    request: HttpRequest | None = None


_door: ContextVar[Door | None] = ContextVar("editorial_door", default=None)


@contextmanager
def door(reason: str, *, actor: Any = None) -> Iterator[None]:
    """Let system code publish: `with door("starter site"): …`. Each thing that goes through is a line in the trail."""
    token = _door.set(Door(reason, actor, request=current_request()))
    try:
        yield
    finally:
        _door.reset(token)


def open_door() -> Door | None:
    """The door that is open here and now."""
    held = _door.get()
    return held if held is not None and held.request is current_request() else None


@receiver(pre_save)
def guard_objects(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Refuse to save what would go live, or would show another revision, without release."""
    if raw or not isinstance(instance, DraftStateMixin) or not instance.live:
        return
    before = None
    if instance.pk and not instance._state.adding:
        before = sender._base_manager.filter(pk=instance.pk).values("live", "live_revision_id").first()
    if before and before["live"] and before["live_revision_id"] == instance.live_revision_id:
        return
    pass_or_refuse(instance, instance.live_revision, goes_live=True)


@receiver(pre_save, sender=Revision)
def guard_timetable(instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """Refuse to give a revision a time to go live without release; the worker publishes it then by itself."""
    if raw or instance.approved_go_live_at is None:
        return
    before = Revision.objects.filter(pk=instance.pk).values_list("approved_go_live_at", flat=True).first()
    if before != instance.approved_go_live_at:
        pass_or_refuse(instance.content_object, instance, goes_live=False)


def pass_or_refuse(subject: Any, revision: Revision | None, *, goes_live: bool) -> None:
    """Raise NotReviewed, or note what went through."""
    detail = {"revision": revision.pk if revision else None, "scheduled": not goes_live}
    held = open_door()
    if held is not None:
        if held.recorded:
            # Before it is saved the first time it has no key yet; its name says which it is.
            record("publish", actor=held.actor, subject=subject, detail=detail | {"door": held.reason})
        return
    release = release_of(subject, revision)
    if release is None:
        refuse(subject, detail)
    if goes_live:
        Release.objects.filter(pk=release.pk).update(used_at=timezone.now())
    record("publish", subject=subject, detail=detail | {"how": release.how, "sha256": release.sha256})


def release_of(subject: Any, revision: Revision | None) -> Release | None:
    """The unused release of exactly this revision, whose words are still those that were signed."""
    if revision is None or not subject.pk:
        return None
    found = Release.objects.filter(
        content_type=base_type(subject), object_id=str(subject.pk), revision=revision, used_at=None
    ).first()
    if found is None or found.sha256 != digest(revision.content, found.round_key):
        return None
    return found


def refuse(subject: Any, detail: dict[str, Any]) -> NoReturn:
    """Note the refusal, tell the person, and stop."""
    reason = _("“%(name)s” has not passed the three reviews, so it was not published.") % {"name": subject}
    record("publish", subject=subject, outcome=Outcome.REFUSED, detail=detail | {"why": "not reviewed"})
    request = current_request()
    if request is not None and hasattr(request, "_messages"):
        messages.error(request, reason)
    raise NotReviewed(reason)


def base_type(subject: Any) -> ContentType:
    """The content type under which revisions of `subject` are kept: all pages share one."""
    if hasattr(subject, "get_base_content_type"):
        found: ContentType = subject.get_base_content_type()
        return found
    return ContentType.objects.get_for_model(subject, for_concrete_model=False)


@transaction.atomic
def let_through(subject: Any, revision: Revision, *, how: str, round_key: str, sha256: str) -> Release:
    """Note that `revision` may be published once. Only `review.finish` and `urgent.confirm` call it."""
    release, _made = Release.objects.get_or_create(
        revision=revision,
        round_key=round_key,
        defaults={
            "content_type": base_type(subject),
            "object_id": str(subject.pk),
            "how": how,
            "sha256": sha256,
        },
    )
    return release
