"""Public pages from the store of finished ones; what is not there yet is made, sent and kept.

Stands outside everything that makes a page and inside what every response gets (security headers). It sees the path
that was asked for, script prefix included, so that each script has its own pages.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from baking import generations, hosts, rules, store
from baking.headers import CACHE_CONTROL, public_headers, takes_gzip
from baking.keys import Key, is_plain, key_of


class BakedPagesMiddleware(ABC):
    """Subclasses say which paths are the public's (`is_public`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    @abstractmethod
    def is_public(self, path: str) -> bool: ...

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Read before the view's first query: what is made from here on belongs to this generation or to none.
        generation = generations.current()
        request.baked_generation = generation  # type: ignore[attr-defined]
        key = self._key(request, generation) if generation else None
        if generation is None or key is None:
            return _checked_again(self.get_response(request))
        kept = store.read(generation, key, as_gzip=takes_gzip(request))
        # For whoever counts (config.metrics): was this page kept already, or made for this request?
        request.public_page = "made" if kept is None else "kept"  # type: ignore[attr-defined]
        if kept is not None:
            return _answer(request, kept)
        response = _checked_again(self.get_response(request))
        if rules.why_not(request, response) or not isinstance(response, HttpResponse):
            return response
        # A slow render that a change has overtaken is sent, as it would have been, but not kept.
        if generations.current(fresh=True) == generation and store.write(generation, key, response.content):
            kept = store.read(generation, key, as_gzip=takes_gzip(request))
            if kept is not None:
                return _answer(request, kept)
        return response

    def _key(self, request: HttpRequest, generation: str) -> Key | None:
        if request.META.get("SCRIPT_NAME") or not self.is_public(request.path_info):
            return None
        site = hosts.site_of(request, generation)
        if site is None:
            return None
        request._wagtail_site = site  # type: ignore[attr-defined]  # Site.find_for_request would ask the database
        return key_of(site.hostname, request.path_info) if is_plain(request) else None


def _answer(request: HttpRequest, kept: store.Kept) -> HttpResponseBase:
    """A kept page, or 304 where the visitor has it already."""
    response = HttpResponse(kept.content if request.method == "GET" else b"", headers=public_headers(secure=False))
    tag = f'"{hashlib.blake2b(kept.content, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(kept.made_at)
    response.headers["Content-Length"] = str(len(kept.content))
    if kept.is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    found: HttpResponseBase = get_conditional_response(request, tag, int(kept.made_at), response) or response
    return found


def _checked_again(response: HttpResponseBase) -> HttpResponseBase:
    """Let browsers ask before they show a page from their own cache, where nobody has said otherwise."""
    if response.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    return response
