"""The public site in traditional script: the same pages under /zh-hant/, with nothing stored twice.

The prefix moves from the path into Django's script prefix for the time of the request, so that every address a page
makes (`{% url %}`, `{% pageurl %}`, redirects, forms) carries it and static files do not. What comes out is converted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix, set_script_prefix
from django.utils.http import escape_leading_slashes
from wagtail.contrib.redirects.middleware import RedirectMiddleware as WagtailRedirectMiddleware

from pages.icalendar import calendar_to_traditional
from zh.markup import html_to_traditional, xml_to_traditional
from zh.scripts import TRADITIONAL_PREFIX, to_traditional

PREFIX = TRADITIONAL_PREFIX
#: Routes of the root URL configuration that the public reads, beside Wagtail's pages. A route that is not named here
#: (admin, planner, files, codes) is served in one script, at one address.
IN_BOTH_SCRIPTS = frozenset({"law", "video", "search", "contact"})
CONVERTERS: dict[str, Callable[[str], str]] = {
    "text/html": html_to_traditional,
    "application/atom+xml": xml_to_traditional,
    "text/calendar": calendar_to_traditional,
    "text/csv": to_traditional,
    "text/vtt": to_traditional,
    "text/plain": to_traditional,
}


class Script:
    """Which script a request is served in, and where the same page is in the other; `request.script` in templates."""

    def __init__(self, request: HttpRequest, base: str, *, is_traditional: bool) -> None:
        self.request, self.base, self.is_traditional = request, base, is_traditional

    @property
    def in_both(self) -> bool:
        return self.is_traditional or is_in_both_scripts(self.request.path_info)

    @property
    def _rest(self) -> str:
        prefix = self.base + (PREFIX if self.is_traditional else "")
        # Two slashes at the front would be another host's address.
        return escape_leading_slashes(self.request.get_full_path()[len(prefix) :])

    @property
    def simplified_url(self) -> str:
        return self.base + self._rest

    @property
    def traditional_url(self) -> str:
        return self.base + PREFIX + self._rest

    @property
    def simplified_address(self) -> str:
        return settings.PUBLIC_URL + self.simplified_url

    @property
    def traditional_address(self) -> str:
        return settings.PUBLIC_URL + self.traditional_url


class ScriptPrefixMiddleware:
    """Serve /zh-hant/… from the same views. Outside everything that looks at paths, inside whatever compresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        base = request.META.get("SCRIPT_NAME", "").rstrip("/")
        path = request.path_info
        is_traditional = path.startswith(f"{PREFIX}/")
        request.script = script = Script(request, base, is_traditional=is_traditional)  # type: ignore[attr-defined]
        if not is_traditional:
            return self.get_response(request)
        if not is_in_both_scripts(path.removeprefix(PREFIX)):
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(script.simplified_url)
            return HttpResponse(status=404)
        with _moved(request, base):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                content = response.streaming_content
                if getattr(response, "file_to_stream", None) is None and isinstance(content, Iterator):
                    response.streaming_content = _within(f"{base}{PREFIX}/", content)
                return response
            return converted(response)


class RedirectMiddleware(WagtailRedirectMiddleware):
    """Wagtail's redirects, for both scripts: editors enter each once, without the prefix."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        script: Script | None = getattr(request, "script", None)
        if response.status_code != 404 or script is None or not script.is_traditional:
            return super().process_response(request, response)
        path = request.path
        request.path = script.base + request.path_info
        try:
            found = super().process_response(request, response)
        finally:
            request.path = path
        target = found.headers.get("Location", "")
        if target.startswith("/") and not target.startswith(("//", f"{script.base}{PREFIX}/")):
            local = target.removeprefix(script.base)
            if is_in_both_scripts(local.partition("?")[0]):
                found.headers["Location"] = script.base + PREFIX + local
        return found


def is_in_both_scripts(path: str) -> bool:
    """Whether the page at `path` (from the root of this site, without a script) is read in either script."""
    return path.removeprefix("/").partition("/")[0] not in _in_one_script()


def converted(response: HttpResponseBase) -> HttpResponseBase:
    """`response` with its words in traditional script, where it holds words."""
    convert = CONVERTERS.get(response.headers.get("Content-Type", "").partition(";")[0].strip().lower())
    if convert is None or not isinstance(response, HttpResponse) or response.has_header("Content-Encoding"):
        return response
    response.content = convert(response.content.decode(response.charset)).encode(response.charset)
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
    return response


def _in_one_script() -> frozenset[str]:
    """First parts of the paths that are not pages for the public to read."""
    routes = {_first_part(pattern) for pattern in get_resolver().url_patterns}
    routes |= {url.strip("/").partition("/")[0] for url in (settings.STATIC_URL, settings.MEDIA_URL)}
    return frozenset(routes - IN_BOTH_SCRIPTS - {""})


def _first_part(pattern: URLPattern | URLResolver) -> str:
    return str(pattern.pattern).lstrip("^").partition("/")[0]


@contextmanager
def _moved(request: HttpRequest, base: str) -> Iterator[None]:
    """Take the prefix out of the request's path and put it before every address made meanwhile."""
    path = request.path_info
    script_name = request.META.get("SCRIPT_NAME", "")
    request.path_info = request.META["PATH_INFO"] = path.removeprefix(PREFIX)
    request.META["SCRIPT_NAME"] = base + PREFIX
    try:
        with _script_prefix(f"{base}{PREFIX}/"):
            yield
    finally:
        # Whoever stands further out (a store of finished pages, a log) sees the path that was asked for.
        request.path_info = request.META["PATH_INFO"] = path
        request.META["SCRIPT_NAME"] = script_name


@contextmanager
def _script_prefix(prefix: str) -> Iterator[None]:
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)


def _within(prefix: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of a streamed answer, each made while the prefix is in force."""
    done = object()
    while True:
        with _script_prefix(prefix):
            part = next(parts, done)
        if part is done:
            return
        yield part  # type: ignore[misc]
