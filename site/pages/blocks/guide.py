"""How to get something done: steps in order, questions and answers, questions that lead to a page."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.base import Example
from pages.blocks.text import LINE_FEATURES


class StepsBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=40, label=_("Title"), help_text=_("What the steps lead to."))
    steps = blocks.ListBlock(
        blocks.CharBlock(max_length=200, label=_("Step")),
        min_num=2,
        label=_("Steps"),
        help_text=_("One action each, in the order they are done."),
    )

    class Meta:
        template = "pages/blocks/steps.html"
        icon = "list-ol"
        label = _("Steps")
        description = _("What to do, one step after the other.")


class AnswerBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=60, label=_("Question"), help_text=_("As a reader would ask it."))
    answer = blocks.RichTextBlock(
        features=LINE_FEATURES, label=_("Answer"), help_text=_("The answer first, then the reason.")
    )


class QuestionsBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, max_length=40, label=_("Title"), help_text=_("What the questions are about.")
    )
    questions = blocks.ListBlock(AnswerBlock(label=_("Question and answer")), min_num=1, label=_("Questions"))

    class Meta:
        template = "pages/blocks/questions.html"
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that open to their answers.")


class LeadBlock(Example, blocks.StructBlock):
    """A question on the home page and the page that answers it."""

    question = blocks.CharBlock(max_length=20, label=_("Question"), help_text=_("In the words of the one who asks."))
    hint = blocks.CharBlock(max_length=40, label=_("Hint"), help_text=_("What the answer covers, in one line."))
    page = blocks.PageChooserBlock(label=_("Page"), help_text=_("The page that answers it."))

    class Meta:
        template = "pages/blocks/lead.html"
        icon = "help"
        label = _("Question that leads to a page")
