"""Public search: what matches a query, over every model that offers itself.

A model takes part by protocol: `search_fields`, `public_objects()`, `search_kind`, `search_title()`, `search_text()`,
`get_absolute_url()`. Pages take part through Wagtail's own Page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from modelsearch.query import PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.index import Indexed

from zh.tokens import highlight_spans

MOST_PER_KIND = 200  # nobody reads further; a broader query wants narrowing
LONGEST_QUERY = 60
EXCERPT_BEFORE, EXCERPT_AFTER = 24, 72


@dataclass(frozen=True)
class Hit:
    kind: str
    kind_key: str
    title_html: SafeString
    excerpt_html: SafeString
    url: str
    score: float
    is_law: bool
    meta: str


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    loosened: bool  # True where nothing held every part of the query, so that any part counted


def searchable_models() -> list[type[Any]]:
    """Every indexed model outside the page tree that shows something to the public."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Indexed) and not issubclass(model, Page) and hasattr(model, "public_objects")
    ]


def find(query: str) -> Found:
    """Everything public that matches, best first: all parts of the query, else any part of it."""
    query = query.strip()[:LONGEST_QUERY]
    if not query:
        return Found([], False)
    hits = _find(query, "and")
    if hits:
        return Found(hits, False)
    return Found(_find(query, "or"), True)


def _find(query: str, operator: str) -> list[Hit]:
    backend = get_search_backend()
    wanted = PlainText(query, operator=operator)
    hits: list[Hit] = []
    pages = backend.search(wanted, Page.objects.live().public().filter(depth__gt=1))
    hits += _hits(pages[:MOST_PER_KIND], query)
    for model in searchable_models():
        rows = backend.search(wanted, model.public_objects())
        hits += _hits(rows[:MOST_PER_KIND], query)
    return sorted((hit for hit in hits if hit.url), key=lambda hit: (-hit.score, hit.url))


def _hits(rows: Iterable[Any], query: str) -> list[Hit]:
    found = list(rows)
    if found and isinstance(found[0], Page):
        specific = Page.objects.filter(pk__in=[row.pk for row in found]).specific().in_bulk()
        found = [specific[row.pk] for row in found]
    # Databases score on scales of their own; places in the list can be merged across models.
    return [_hit(row, query, 1 / place) for place, row in enumerate(found, start=1)]


def address(row: Any) -> str:
    """Where `row` is shown; empty for a page that belongs to no site."""
    return (row.url if isinstance(row, Page) else row.get_absolute_url()) or ""


def _hit(row: Any, query: str, score: float) -> Hit:
    title = row.search_title() if hasattr(row, "search_title") else str(row)
    text = row.search_text() if hasattr(row, "search_text") else ""
    kind = getattr(row, "search_kind", None) or row._meta.verbose_name
    # A row may know the very place: an article's paragraph, a film's second.
    url = row.url_for(query) if hasattr(row, "url_for") else address(row)
    # A word in the title outweighs the same word somewhere in the text.
    in_title = bool(highlight_spans(title, query))
    return Hit(
        kind=str(kind),
        kind_key=row._meta.label_lower if not isinstance(row, Page) else str(kind),
        title_html=marked(title, query),
        excerpt_html=excerpt(text, query),
        url=url,
        score=score + in_title,
        is_law=bool(getattr(row, "is_official_text", False)),
        meta=str(row.search_meta()) if hasattr(row, "search_meta") else "",
    )


def marked(text: str, query: str) -> SafeString:
    """`text`, escaped, with what matches in <mark>."""
    parts: list[str] = []
    end = 0
    for start, stop in highlight_spans(text, query):
        parts += [escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def excerpt(text: str, query: str) -> SafeString:
    """About a hundred characters around the first match, from the original text."""
    text = " ".join(text.split())
    spans = highlight_spans(text, query)
    first = spans[0][0] if spans else 0
    start = max(0, first - EXCERPT_BEFORE)
    stop = min(len(text), first + EXCERPT_AFTER)
    for mark in "。！？；":
        cut = text.rfind(mark, start, first)
        if cut >= 0:
            start = max(start, cut + 1)
    lead, tail = "…" if start else "", "…" if stop < len(text) else ""
    return format_html("{}{}{}", lead, marked(text[start:stop], query), tail)


def jumps(query: str) -> list[tuple[str, str]]:
    """Where the query itself names a place: (label, url), asked of every model that has `jump_to`."""
    found: list[tuple[str, str]] = []
    for model in apps.get_models():
        jump = getattr(model, "jump_to", None)
        if jump is not None:
            found += jump(query)
    return found
