"""What may never be kept for everybody: anything that was made for one person, one moment or one request."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from baking.headers import CONTENT_TYPE, page_headers

LARGEST_BYTES = 4 * 1024 * 1024
#: Traces of a person or a request in the page itself, should its headers not tell.
TRACES = (b"csrfmiddlewaretoken", b" nonce=", b"wagtail-userbar", b"djDebug")
_OF_THE_BYTES = frozenset({"content-type", "content-length"})


def why_not(request: HttpRequest, response: HttpResponseBase) -> str:
    """Why this answer may not be baked; empty where it may. Asked of requests that `keys.is_plain` let through."""
    if settings.DEBUG:
        return "debug"
    if request.method != "GET" or request.COOKIES:
        return "not an anonymous GET"
    if response.status_code != 200 or not isinstance(response, HttpResponse) or response.streaming:
        return "not a whole page"
    if getattr(request, "is_preview", False) or getattr(request, "in_preview_panel", False):
        return "a preview"
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or getattr(request, "_csp_nonce", None) is not None:
        return "a token or a nonce"
    if response.cookies:
        return "a cookie"
    if response.get("Content-Type", "").lower() != CONTENT_TYPE or len(response.content) > LARGEST_BYTES:
        return "not a page"
    return _odd_header(response) or next((trace.decode() for trace in TRACES if trace in response.content), "")


def _odd_header(response: HttpResponse) -> str:
    """A header that a finished page would not have, a missing one, or one that says something else.

    `Vary`, `Cache-Control: private` and a policy of the view's own are such, and so is whatever comes later.
    """
    found = {name.lower(): value for name, value in response.headers.items()}
    wanted = {name.lower(): value for name, value in page_headers().items()}
    for name in sorted((found.keys() | wanted.keys()) - _OF_THE_BYTES):
        if found.get(name) != wanted.get(name):
            return f"the header {name}"
    return ""
