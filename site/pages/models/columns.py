"""A column: a list of pages under one heading, newest first."""

from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db import models
from django.db.models import BooleanField, CharField, DateField, F, Value
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from pages.blocks import BodyBlock
from pages.fields import StreamField
from pages.models.base import DatedPage, PublicPage
from pages.models.routes import FeedMixin


class ColumnPage(FeedMixin, PublicPage):
    query_budget = 9
    search_kind = _("Site column")
    template = "pages/column_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = [
        "pages.ContentPage",
        "pages.NewsPage",
        "pages.OutcomesPage",
        "pages.OrganisationsPage",
        "pages.SupervisionPage",
        "pages.ServicePointsPage",
        "pages.DocumentsPage",
        "pages.QuestionsPage",
        "pages.QuizPage",
    ]

    items_per_page = models.PositiveSmallIntegerField(
        _("items per page"), default=20, help_text=_("How many titles one page of the list shows.")
    )
    keywords = models.CharField(
        _("keywords"), max_length=120, blank=True, help_text=_("For the page labels; separated by commas.")
    )
    body = StreamField(
        BodyBlock(required=False),
        blank=True,
        verbose_name=_("body"),
        help_text=_("Shown above the list; may stay empty."),
    )

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    settings_panels = [*PublicPage.settings_panels, FieldPanel("items_per_page"), FieldPanel("keywords")]
    search_fields = [*PublicPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("site column")
        verbose_name_plural = _("site columns")

    def items(self) -> models.QuerySet[Page]:
        """Live children, newest first, of whatever type: one query.

        Each row carries `item_date`, `item_summary` and `item_is_sample` from its own type's table.
        """
        return dated(Page.objects.child_of(self).live())

    def feed_items(self) -> models.QuerySet[Page]:
        return self.items()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["listing"] = Paginator(self.items(), self.items_per_page or 20).get_page(request.GET.get("page"))
        return context


def dated(pages: models.QuerySet[Page]) -> models.QuerySet[Page]:
    """`pages` with the date, summary and sample mark of each row's own page type, newest first."""
    names = [model._meta.model_name for model in apps.get_models() if issubclass(model, DatedPage)]
    published = TruncDate(F("first_published_at"))
    return pages.annotate(
        item_date=Coalesce(*[F(f"{name}__date") for name in names], published, output_field=DateField()),
        item_summary=Coalesce(*[F(f"{name}__standfirst") for name in names], Value(""), output_field=CharField()),
        item_is_sample=Coalesce(
            *[F(f"{name}__is_sample") for name in names], Value(False), output_field=BooleanField()
        ),
    ).order_by("-item_date", "path")
