"""One question of a quiz: answers to choose from, one of them right, and why."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks.base import Example
from pages.blocks.text import LINE_FEATURES


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=80, label=_("Answer"), help_text=_("One of the answers to choose from."))
    is_right = blocks.BooleanBlock(
        required=False, label=_("This is right"), help_text=_("Tick it for exactly one answer.")
    )


class QuizQuestionBlock(Example, blocks.StructBlock):
    question = blocks.CharBlock(max_length=120, label=_("Question"), help_text=_("A situation from everyday life."))
    options = blocks.ListBlock(
        OptionBlock(label=_("Answer")),
        min_num=2,
        max_num=5,
        label=_("Answers"),
        help_text=_("Two to five, one of them right."),
    )
    why = blocks.RichTextBlock(
        features=LINE_FEATURES, label=_("Why"), help_text=_("The reason, and the article that says so.")
    )

    class Meta:
        template = "pages/blocks/quiz_question.html"
        icon = "help"
        label = _("Quiz question")
        description = _("A question with one right answer and its reason.")

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if sum(bool(option["is_right"]) for option in value["options"]) != 1:
            raise StructBlockValidationError(
                {"options": ValidationError(_("Exactly one of the answers must be ticked as right."))}
            )
        return value
