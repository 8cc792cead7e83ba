"""What those who answer do with a message: new → being handled → answered → closed, or spam and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback.models import Message, Note
from trust.audit import record

State = Message.State
#: From which states each step may be taken.
STEPS: dict[str, frozenset[str]] = {
    "assign": frozenset({State.NEW, State.ASSIGNED}),
    "answer": frozenset({State.NEW, State.ASSIGNED, State.ANSWERED}),
    "close": frozenset({State.ANSWERED}),
    "spam": frozenset({State.NEW, State.ASSIGNED}),
    "restore": frozenset({State.SPAM}),
}


class WrongState(ValueError):
    """The step does not fit where the message stands: mostly somebody else was quicker."""


def assign(message: Message, person: Any, by: Any) -> None:
    """Give the message to `person`."""
    with _step(message, "assign") as kept:
        kept.assigned_to, kept.state = person, State.ASSIGNED
        kept.save(update_fields=["assigned_to", "state"])
        record("feedback.assign", actor=by, subject=kept, detail={"to": person.get_username()})


def answer(message: Message, text: str, by: Any) -> None:
    """Publish `text` to the holder of the receipt; a later answer takes the place of an earlier one."""
    with _step(message, "answer") as kept:
        again = kept.state == State.ANSWERED
        kept.reply, kept.replied_by, kept.replied_at, kept.state = text, by, timezone.now(), State.ANSWERED
        kept.assigned_to = kept.assigned_to or by
        kept.save(update_fields=["reply", "replied_by", "replied_at", "state", "assigned_to"])
        record("feedback.reply", actor=by, subject=kept, detail={"again": again})


def close(message: Message, by: Any) -> None:
    """Nothing more is to be done; from now on the time runs after which contact data go."""
    with _step(message, "close") as kept:
        kept.state, kept.closed_at = State.CLOSED, timezone.now()
        kept.save(update_fields=["state", "closed_at"])
        record("feedback.close", actor=by, subject=kept)


def mark_spam(message: Message, by: Any) -> None:
    with _step(message, "spam") as kept:
        kept.state = State.SPAM
        kept.save(update_fields=["state"])
        record("feedback.spam", actor=by, subject=kept)


def restore(message: Message, by: Any) -> None:
    """It was no spam after all."""
    with _step(message, "restore") as kept:
        kept.state = State.ASSIGNED if kept.assigned_to_id else State.NEW
        kept.save(update_fields=["state"])
        record("feedback.restore", actor=by, subject=kept)


def add_note(message: Message, text: str, by: Any) -> Note:
    """Something for colleagues; nothing is noted on a message that was erased."""
    with transaction.atomic():
        kept = Message.objects.select_for_update().get(pk=message.pk)
        if kept.is_erased:
            raise WrongState("note")
        note = Note.objects.create(message=kept, author=by, text=text)
        record("feedback.note", actor=by, subject=kept)
    return note


def may_take(message: Message, step: str) -> bool:
    """Whether `step` fits where the message stands."""
    return message.state in STEPS[step] and not message.is_erased


@contextmanager
def _step(message: Message, step: str) -> Iterator[Message]:
    """Hold the message's row for one step; raises WrongState where the step no longer fits."""
    with transaction.atomic():
        kept = Message.objects.select_for_update().get(pk=message.pk)
        if not may_take(kept, step):
            raise WrongState(step)
        yield kept
