"""A short quiz: a plain form that shows what is right and why, and keeps nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.search import index

from pages.blocks import QuizQuestionBlock
from pages.fields import StreamField
from pages.models.base import DatedPage


class QuizQuestionsBlock(StreamBlock):
    question = QuizQuestionBlock()


@dataclass(frozen=True)
class Option:
    value: int
    text: str
    is_right: bool
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """`chosen` is the number of the chosen answer, from 1; None where none was chosen."""

    number: int
    question: str
    options: list[Option]
    why: Any
    chosen: int | None

    @property
    def field(self) -> str:
        return f"q{self.number}"

    @property
    def right(self) -> Option:
        return next(option for option in self.options if option.is_right)

    @property
    def is_right(self) -> bool:
        return self.chosen == self.right.value


class QuizPage(DatedPage):
    """Answers come back in the query string and last as long as the page that shows them: no cookie, no row."""

    query_budget = 7
    search_kind = _("Quiz")
    template = "pages/quiz_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types: list[str] = []

    questions = StreamField(
        QuizQuestionsBlock(min_num=1), verbose_name=_("questions"), help_text=_("Three to ten; each with its reason.")
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("questions")]
    search_fields = [*DatedPage.search_fields, index.SearchField("questions")]

    class Meta:
        verbose_name = _("quiz page")
        verbose_name_plural = _("quiz pages")

    def asked(self, answers: Mapping[str, str]) -> list[Asked]:
        """Each question with the answer chosen in `answers` (`q1` → `"2"`); what is not an answer counts as none."""
        return [
            _asked(number, block.value, answers.get(f"q{number}", "")) for number, block in enumerate(self.questions, 1)
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        asked = self.asked(request.GET)
        context |= {
            "asked": asked,
            "is_answered": "done" in request.GET,
            "right_count": sum(question.is_right for question in asked),
        }
        return context


def _asked(number: int, value: Any, answer: str) -> Asked:
    chosen = int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 3 else None
    options = [
        Option(at, option["text"], bool(option["is_right"]), at == chosen)
        for at, option in enumerate(value["options"], start=1)
    ]
    known = chosen if any(option.is_chosen for option in options) else None
    return Asked(number, value["question"], options, value["why"], known)
