"""Writing and checking the trail: who did what, to what, and whether it was let through."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest
from django.utils import timezone

from trust.accounts.addresses import client_address
from trust.chain import (
    GENESIS,
    Break,
    Fault,
    Link,
    append_head,
    audit_key,
    find_breaks,
    read_heads,
    read_segments,
    seal,
)
from trust.models import AuditEvent

Outcome = AuditEvent.Outcome
LOCK = 0x50554641  # "PUFA": PostgreSQL's advisory lock for the end of the chain


@dataclass
class Boundary:
    """A stretch of work whose refusals outlive its rollback."""

    request: HttpRequest | None = None
    waiting: list[dict[str, Any]] = field(default_factory=list)
    recorded: int = 0  # events so far, so that a general note is not made of what was noted in particular


class Named(NamedTuple):
    """What an event concerns, where the object itself is not at hand or no longer exists."""

    kind: str  # app.model
    key: str
    name: str


_boundary: ContextVar[Boundary | None] = ContextVar("trust_boundary", default=None)


@contextlib.contextmanager
def boundary(request: HttpRequest | None = None) -> Iterator[None]:
    """Hold refusals and failures that happen inside a transaction, and write them once it has ended.

    A refusal raises, so that the transaction around it rolls back; the trail must keep it all the same.
    """
    current = Boundary(request)
    token = _boundary.set(current)
    try:
        yield
    finally:
        _boundary.reset(token)
        for values in current.waiting:
            _append(values)


def current_request() -> HttpRequest | None:
    """The request whose work this is; None in a command, a job or a test."""
    current = _boundary.get()
    return current.request if current else None


def record(
    action: str,
    *,
    actor: Any = None,
    subject: models.Model | Named | None = None,
    outcome: str = Outcome.ALLOWED,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one event to the trail.

    What was allowed commits or rolls back with the deed. What was refused or failed is kept either way, inside a
    `boundary` (every request, command and job has one). Without `actor` the person of the current request is meant.
    """
    current = _boundary.get()
    request = current.request if current else None
    if actor is None and request is not None:
        actor = getattr(request, "user", None)
    if current is not None:
        current.recorded += 1
    if isinstance(subject, models.Model):
        subject = Named(subject._meta.label_lower, str(subject.pk), str(subject))
    known = actor is not None and getattr(actor, "is_authenticated", False)
    values = {
        "happened_at": timezone.now(),
        "action": action,
        "outcome": str(outcome),
        "actor_id": actor.pk if known else None,
        "actor_name": actor.get_username() if known else "",
        "address": client_address(request) or None if request is not None else None,
        "subject_type": subject.kind if subject is not None else "",
        "subject_id": subject.key if subject is not None else "",
        "subject_name": subject.name[:200] if subject is not None else "",
        "detail": detail or {},
    }
    if outcome != Outcome.ALLOWED and current is not None and connection.in_atomic_block:
        current.waiting.append(values)
    else:
        _append(values)


@transaction.atomic
def _append(values: dict[str, Any]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # On SQLite the transaction took the only write lock when it began (transaction_mode=IMMEDIATE).
    last = AuditEvent.objects.order_by("-sequence").values("sequence", "mac").first() or {"sequence": 0, "mac": GENESIS}
    event = AuditEvent(sequence=last["sequence"] + 1, previous_mac=last["mac"], **values)
    event.mac = seal(audit_key(settings.KEYS_ROOT), event.previous_mac, _row(event))
    event.save()
    transaction.on_commit(lambda: append_head(settings.KEYS_ROOT, event.sequence, event.mac))


def _row(event: AuditEvent) -> dict[str, Any]:
    """What the seal covers: every column but the seals and the database's own key."""
    return {
        "sequence": event.sequence,
        "happened_at": event.happened_at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
        "action": event.action,
        "outcome": str(event.outcome),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "address": event.address,
        "subject": [event.subject_type, event.subject_id, event.subject_name],
        "detail": event.detail,
    }


def verify() -> list[Break]:
    """Every place where the trail is broken; empty for a sound one."""
    key = audit_key(settings.KEYS_ROOT)
    try:
        segments = read_segments(settings.KEYS_ROOT, key)
    except (ValueError, KeyError, TypeError):
        return [Break(1, Fault.RETIRED_ALTERED)]
    after = (segments[-1].last, segments[-1].mac) if segments else (0, GENESIS)
    events = AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000)
    return list(find_breaks(key, map(link, events), read_heads(settings.KEYS_ROOT), after))


def link(event: AuditEvent) -> Link:
    return Link(event.sequence, event.previous_mac, event.mac, _row(event))


def noted_in_this_request() -> int:
    """How many events the request, command or job has written so far."""
    current = _boundary.get()
    return current.recorded if current else 0
