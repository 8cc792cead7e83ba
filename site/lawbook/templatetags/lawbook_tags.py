"""Template filters of the law book."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from lawbook.comparison import comparison_url
from lawbook.explaining import paragraphs_of
from lawbook.html_links import link_citations_html
from lawbook.links import Linker
from lawbook.models import Article, LawVersion

register = template.Library()


@register.filter
def linked(text: str, linker: Linker) -> SafeString:
    """`text` with its citations as links, and its line breaks kept."""
    return mark_safe(linker.html(text).replace("\n", "<br>"))  # noqa: S308 - the linker escapes


@register.filter
def linked_html(markup: str, linker: Linker) -> SafeString:
    """Safe HTML with the citations in its text as links: `{{ page.body|linked_html:linker }}`."""
    return link_citations_html(str(markup), linker)


@register.filter
def address(article: Article, day: date | None) -> str:
    """Where an article is read: as of `day`, or as it applies now."""
    if day:
        return reverse("lawbook:article-on", args=[article.version.law.slug, day, article.key])
    return article.get_absolute_url()


register.filter("paragraphs", paragraphs_of)


@register.filter
def comparison(version: LawVersion, before: LawVersion) -> str:
    """Where `version` is compared with an earlier text; empty where a day is not known."""
    return comparison_url(before, version)


@register.filter
def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
