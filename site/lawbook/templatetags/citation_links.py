"""What any template may use for a saved object's own text: its citations of articles become links.

Template builtins, so that apps that must not know the law book use them by name. Links come from stored relations.
"""

import re
from typing import Any, NamedTuple

from django import template
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from lawbook.glossary import linker_and_glossary
from lawbook.html_links import link_citations_html
from lawbook.links import kept_linker

register = template.Library()
# What may be a citation. Where neither the page shows one nor its own texts have any, no query is made.
_MAYBE = re.compile(r"第[^条條<>]{1,16}[条條]")


class NamedArticle(NamedTuple):
    """An article that an object names."""

    label: str
    url: str


@register.filter
def citations_of(text: str, obj: Model) -> SafeString:
    """Plain `text` of `obj`, escaped, with its citations as links and its line breaks kept. One query an object."""
    return mark_safe(kept_linker(obj).html(str(text)).replace("\n", "<br>"))  # noqa: S308 - the linker escapes


@register.filter
def html_citations_of(markup: str, obj: Model) -> SafeString:
    """Safe HTML of `obj` (rich text, a rendered block) with its citations as links. One query an object."""
    return link_citations_html(str(markup), kept_linker(obj))


@register.simple_block_tag
def law_links(content: str, obj: Any) -> SafeString:
    """`{% law_links page %}…{% endlaw_links %}`: the same for all that stands between; for no saved object nothing."""
    if _cites(obj) and _MAYBE.search(content) and any(_MAYBE.search(text or "") for text in obj.citation_texts()):
        return html_citations_of(content, obj)
    return mark_safe(content)  # noqa: S308 - rendered by a template


@register.simple_block_tag
def law_words(content: str, obj: Any) -> SafeString:
    """As `law_links`, with the terms of the glossary marked as well, and their meanings below.

    For the body of one page: a term is marked at its first place. One query.
    """
    if not _cites(obj):
        return mark_safe(content)  # noqa: S308 - rendered by a template
    linker, glossary = linker_and_glossary(obj)
    linked = link_citations_html(content, linker, terms=glossary.section(linker))
    used = list(glossary.used.values())
    below = render_to_string("lawbook/terms_used.html", {"terms": used, "with_script": True}) if used else ""
    return mark_safe(linked + below)  # noqa: S308 - both are safe


@register.inclusion_tag("lawbook/articles_named.html")
def articles_named(obj: Model, title: str) -> dict[str, Any]:
    """A section that lists the articles that `obj` names, by the order of laws and numbers; nothing without any."""
    rows = sorted(kept_linker(obj).rows, key=lambda row: (row.law_id, row.key, row.paragraph, row.item))
    places: dict[tuple[int, Any], list[Any]] = {}
    for row in rows:
        places.setdefault((row.law_id, row.key), []).append(row)
    return {"title": title, "articles": [_named(cited) for cited in places.values()]}


def _named(rows: list[Any]) -> NamedArticle:
    """The article of these citations; where they name one place in it, that place."""
    row = rows[0] if len(rows) == 1 else None
    label = f"《{rows[0].law.short_title}》{rows[0].key.label}{row.place if row else ''}"
    return NamedArticle(label, row.article_url if row else rows[0].whole_url)


def _cites(obj: Any) -> bool:
    return isinstance(obj, Model) and hasattr(obj, "citation_texts")
