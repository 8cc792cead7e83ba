"""Questions and answers, each with an address of its own."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.search import index

from pages.blocks import QuestionsBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


class SubjectsBlock(StreamBlock):
    subject = QuestionsBlock()

    class Meta:
        template = "pages/blocks/body.html"


@dataclass(frozen=True)
class Answer:
    anchor: str
    question: str
    answer: Any


@dataclass(frozen=True)
class Subject:
    title: str
    anchor: str
    answers: list[Answer]


class QuestionsPage(DatedPage):
    """Questions by subject. A question keeps its anchor when it is reworded or moved."""

    query_budget = 8
    search_kind = _("Questions and answers")
    template = "pages/questions_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    subjects = StreamField(
        SubjectsBlock(), verbose_name=_("subjects"), help_text=_("Questions grouped by subject, the commonest first.")
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("subjects")]
    search_fields = [*DatedPage.search_fields, index.SearchField("subjects")]

    class Meta:
        verbose_name = _("questions page")
        verbose_name_plural = _("questions pages")

    def grouped(self) -> list[Subject]:
        found = []
        for number, block in enumerate(self.subjects, start=1):
            answers = [
                Answer(f"q-{(bound.id or str(at))[:8]}", bound.value["question"], bound.value["answer"])
                for at, bound in enumerate(block.value["questions"].bound_blocks, start=1)
            ]
            found.append(Subject(block.value["title"], f"subject-{number}", answers))
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["groups"] = self.grouped()
        return context
