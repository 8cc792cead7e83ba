"""What every public page shares: labels, breadcrumbs, summary, search and sitemap protocols."""

import datetime
from collections.abc import Iterable
from itertools import chain, count
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField as WagtailStreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult

from pages.addresses import is_taken, refuse_taken, unnamed
from pages.page_form import PublicPageForm
from pages.way import steps_to, way_down

# Depth of a column: below Wagtail's root (1) and the site's home (2).
COLUMN_DEPTH = 3


class PublicPage(Page):
    """Abstract. House rules for page types are held by `pages.checks`; `query_budget` by tests/pages."""

    # Most SQL queries that a cold, anonymous request may take.
    query_budget: int

    search_kind: str | Promise = _("Page")

    # From the page at which routing began, itself included, down to this one; None where nothing was routed.
    way: list[Page] | None = None

    standfirst = models.CharField(
        _("summary"),
        max_length=160,
        blank=True,
        help_text=_("One or two sentences under the title; also shown in lists and by search engines."),
    )

    objects = PageManager()

    content_panels = [*Page.content_panels, FieldPanel("standfirst")]
    search_fields = [*Page.search_fields, index.SearchField("standfirst", boost=2)]

    class Meta:
        abstract = True

    # ── protocols of the rooms below ─────────────────────────────

    @classmethod
    def public_objects(cls) -> models.QuerySet[Page]:
        """Live pages without a view restriction above them."""
        return cls.objects.live().public()

    def get_absolute_url(self) -> str:
        return self.get_url() or ""

    def search_title(self) -> str:
        return self.title

    def search_text(self) -> str:
        return " ".join(text for text in (self.standfirst, *self.body_texts()) if text)

    def citation_texts(self) -> Iterable[str]:
        """Every text of this page in which an article of law may be named."""
        return [self.title, self.standfirst, *self.body_texts()]

    def body_texts(self) -> list[str]:
        """The text of every stream field, without markup, in reading order."""
        texts: list[str] = []
        for field in self._meta.get_fields():
            if isinstance(field, WagtailStreamField):
                texts.extend(_plain(part) for part in field.get_searchable_content(field.value_from_object(self)))
        return texts

    # ── how an address finds it ──────────────────────────────────

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """As Wagtail routes, in one query for the whole way down instead of two for each step."""
        if not path_components:
            return super().route(request, path_components)
        found = way_down(self, path_components)
        if not found:
            raise Http404
        page = found[-1].specific
        page.way = [self, *found]
        return page.route(request, path_components[len(found) :])

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """As Wagtail finds them, in one query where the way here is known. An alias has those of its source: ask."""
        way = self.way or ([self] if self.depth < COLUMN_DEPTH else [])
        if not way or any(page.alias_of_id for page in way):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.filter(page__path__in=steps_to(self.path))

    # ── what the frame shows ─────────────────────────────────────

    def crumbs(self) -> list[tuple[str, str | None]]:
        """Ancestors below the home page, then this page without a link."""
        if self.way:
            above = [page for page in self.way[:-1] if page.depth >= COLUMN_DEPTH]
        else:
            above = [] if self.depth <= COLUMN_DEPTH else list(self.get_ancestors().filter(depth__gte=COLUMN_DEPTH))
        return [*((page.title, page.get_url()) for page in above), (self.title, None)]

    def label_description(self) -> str:
        return self.search_description or self.standfirst

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["crumbs"] = self.crumbs()
        return context

    # ── its address ──────────────────────────────────────────────

    base_form_class = PublicPageForm

    def _set_core_field_defaults(self) -> None:
        """Wagtail makes a slug from the title, but hanzi give no ASCII one."""
        parent_is_known = bool(self.path or getattr(self, "_cached_parent_obj", None))
        if not self.slug and parent_is_known and not slugify(self.title):  # type: ignore[has-type]
            stem = unnamed(str(self._meta.model_name))
            self.slug = next(slug for number in count(1) if self._is_free(slug := f"{stem}-{number}"))
        super()._set_core_field_defaults()

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        """The first that is no sibling's and no app's."""
        with_number = (f"{base_slug}-{number}" for number in count(2))
        return next(slug for slug in chain([base_slug], with_number) if self._is_free(slug))

    def _is_free(self, slug: str) -> bool:
        parent = self.get_parent()
        return bool(Page._slug_is_available(slug, parent, self)) and not is_taken(slug, parent)

    def _check_slug_is_unique(self) -> None:
        """Asked of drafts and of what is public alike."""
        super()._check_slug_is_unique()
        refuse_taken(self.slug, self.get_parent())


class DatedPage(PublicPage):
    """Abstract. What stands in a column's list: it has a date, and says so when it is a made-up sample."""

    date = models.DateField(_("date"), default=timezone.localdate, help_text=_("The day shown beside the title."))
    is_sample = models.BooleanField(
        _("sample"),
        default=False,
        help_text=_("Tick where people, dates or events are invented; it is then marked so."),
    )

    dates_on_record: tuple[str, ...] = ("date",)
    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel([FieldPanel("date"), FieldPanel("is_sample")], heading=_("Date")),
    ]
    search_fields = [*PublicPage.search_fields, index.FilterField("date")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["beside"] = self.beside()
        return context

    def search_meta(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    def beside(self, most: int = 5) -> list[Page]:
        """Other live pages of the same column, in the column's order. Pages right below home have none."""
        if self.depth <= COLUMN_DEPTH:
            return []
        return list(self.get_siblings(inclusive=False).live().order_by("path")[:most])

    @property
    def label_date(self) -> datetime.date:
        """`PubDate` of the page labels."""
        return self.date


def _plain(text: str) -> str:
    return " ".join(strip_tags(text).split())
