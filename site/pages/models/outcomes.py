"""What came of the work, in figures."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock, StructValue
from wagtail.search import index

from pages import figures
from pages.blocks import MoveBlock, OutreachBlock
from pages.fields import StreamField
from pages.models.base import DatedPage
from pages.models.routes import ManyAddressesMixin, attachment, path


class MovesBlock(StreamBlock):
    move = MoveBlock()
    outreach = OutreachBlock()

    class Meta:
        template = "pages/blocks/moves.html"


class OutcomesPage(ManyAddressesMixin, DatedPage):
    """Figures of the work, move by move; each with unit, time covered and source. The first of each stands on the home
    page. The same rows are a table, bars, and files to take away."""

    query_budget = 8
    search_kind = _("Outcomes")
    template = "pages/outcomes_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    moves = StreamField(
        MovesBlock(),
        verbose_name=_("parts of the work"),
        help_text=_("The parts of the work, in order; then the outreach log."),
    )
    content_panels = [*DatedPage.content_panels, FieldPanel("moves")]
    search_fields = [*DatedPage.search_fields, index.SearchField("moves")]

    class Meta:
        verbose_name = _("outcomes page")
        verbose_name_plural = _("outcomes pages")

    def headline_moves(self) -> Iterable[StructValue]:
        """The moves that have a figure to show, in order."""
        return [move.value for move in figures.parts(self.moves) if move.value["figures"]]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context |= {
            "rows": figures.figure_rows(self.moves),
            "charts": figures.charts(self.moves),
            "outreach": figures.outreach_rows(self.moves),
        }
        return context

    @path("csv/", name="csv")
    def serve_csv(self, request: HttpRequest) -> HttpResponse:
        text = figures.figures_csv(figures.figure_rows(self.moves))
        return attachment(text, "text/csv; charset=utf-8", f"{self.slug}.csv")

    @path("outreach/", name="outreach")
    def serve_outreach(self, request: HttpRequest) -> HttpResponse:
        text = figures.outreach_csv(figures.outreach_rows(self.moves))
        return attachment(text, "text/csv; charset=utf-8", f"{self.slug}-outreach.csv")

    @path("json/", name="json")
    def serve_json(self, request: HttpRequest) -> HttpResponse:
        rows, outreach = figures.figure_rows(self.moves), figures.outreach_rows(self.moves)
        text = figures.figures_json(self.title, self.get_full_url(request), rows, outreach)
        return attachment(text, "application/json", f"{self.slug}.json")
