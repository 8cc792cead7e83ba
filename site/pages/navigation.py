"""The frame around every public page: who runs the site, its columns, what stands in the footer."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from pages.models.identity import SiteIdentity

MOST_IN_MASTHEAD = 6


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: str = ""  # value of aria-current: "page", "true" (inside this column) or nothing


@dataclass(frozen=True)
class LinkGroup:
    label: str
    links: list[Link]


@dataclass(frozen=True)
class Held:
    """What of the frame is the same on every page: the identity, and label and address of each column."""

    identity: SiteIdentity
    columns: list[tuple[str, str]]


@dataclass
class Frame:
    """Computed once per request. Identity and columns cost a query each, once in a generation of the public site."""

    request: HttpRequest | None
    path: str = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.request.path if self.request else ""

    @cached_property
    def site(self) -> Site | None:
        return Site.find_for_request(self.request) if self.request else None

    @cached_property
    def held(self) -> Held:
        # Read before the first query of this request: what is kept under it is at least as new.
        generation = getattr(self.request, "baked_generation", None)
        if generation is None or self.site is None:
            return self._read()
        key = f"pages.frame:{generation}:{self.site.pk}:{get_script_prefix()}"
        held: Held | None = cache.get(key)
        if held is None:
            held = self._read()
            cache.set(key, held)
        return held

    @property
    def identity(self) -> SiteIdentity:
        return self.held.identity

    @property
    def domain(self) -> str:
        """`SiteDomain` of the page labels: the host that this site is published under."""
        return self.site.hostname if self.site else ""

    @property
    def home_url(self) -> str:
        return reverse("wagtail_serve", args=[""])

    @property
    def search_url(self) -> str:
        return _reverse("search:search")

    @property
    def in_search(self) -> bool:
        return bool(self.search_url) and self.path == self.search_url

    @property
    def accessibility_url(self) -> str:
        return self._page_url(self.identity.accessibility_page)

    @property
    def report_url(self) -> str:
        """The page that the identity names; without one the message form, told which page is meant."""
        if url := self._page_url(self.identity.report_page):
            return url
        form = self.contact_url
        # Either script's page is the same page to whoever reads the message.
        about = self.request.path_info if self.request else ""
        return f"{form}?{urlencode({'about': about})}" if form and not self.path.startswith(form) else form

    @property
    def contact_url(self) -> str:
        return _reverse("feedback:form")

    @cached_property
    def columns(self) -> list[Link]:
        """What the masthead has room for."""
        return self.all_columns[:MOST_IN_MASTHEAD]

    @cached_property
    def all_columns(self) -> list[Link]:
        return [*self.fixed_columns, *self.page_columns]

    @cached_property
    def more_columns(self) -> list[Link]:
        """What it has no room for: on the home page, in the menu and in the footer."""
        return self.all_columns[MOST_IN_MASTHEAD:]

    @cached_property
    def fixed_columns(self) -> list[Link]:
        """Columns that are not pages; they come first."""
        named = [(_("Laws"), "lawbook:index"), (_("Films"), "media:list")]
        return [self._link(label, url) for label, name in named if (url := _reverse(name))]

    @cached_property
    def page_columns(self) -> list[Link]:
        return [self._link(label, url) for label, url in self.held.columns]

    @property
    def footer(self) -> list[LinkGroup]:
        ours = [
            (_("Write to us"), self.contact_url),
            (_("Report an error"), self.report_url),
            (_("Accessibility"), self.accessibility_url),
            (_("Privacy policy"), self._page_url(self.identity.privacy_page)),
            (_("Site statement"), self._page_url(self.identity.statement_page)),
        ]
        groups = [
            LinkGroup(_("Read the law"), [*self.fixed_columns, *_links([(_("Search"), self.search_url)])]),
            LinkGroup(_("Columns of this site"), self.page_columns),
            LinkGroup(_("This site"), _links(ours)),
        ]
        return [group for group in groups if group.links]

    def _read(self) -> Held:
        if self.site is None:
            return Held(SiteIdentity(), [])
        stored = SiteIdentity.base_queryset().filter(site=self.site).first()
        pages = Page.objects.child_of(self.site.root_page).live().in_menu()
        return Held(stored or SiteIdentity(site=self.site), [(page.title, self._page_url(page)) for page in pages])

    def _page_url(self, page: Page | None) -> str:
        return (page.get_url(self.request) or "") if page is not None and page.live else ""

    def _link(self, label: str, url: str) -> Link:
        if url and self.path == url:
            return Link(label, url, "page")
        return Link(label, url, "true" if url and self.path.startswith(url) else "")


def frame_of(request: HttpRequest | None) -> Frame:
    """The frame of a request, kept on it."""
    if request is None:
        return Frame(None)
    kept = getattr(request, "_pages_frame", None)
    if kept is None:
        kept = request._pages_frame = Frame(request)  # type: ignore[attr-defined]
    return kept


def _links(pairs: list[tuple[str, str]]) -> list[Link]:
    return [Link(label, url) for label, url in pairs if url]


def _reverse(name: str) -> str:
    """The address of a view, or nothing where its app is not installed on this site."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
