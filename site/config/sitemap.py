"""/sitemap.xml: everything public but search and codes.

Pages come from Wagtail; a model with plain views lists itself through `sitemap_items()`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.sitemaps import Sitemap as DjangoSitemap
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

Item = tuple[str, datetime | date | None]


class PlainViews(DjangoSitemap):
    """What models outside the page tree show at their own URLs."""

    def items(self) -> list[Item]:
        found: list[Item] = []
        for model in apps.get_models():
            listing: Any = getattr(model, "sitemap_items", None)
            if listing is not None:
                entries: Iterable[Item] = listing()
                found.extend(entries)
        return sorted(set(found), key=lambda item: item[0])

    def location(self, item: Item) -> str:
        return item[0]

    def lastmod(self, item: Item) -> datetime | date | None:
        return item[1]


def sitemap(request: HttpRequest) -> HttpResponse:
    return django_sitemap(request, sitemaps={"pages": PageSitemap(request), "plain": PlainViews()})
