"""The public search page."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from search.misses import NotingResponse
from search.services import LONGEST_QUERY, MOST, Found, Hit, Match, address, find, jumps, shown
from zh.scripts import fold

PAGE_SIZE = 20
# So much better than the next it must be to be called the best.
CLEARLY = 1.5
MOST_JUMPS = 6


def search(request: HttpRequest) -> HttpResponse:
    # PostgreSQL takes no text with NUL in it, and nobody types one.
    query = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    found = find(query, kind)
    ways = jumps(query) if query else []
    matches = _jumped_first(found.matches, ways)
    wanted = [match for match in matches if not kind or match.kind == kind]
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    hits = shown(found, list(page.object_list))
    best = hits[0] if page.number == 1 and wanted and _is_best(wanted, ways) else None
    response = NotingResponse(
        render_to_string(
            "search/search.html",
            {
                "query": query,
                "best": best,
                "hits": hits[1:] if best else hits,
                "page": page,
                "page_url": _address(query, kind),
                "total": len(wanted),
                "more": found.more,
                "most": MOST,
                "kinds": _kinds(query, kind, found),
                "also": found.also if found.matches else (),
                "simplified": folded if (folded := fold(query)) != query else "",
                "loosened": found.loosened,
                "jumps": _other_ways(ways, best),
                "crumbs": [(_("Search"), None)],
            },
            request,
        )
    )
    if query and not found.matches and not ways:
        response.missed = query
    return response


def _address(query: str, kind: str = "") -> str:
    return f"{reverse('search:search')}?{urlencode({'q': query} | ({'kind': kind} if kind else {}))}"


def _kinds(query: str, current: str, found: Found) -> list[dict[str, Any]]:
    """The filters: everything, then kind by kind with how many there are."""
    everything = {"label": _("All"), "count": len(found.matches), "url": _address(query), "current": not current}
    return [everything] + [
        {"label": kind, "count": count, "url": _address(query, kind), "current": kind == current}
        for kind, count in found.kinds.items()
    ]


def _jumped_first(matches: list[Match], ways: list[tuple[str, str]]) -> list[Match]:
    """What the query names by its number stands before what mentions it."""
    if not ways:
        return matches
    places = {url: place for place, (_label, url) in enumerate(ways)}
    last = len(places)
    return sorted(matches, key=lambda match: places.get(address(match.row), last))


def _is_best(matches: list[Match], ways: list[tuple[str, str]]) -> bool:
    """Whether the first is what was named, or clearly better than the second."""
    first = matches[0]
    if address(first.row) in {url for _label, url in ways}:
        return True
    if len(matches) < 2:
        return False
    second = matches[1]
    if first.in_title != second.in_title:
        return True
    return first.exact and first.score >= CLEARLY * second.score


def _other_ways(ways: list[tuple[str, str]], best: Hit | None) -> list[dict[str, str]]:
    shown_already = best.url.partition("#")[0] if best else ""
    return [{"label": label, "url": url} for label, url in ways if url != shown_already][:MOST_JUMPS]
