"""Where a request came from."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent `request`; empty where there is none (a Unix socket).

    Behind a proxy of ours (`BEHIND_PROXY`) it is the last entry of X-Forwarded-For, the one that the proxy itself
    wrote: everything before it is the sender's claim.
    """
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR") or ""
