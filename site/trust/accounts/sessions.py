"""Where a person is logged in, how long they have been away, and ending it."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from trust.accounts.addresses import client_address
from trust.models import StaffSession

SEEN = "trust.seen"  # in the session: minutes since 1970 when the person last did something
NOTE_EVERY = 1  # minutes: a session is not written for every click


def this_minute() -> int:
    return int(timezone.now().timestamp() // 60)


def begin(request: HttpRequest, user: Any) -> None:
    """Note a new session of `user`."""
    session = request.session
    session[SEEN] = this_minute()
    if session.session_key is None:
        session.create()
    StaffSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "address": client_address(request) or None,
            "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
            "seen_at": timezone.now(),
        },
    )


def touch(session: Any) -> bool:
    """Note that the person is there; False where they were away for longer than `IDLE_MINUTES`."""
    now = this_minute()
    seen = session.get(SEEN)
    if seen is None or now - seen >= NOTE_EVERY:
        if seen is not None and now - seen > settings.IDLE_MINUTES:
            return False
        session[SEEN] = now
        StaffSession.objects.filter(session_key=session.session_key).update(seen_at=timezone.now())
    return True


def sessions_of(user: Any) -> list[StaffSession]:
    """Sessions of `user` that still work, the latest first; what has ended otherwise is forgotten."""
    rows = list(StaffSession.objects.filter(user=user).order_by("-seen_at"))
    alive = [row for row in rows if _store().exists(row.session_key)]
    gone = {row.pk for row in rows} - {row.pk for row in alive}
    if gone:
        StaffSession.objects.filter(pk__in=gone).delete()
    return alive


def end(row: StaffSession) -> None:
    """Log one session out."""
    _store().delete(row.session_key)
    row.delete()


def end_all(user: Any, *, but: str | None = None) -> int:
    """Log `user` out everywhere, except in the session with key `but`. Returns how many ended."""
    rows = [row for row in StaffSession.objects.filter(user=user) if row.session_key != but]
    for row in rows:
        end(row)
    return len(rows)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()
