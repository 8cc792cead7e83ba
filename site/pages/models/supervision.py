"""Legal supervision: how the procuratorate is present at two levels, what its circuit inspections announce."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.search import index

from pages.blocks import BodyBlock, LevelBlock
from pages.fields import StreamField
from pages.models.base import DatedPage
from pages.models.content import NewsPage
from pages.models.routes import FeedMixin


class LevelsBlock(StreamBlock):
    level = LevelBlock()

    class Meta:
        template = "pages/blocks/levels.html"


class SupervisionPage(FeedMixin, DatedPage):
    """How supervision works and what to do when you disagree; its announcements are the news pages below it."""

    query_budget = 9
    search_kind = _("Legal supervision")
    template = "pages/supervision_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types = ["pages.NewsPage"]

    levels = StreamField(
        LevelsBlock(), verbose_name=_("levels"), help_text=_("Each level at which the procuratorate is present.")
    )
    body = StreamField(
        BodyBlock(required=False),
        blank=True,
        verbose_name=_("body"),
        help_text=_("Below the levels: what to do when you disagree."),
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("levels"), FieldPanel("body")]
    search_fields = [*DatedPage.search_fields, index.SearchField("levels"), index.SearchField("body")]

    class Meta:
        verbose_name = _("legal supervision page")
        verbose_name_plural = _("legal supervision pages")

    def feed_items(self) -> models.QuerySet[Any]:
        return self.announcements()

    def announcements(self) -> models.QuerySet[Any]:
        """Live news pages below this page, newest first."""
        return (
            NewsPage.objects.child_of(self)
            .live()
            .annotate(
                item_date=models.F("date"), item_summary=models.F("standfirst"), item_is_sample=models.F("is_sample")
            )
            .order_by("-date", "path")
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["announcements"] = self.announcements()
        return context
