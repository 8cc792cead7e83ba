"""Which generation of finished pages counts now.

The truth is one row in the database. A process reads it at most twice a second and knows its own changes at once, so
that what is published shows within a second, wherever it was published.
"""

import hashlib
import logging
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from baking import store
from baking.models import ONLY, Generation
from baking.moments import next_moment
from baking.release import fingerprint

POLL_S = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """What this process last read: the row, and until when it holds if nobody writes."""

    number: int
    token: str
    until: datetime
    read_at: float

    @property
    def name(self) -> str:
        return name_of(self.number, self.token)


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: Known | None = None
        self.forgotten = 0  # how often; a reader that began before does not put back what it read
        self.owing = False  # a change could not be noted: nothing is served from the store until it is
        self.paused = False


_state = _State()


def name_of(number: int, token: str) -> str:
    """Folder of a generation. A new release, or settings that show in public, make another one."""
    mixed = hashlib.blake2b(f"{token} {fingerprint()}".encode(), digest_size=8).hexdigest()
    return f"{number}-{mixed}"


def current(*, fresh: bool = False) -> str | None:
    """Name of the generation that counts, or None where no page may be baked or served from the store.

    At most half a second old; with `fresh` it is what the database holds now.
    """
    if not settings.BAKED_PAGES or _state.paused:
        return None
    known = _state.known
    if known is not None and not fresh and time.monotonic() - known.read_at < POLL_S and timezone.now() < known.until:
        return known.name
    try:
        return _read().name
    except DatabaseError as error:
        logger.warning("The generation of the finished pages cannot be read; pages are made anew: %s", error)
        return None


def bump() -> None:
    """The public site changes with this transaction: move on after its commit, once. Nothing to do on a rollback."""
    if not settings.BAKED_PAGES or _state.paused:
        return
    connection = transaction.get_connection()
    # A savepoint that is rolled back takes its entry with it, and the next write enters anew.
    if connection.in_atomic_block and any(entry[1] is _move_on for entry in connection.run_on_commit):
        return
    transaction.on_commit(_move_on)


def forget() -> None:
    """Read the database before the next answer."""
    with _state.lock:
        _state.known = None
        _state.forgotten += 1


def pause() -> None:
    """While the schema changes nothing is served from the store, and the table may not be there."""
    _state.paused = True
    forget()


def resume() -> None:
    _state.paused = False
    bump()


def _move_on() -> None:
    try:
        _advance()
        _state.owing = False
    except DatabaseError:
        logger.exception("A change of the public site could not be noted; pages are made anew until it is")
        _state.owing = True
    finally:
        forget()
    if not _state.owing:
        store.point_to(_stored_name)


def _advance(token: str | None = None) -> None:
    """Next number, new token; with `token` only where that is still the one that counts."""
    row = Generation.objects.filter(pk=ONLY)
    held = row if token is None else row.filter(token=token)
    fresh = secrets.token_hex(8)
    if not held.update(number=F("number") + 1, token=fresh) and not row.exists():
        Generation.objects.bulk_create([Generation(pk=ONLY, number=1, token=fresh)], ignore_conflicts=True)


def _stored() -> tuple[int, str]:
    return Generation.objects.filter(pk=ONLY).values_list("number", "token").first() or (0, "")


def _stored_name() -> str:
    return name_of(*_stored())


def _read() -> Known:
    if _state.owing:
        _advance()
        _state.owing = False
    forgotten = _state.forgotten
    before = _state.known
    number, token = _stored()
    now = timezone.now()
    is_new = before is None or (before.number, before.token) != (number, token)
    until = next_moment(now) if before is None or is_new else before.until
    if now >= until:
        _advance(token)
        forget()
        return _read()
    known = Known(number, token, until, time.monotonic())
    with _state.lock:
        if _state.forgotten == forgotten:
            _state.known = known
    if is_new:
        store.point_to(_stored_name)
    return known
