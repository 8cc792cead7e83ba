"""How often one network address may write or look up in a day, without keeping the address.

What is kept is an HMAC of the address under a random salt of that day. The salt lies in a file beside the other keys,
outside the database and its backups, and is deleted with the first attempt of the next day (or by the worker).
From then on nobody can tell whose the numbers were, and they go too.
"""

import hashlib
import hmac
import ipaddress
import os
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connections, router
from django.http import HttpRequest
from django.utils import timezone

from feedback.models import Attempts
from trust.accounts.addresses import client_address

#: A school or a bureau often shares one address; whoever writes more in a day can telephone.
MESSAGES_A_DAY = 10
#: Wrong numbers and codes, not successful look-ups.
MISSES_A_DAY = 20
_SALT = "feedback-salt-"


def may(request: HttpRequest, action: str, most: int, day: date | None = None) -> bool:
    """Whether this address has done `action` fewer than `most` times today."""
    day = day or timezone.localdate()
    row = Attempts.objects.filter(day=day, action=action, digest=_digest(request, day)).values("times").first()
    return row is None or row["times"] < most


def count(request: HttpRequest, action: str, day: date | None = None) -> None:
    """Count one attempt of this address, in one statement."""
    day = day or timezone.localdate()
    digest = _digest(request, day)
    table = Attempts._meta.db_table
    # A statement of our own: the ORM cannot count up in an upsert.
    sql = f"""
        INSERT INTO {table} (day, action, digest, times) VALUES (%s, %s, %s, 1)
        ON CONFLICT (day, action, digest) DO UPDATE SET times = {table}.times + 1
    """  # noqa: S608 - the name of a table and placeholders
    with connections[router.db_for_write(Attempts)].cursor() as cursor:
        cursor.execute(sql, [day, action, digest])


def forget(day: date | None = None) -> int:
    """Remove salts and counts of every day but `day` (today); returns how many counts went."""
    day = day or timezone.localdate()
    kept = _salt_file(day).name
    for path in Path(settings.KEYS_ROOT).glob(f"{_SALT}*"):
        if path.name != kept:
            path.unlink(missing_ok=True)
    return Attempts.objects.exclude(day=day).delete()[0]


def address_of(request: HttpRequest) -> str:
    """The network that a request came from: an IPv4 address, or the /64 that one household's IPv6 addresses share.

    What a visitor claims of it is not believed (`trust.accounts.addresses`).
    """
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _digest(request: HttpRequest, day: date) -> str:
    return hmac.new(_salt(day), address_of(request).encode(), hashlib.sha256).hexdigest()


def _salt(day: date) -> bytes:
    """The salt of `day`, made with its first attempt; that is also when what is left of other days goes."""
    path = _salt_file(day)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(made, path)  # whole or not at all; whoever comes second uses the first one's
        except FileExistsError:
            pass
        finally:
            made.unlink()
        forget(day)
    return path.read_bytes()


def _salt_file(day: date) -> Path:
    return Path(settings.KEYS_ROOT) / f"{_SALT}{day.isoformat()}"
