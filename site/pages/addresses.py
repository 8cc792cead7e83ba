"""Which addresses pages may have: made where an editor gives none, and never one that an app answers."""

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from zh.scripts import TRADITIONAL_PREFIX

# Answered by middleware, or left to the web server: no URLconf names them.
_OUTSIDE = frozenset({"healthz", "readyz", "robots.txt", "favicon.ico", TRADITIONAL_PREFIX.strip("/")})
_FIRST_PART = re.compile(r"^\^?/?([\w.-]+)")


@cache
def taken_at_the_top() -> frozenset[str]:
    """First parts of the addresses that something else than a page answers, as the URLconf has them now."""
    found = set(_OUTSIDE)
    for pattern in get_resolver().url_patterns:
        first = _FIRST_PART.match(str(pattern.pattern))
        if first:
            found.add(first[1])
    for url in (settings.STATIC_URL, settings.MEDIA_URL):
        first = _FIRST_PART.match(url or "")
        if first:
            found.add(first[1])
    return frozenset(found)


def is_taken(slug: str, parent: Page | None) -> bool:
    """Whether a page of this slug below `parent` would stand at an address that it can never answer."""
    if parent is None or slug not in taken_at_the_top():
        return False
    return Site.objects.filter(root_page=parent.pk).exists()


def refuse_taken(slug: str, parent: Page | None) -> None:
    """Raises ValidationError for the field `slug` where the address is not free."""
    if is_taken(slug, parent):
        raise ValidationError({"slug": taken_words(slug)})


def taken_words(slug: str) -> str:
    return _("“%(slug)s” is an address of the system itself. Choose another one.") % {"slug": slug}


def unnamed(model_name: str) -> str:
    """Beginning of the slug of a page that was given none: its kind and today, such as `news-20261124`.

    Hanzi give no ASCII slug; how they sound is long, often wrong and says nothing to anybody.
    """
    kind = model_name.removesuffix("page") or "page"
    return f"{kind}-{timezone.localdate():%Y%m%d}"
