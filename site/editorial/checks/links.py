"""Links inside the site that lead nowhere, or to something the public cannot see."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from editorial.findings import Finding, Level, Text, about
from editorial.texts import Part, parts_of
from lawbook.models import Article
from media.models import Video

_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TAGS = re.compile(r"<[^>]+>")


def links_lead_somewhere(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    site = Here()
    for part in parts_of(subject):
        if part.html:
            for found in _LINK.finditer(part.html):
                yield from _link(part, dict(_ATTRIBUTE.findall(found[1])), _TAGS.sub("", found[2]), site)
        elif isinstance(part.value, Page) and part.value.pk != getattr(subject, "pk", None):
            yield from _page(part.where, part.value, str(part.value))


def _link(part: Part, attributes: dict[str, str], words: str, site: "Here") -> Iterator[Finding]:
    kind = attributes.get("linktype", "")
    if kind == "page":
        page = Page.objects.filter(pk=attributes.get("id") or 0).first()
        yield from _page(part.where, page, words)
    elif kind == "document":
        if not get_document_model().objects.filter(pk=attributes.get("id") or 0).exists():
            yield _broken(part.where, words, _("The file that it leads to was deleted"))
    elif "href" in attributes:
        path = site.path(unescape(attributes["href"]))
        if path is not None and not site.answers(path):
            yield _broken(part.where, words, _("This site has no address %(path)s") % {"path": path})


def _page(where: str, page: Page | None, words: str) -> Iterator[Finding]:
    if page is None:
        yield _broken(where, words, _("The page that it leads to was deleted"))
    elif not page.live:
        yield about(
            where,
            level=Level.WARN,
            code="link.draft",
            hit=words,
            message=_("“%(page)s” is not public") % {"page": page},
            remedy=_("Publish that page first, or take the link out."),
        )


def _broken(where: str, words: str, message: str) -> Finding:
    return about(
        where, level=Level.BLOCK, code="link.broken", hit=words, message=message, remedy=_("Mend or remove the link.")
    )


class Here:
    """The addresses that this site answers."""

    def __init__(self) -> None:
        sites = list(Site.objects.select_related("root_page"))
        self.hosts = {site.hostname for site in sites}
        self.roots = [site.root_page.url_path for site in sites]

    def path(self, href: str) -> str | None:
        """The path of a link into this site; None for one that leads elsewhere or stays on the page."""
        address = urlsplit(href.strip())
        if address.scheme and address.scheme not in {"http", "https"}:
            return None
        if address.netloc and address.hostname not in self.hosts:
            return None
        return unquote(address.path) or None

    def answers(self, path: str) -> bool:
        """Whether the public finds something at `path`, without asking for it."""
        if not path.startswith("/"):
            return False
        try:
            found = resolve(path)
        except Resolver404:
            return False
        if found.view_name == "wagtail_serve":
            wanted = path.strip("/")
            places = [f"{root}{wanted}/" if wanted else root for root in self.roots]
            if Page.objects.live().filter(url_path__in=places).exists():
                return True
            return Redirect.objects.filter(old_path=f"/{wanted}").exists()
        return _exists(found.view_name, found.kwargs)


def _exists(view: str, kwargs: dict[str, Any]) -> bool:
    """Whether a view of our own would find what its address names."""
    if view.startswith("lawbook:") and "slug" in kwargs:
        found = Article.objects.filter(version__law__slug=kwargs["slug"])
        key = kwargs.get("key")
        return found.filter(number=key.number, suffix=key.suffix).exists() if key else found.exists()
    if view.startswith("media:") and "slug" in kwargs:
        return bool(Video.public_objects().filter(slug=kwargs["slug"]).exists())
    return True
