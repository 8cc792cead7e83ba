"""The home page: search beside the route map, one article today, questions, films, figures, the street, news."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.models import Page, PageManager
from wagtail.search import index

from pages import home_parts
from pages.blocks import LeadBlock
from pages.fields import StreamField
from pages.models.base import PublicPage
from pages.models.columns import dated
from pages.models.content import ContentPage, NewsPage
from pages.models.outcomes import OutcomesPage
from pages.models.routes import FeedMixin
from pages.navigation import frame_of


class LeadsBlock(StreamBlock):
    lead = LeadBlock()

    class Meta:
        template = "pages/blocks/leads.html"


class HomeManager(PageManager):
    """Fetches the page of the street with the home page: one query less on the page that everybody opens."""

    def get_queryset(self) -> models.QuerySet[Page]:
        return super().get_queryset().select_related("street_page")

    def select_for_update(self, *args: Any, **kwargs: Any) -> Any:
        """Without the join: PostgreSQL cannot lock a row that may be missing, and adding a child locks its parent."""
        return super().get_queryset().select_for_update(*args, **kwargs)


class HomePage(FeedMixin, PublicPage):
    query_budget = 11
    search_kind = _("Home")
    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.ColumnPage",
        "pages.ContentPage",
        "pages.OutcomesPage",
        "pages.OrganisationsPage",
        "pages.SupervisionPage",
        "pages.ServicePointsPage",
        "pages.DocumentsPage",
        "pages.QuestionsPage",
        "pages.QuizPage",
        "pages.EventsPage",
        "pages.LandingPage",
    ]
    max_count = 1

    headline = models.TextField(
        _("headline"), max_length=60, help_text=_("The title in large type; each line stands on its own.")
    )
    intro = models.CharField(_("introduction"), max_length=160, help_text=_("Who this site is for and what it offers."))
    try_words = models.CharField(
        _("words to try"),
        max_length=80,
        blank=True,
        help_text=_("Under the search field, separated by spaces; each is a link to its search."),
    )
    route_title = models.CharField(
        _("title of the route map"), max_length=20, blank=True, help_text=_("Above the chapters of the law.")
    )
    chapter_names = models.TextField(
        _("names of the chapters"),
        max_length=400,
        blank=True,
        help_text=_(
            "Our own short name for each chapter, one a line. Left out, or not one for each: the official titles."
        ),
    )
    leads = StreamField(
        LeadsBlock(required=False),
        blank=True,
        verbose_name=_("questions"),
        help_text=_("Six questions at most, each leading to the page that answers it."),
        max_num=6,
    )
    moves_title = models.CharField(
        _("title of the figures"), max_length=20, blank=True, help_text=_("Above the figures of the outcomes page.")
    )
    street_title = models.CharField(
        _("title of the street"), max_length=30, blank=True, help_text=_("Beside the drawing of bus and shelter.")
    )
    street_text = models.CharField(
        _("text of the street"),
        max_length=160,
        blank=True,
        help_text=_("Where the advertisements hang and what their codes open."),
    )
    street_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page of the street"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The page behind the button beside the drawing."),
    )

    objects = HomeManager()

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [FieldPanel(name) for name in ("headline", "intro", "try_words", "route_title", "chapter_names")],
            heading=_("Top of the home page"),
        ),
        FieldPanel("leads"),
        FieldPanel("moves_title"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("street_title", "street_text", "street_page")], heading=_("On the street")
        ),
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("intro"), index.SearchField("leads")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def crumbs(self) -> list[tuple[str, str | None]]:
        return []

    def feed_items(self) -> models.QuerySet[Page]:
        """News, guides, stories and figures of the whole site; not the pages that the site has about itself."""
        pages = Page.objects.descendant_of(self).live().public().type(ContentPage, NewsPage, OutcomesPage)
        return dated(pages.exclude(contentpage__kind=ContentPage.Kind.STATEMENT))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        news = home_parts.news(self, 4)
        service_points, outcomes = home_parts.points_and_outcomes(self)
        columns = frame_of(request).page_columns
        route = home_parts.law_route([name.strip() for name in self.chapter_names.splitlines() if name.strip()])
        context |= {
            "headline_lines": self.headline.splitlines(),
            "law": route,
            "today": home_parts.article_today(route),
            "films": home_parts.films(5),
            "service_points": service_points,
            "outcomes": outcomes,
            "news": news,
            "more_columns": frame_of(request).more_columns,
            "news_url": next(
                (column.url for column in columns if news and (news[0].url or "").startswith(column.url)), ""
            ),
        }
        return context
