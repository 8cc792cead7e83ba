"""Who is behind the work: committees, member units and their duties, papers in force, telephone lines."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.search import index

from pages.blocks import CommitteeBlock, LinesBlock, NoteBlock, PapersBlock, TextBlock, UnitsBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


class OrganisationsBlock(StreamBlock):
    text = TextBlock()
    committee = CommitteeBlock()
    units = UnitsBlock()
    papers = PapersBlock()
    lines = LinesBlock()
    note = NoteBlock()

    class Meta:
        template = "pages/blocks/body.html"


class OrganisationsPage(DatedPage):
    """Committees at district and town level, their members' duties, their papers, and whom to call."""

    query_budget = 8
    search_kind = _("Organisations")
    template = "pages/organisations_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    body = StreamField(
        OrganisationsBlock(), verbose_name=_("body"), help_text=_("Committees first, then units, papers and lines.")
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("body")]
    search_fields = [*DatedPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("organisations page")
        verbose_name_plural = _("organisations pages")
