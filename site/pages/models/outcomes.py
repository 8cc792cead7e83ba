"""What came of the work, in figures."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock, StructValue
from wagtail.search import index

from pages.blocks import MoveBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


class MovesBlock(StreamBlock):
    move = MoveBlock()

    class Meta:
        template = "pages/blocks/moves.html"


class OutcomesPage(DatedPage):
    """Figures of the work, move by move; each with unit, time covered and source. The first of each stands on the home
    page."""

    query_budget = 12
    search_kind = _("Outcomes")
    template = "pages/outcomes_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    moves = StreamField(
        MovesBlock(), verbose_name=_("parts of the work"), help_text=_("The parts of the work, in order.")
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("moves")]
    search_fields = [*DatedPage.search_fields, index.SearchField("moves")]

    class Meta:
        verbose_name = _("outcomes page")
        verbose_name_plural = _("outcomes pages")

    def headline_moves(self) -> Iterable[StructValue]:
        """The moves that have a figure to show, in order."""
        return [move.value for move in self.moves if move.value["figures"]]
