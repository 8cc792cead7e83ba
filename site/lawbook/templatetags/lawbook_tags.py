"""Template filters of the law book."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from lawbook.links import Linker
from lawbook.models import Article

register = template.Library()


@register.filter
def linked(text: str, linker: Linker) -> SafeString:
    """`text` with its citations as links, and its line breaks kept."""
    return mark_safe(linker.html(text).replace("\n", "<br>"))  # noqa: S308 - the linker escapes


@register.filter
def address(article: Article, day: date | None) -> str:
    """Where an article is read: as of `day`, or as it applies now."""
    if day:
        return reverse("lawbook:article-on", args=[article.version.law.slug, day, article.key])
    return article.get_absolute_url()


@register.filter
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, which an empty line sets apart."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


@register.filter
def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
