"""Wagtail's timetable, one thing at a time: what has expired goes off the site, what is due goes live.

Wagtail's own command does all of it in one go, so that one refusal would hold up everything behind it, twice a minute
for ever. Here a thing that is refused loses its place in the timetable and the rest goes on.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)


@dataclass
class Done:
    """How many things a run moved. Refused ones stay drafts; failed ones are tried again at the next run."""

    expired: int = 0
    published: int = 0
    refused: int = 0
    failed: int = 0


def run(check: Callable[[], None] = lambda: None) -> Done:
    """Take off what has expired, then publish what is due. `check` is called before each; what it raises ends the run.

    Who refuses (PermissionDenied) has said so in the trail already.
    """
    done = Done()
    for subject in _expired():
        check()
        if _attempt(done, subject, partial(_take_off, subject)):
            done.expired += 1
    for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at"):
        check()
        if _attempt(done, revision, partial(_publish, revision)):
            done.published += 1
    return done


def _expired() -> Iterator[Any]:
    kinds = [model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)]
    for model in [Page, *kinds]:
        yield from list(model._default_manager.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at"))


def _take_off(subject: Any) -> None:
    subject.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    revision.publish(log_action="wagtail.publish.scheduled")


def _attempt(done: Done, subject: models.Model, deed: Callable[[], None]) -> bool:
    """Do it whole or not at all; whether it was done."""
    try:
        with transaction.atomic():
            deed()
    except PermissionDenied:
        done.refused += 1
        if isinstance(subject, Revision):
            Revision.objects.filter(pk=subject.pk).update(approved_go_live_at=None)
    except Exception:
        logger.exception("The timetable could not move %s %s", subject._meta.label, subject.pk)
        done.failed += 1
    else:
        return True
    return False
