"""/sitemap.xml: everything public but search and codes, in both scripts.

Pages come from Wagtail; a model with plain views lists itself through `sitemap_items()`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.apps import apps
from django.contrib.sitemaps import Sitemap as DjangoSitemap
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from config.script import PREFIX, is_in_both_scripts

Item = tuple[str, datetime | date | None]


class BothScripts(DjangoSitemap):
    """Each address in either script, and each with all of its alternates, as the pages themselves say."""

    def _urls(self, page: Any, protocol: Any, domain: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super()._urls(page, protocol, domain)  # type: ignore[misc]
        out: list[dict[str, Any]] = []
        for url in found:
            simplified, traditional = in_both_scripts(url["location"])
            if not traditional:
                out.append(url)
                continue
            alternates = [
                {"location": simplified, "lang_code": "zh-Hans"},
                {"location": traditional, "lang_code": "zh-Hant"},
                {"location": simplified, "lang_code": "x-default"},
            ]
            out += [url | {"location": location, "alternates": alternates} for location in (simplified, traditional)]
        return out


def in_both_scripts(location: str) -> tuple[str, str]:
    """`location` itself, and where it is in traditional script; empty where it is in one script only."""
    parts = urlsplit(location)
    here = get_script_prefix().rstrip("/")
    path = parts.path.removeprefix(here)
    if not is_in_both_scripts(path):
        return location, ""
    return location, urlunsplit(parts._replace(path=f"{here}{PREFIX}{path or '/'}"))


class Pages(BothScripts, PageSitemap):
    """Wagtail's pages."""


class PlainViews(BothScripts):
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
    return django_sitemap(request, sitemaps={"pages": Pages(request), "plain": PlainViews()})
