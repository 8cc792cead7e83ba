"""Under which file a page may be kept, and which requests may be answered from one. Strict: in doubt, none."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

MOST_PARTS = 12
LONGEST_PATH = 400
#: A part of a path as slugs and routes make it. No dot: neither `..` nor a file of ours can be named.
_PART = re.compile(r"[A-Za-z0-9_-]{1,100}")
#: A host name as a folder: letters, digits, hyphens, single dots. What Wagtail's records hold is held to it as well.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


@dataclass(frozen=True)
class Key:
    """`<host>/<parts…>/index.html` below the folder of a generation."""

    host: str
    parts: tuple[str, ...]


def key_of(host: str, path: str) -> Key | None:
    """The key of `path` (from the root of the host, decoded) on `host`, or None where no file may stand for it."""
    if not _HOST.fullmatch(host) or len(host) > 253:
        return None
    if len(path) > LONGEST_PATH or not path.startswith("/") or not path.endswith("/"):
        return None
    parts = tuple(path[1:-1].split("/")) if path != "/" else ()
    if len(parts) > MOST_PARTS or not all(_PART.fullmatch(part) for part in parts):
        return None
    return Key(host, parts)


def is_plain(request: HttpRequest) -> bool:
    """A GET or HEAD of somebody unknown, without a query: it may be answered from the store."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
    )
