"""Pages that are read: guides, case stories and statements; news and notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from pages.blocks import BodyBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


class ContentPage(DatedPage):
    """A page that explains something."""

    query_budget = 9
    template = "pages/content_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage", "pages.ServicePointsPage"]
    subpage_types: list[str] = []

    class Kind(models.TextChoices):
        GUIDE = "guide", _("Guide")
        CASE = "case", _("Case story")
        SERVICE = "service", _("Service point")
        STATEMENT = "statement", _("About this site")

    kind = models.CharField(
        _("kind of page"),
        max_length=10,
        choices=Kind,
        default=Kind.GUIDE,
        help_text=_("What search results call it."),
    )
    source = models.CharField(
        _("source"), max_length=80, blank=True, help_text=_("Who answers for the content; empty for the host.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), help_text=_("The page, block by block."))

    content_panels = [
        *DatedPage.content_panels,
        FieldPanel("kind"),
        FieldPanel("source"),
        FieldPanel("body"),
    ]
    search_fields = [*DatedPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")

    @property
    def search_kind(self) -> str:  # type: ignore[override]
        return str(self.Kind(self.kind).label)


class NewsPage(DatedPage):
    """News or a notice: what happened, when, and who says so."""

    query_budget = 9
    template = "pages/news_page.html"
    parent_page_types = ["pages.ColumnPage", "pages.SupervisionPage"]
    subpage_types: list[str] = []

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        NOTICE = "notice", _("Notice")
        PRESS = "press", _("In the press")
        INSPECTION = "inspection", _("Circuit inspection")

    # Both came after the first release: a column without NULL would be built anew under code that still runs.
    kind = models.CharField(  # noqa: DJ001
        _("kind of news"),
        max_length=10,
        choices=Kind,
        null=True,
        blank=True,
        help_text=_("What search results call it; empty for plain news."),
    )
    original_url = models.URLField(  # noqa: DJ001
        _("original"),
        null=True,
        blank=True,
        help_text=_("Where it was first published, if it stands on another site."),
    )

    source = models.CharField(
        _("source"), max_length=80, help_text=_("The organisation that published it first (来源).")
    )
    author = models.CharField(_("author"), max_length=40, blank=True, help_text=_("Who wrote it, if it is stated."))
    body = StreamField(BodyBlock(), verbose_name=_("body"), help_text=_("The news, the main thing first."))

    content_panels = [
        *DatedPage.content_panels,
        FieldPanel("kind"),
        MultiFieldPanel([FieldPanel("source"), FieldPanel("author"), FieldPanel("original_url")], heading=_("Source")),
        FieldPanel("body"),
    ]
    search_fields = [*DatedPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("news page")
        verbose_name_plural = _("news pages")

    @property
    def search_kind(self) -> str:  # type: ignore[override]
        return str(self.Kind(self.kind or self.Kind.NEWS).label)
