"""Documents to download: what the library holds, shelf by shelf."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.search import index

from pages.blocks import BodyBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


@dataclass(frozen=True)
class Shelf:
    name: str
    anchor: str
    documents: list[Any]


class DocumentsPage(DatedPage):
    """Every public document of one collection and those below it, newest first on each shelf."""

    query_budget = 8
    search_kind = _("Documents")
    template = "pages/documents_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    collection = models.ForeignKey(
        "wagtailcore.Collection",
        verbose_name=_("collection"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Its public documents are listed, and those of the collections below it, each as a shelf."),
    )
    body = StreamField(
        BodyBlock(required=False), blank=True, verbose_name=_("body"), help_text=_("Above the shelves; may stay empty.")
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("collection"), FieldPanel("body")]
    search_fields = [*DatedPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("documents page")
        verbose_name_plural = _("documents pages")

    def shelves(self) -> list[Shelf]:
        """Shelves with something on them. Documents behind a restriction of their collection are left out."""
        top = Collection.objects.filter(pk=self.collection_id).values("path")
        closed = CollectionViewRestriction.objects.annotate(
            place=ExpressionWrapper(OuterRef("collection__path"), output_field=models.CharField())
        )
        documents = (
            get_document_model()
            .objects.filter(~Exists(closed.filter(place__startswith=F("collection__path"))))
            .filter(collection__path__startswith=Subquery(top))
            .select_related("collection")
            .order_by("collection__path", "-created_at", "pk")
        )
        return [
            Shelf(place.name, f"c{place.pk}", list(held))
            for place, held in groupby(documents, key=lambda document: document.collection)
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["shelves"] = self.shelves()
        return context
