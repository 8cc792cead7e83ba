"""Filters for any template that shows a saved object's own text: citations of articles become links.

Made to be a template builtin, so that apps that must not know the law book can use them by name.
"""

from django import template
from django.db.models import Model
from django.utils.safestring import SafeString, mark_safe

from lawbook.html_links import link_citations_html
from lawbook.links import kept_linker

register = template.Library()


@register.filter
def citations_of(text: str, obj: Model) -> SafeString:
    """Plain `text` of `obj`, escaped, with its citations as links and its line breaks kept. One query an object."""
    return mark_safe(kept_linker(obj).html(str(text)).replace("\n", "<br>"))  # noqa: S308 - the linker escapes


@register.filter
def html_citations_of(markup: str, obj: Model) -> SafeString:
    """Safe HTML of `obj` (rich text, a rendered block) with its citations as links. One query an object."""
    return link_citations_html(str(markup), kept_linker(obj))
