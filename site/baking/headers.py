"""The headers that every finished page goes out with: one source for Django and for the web server before it."""

import re

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest

#: A browser asks before it shows its copy again: what is published must show, and an unchanged page costs a 304.
CACHE_CONTROL = "no-cache"
CONTENT_TYPE = "text/html; charset=utf-8"
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def page_headers() -> dict[str, str]:
    """What the views' own middleware puts on a public page. A response with anything else is never baked."""
    return {POLICY: build_policy(), "X-Frame-Options": settings.X_FRAME_OPTIONS, "Cache-Control": CACHE_CONTROL}


def public_headers(*, secure: bool) -> dict[str, str]:
    """All headers of a finished page but those of its bytes (length, tag, date, encoding)."""
    headers = page_headers() | {"Content-Type": CONTENT_TYPE, "Vary": "Accept-Encoding"}
    if settings.SECURE_CONTENT_TYPE_NOSNIFF:
        headers["X-Content-Type-Options"] = "nosniff"
    if settings.SECURE_REFERRER_POLICY:
        headers["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    if settings.SECURE_CROSS_ORIGIN_OPENER_POLICY:
        headers["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    if secure and settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = "; ".join(
            [
                f"max-age={settings.SECURE_HSTS_SECONDS}",
                *(["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []),
                *(["preload"] if settings.SECURE_HSTS_PRELOAD else []),
            ]
        )
    return headers


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the browser names gzip among what it takes, and not with `q=0`."""
    return _GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None
