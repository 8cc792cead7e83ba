"""Figures: a number with its unit, the time it covers and where it comes from."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from pages.blocks.base import Example


class FigureBlock(Example, blocks.StructBlock):
    value = blocks.DecimalBlock(label=_("Value"), help_text=_("The number alone, without its unit."))
    unit = blocks.CharBlock(max_length=8, label=_("Unit"), help_text=_("Person-times, sessions, reports…"))
    what = blocks.CharBlock(max_length=60, label=_("What it counts"), help_text=_("One line, readable by itself."))
    since = blocks.DateBlock(
        required=False,
        label=_("First day counted"),
        help_text=_("Left empty where the number states how things are on one day."),
    )
    as_of = blocks.DateBlock(label=_("Last day counted"), help_text=_("Or the one day on which it is true."))
    source = blocks.CharBlock(max_length=80, label=_("Source"), help_text=_("Who published it, and where."))

    class Meta:
        template = "pages/blocks/figure.html"
        icon = "view"
        label = _("Figure")
        description = _("A number with its unit, the time it covers and its source.")


class FiguresBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=40, label=_("Title"), help_text=_("What the figures show."))
    figures = blocks.ListBlock(FigureBlock(), min_num=1, label=_("Figures"))

    class Meta:
        template = "pages/blocks/figures.html"
        icon = "view"
        label = _("Figures")
        description = _("Several numbers side by side.")


class MoveBlock(Example, blocks.StructBlock):
    """One of the moves in which a district sums up its work."""

    name = blocks.CharBlock(max_length=12, label=_("Name"), help_text=_("The name of the move."))
    subject = blocks.CharBlock(max_length=20, label=_("Subject"), help_text=_("What it is about."))
    is_party = blocks.BooleanBlock(
        required=False, label=_("Party building"), help_text=_("Sets the figures of this move in red.")
    )
    summary = blocks.CharBlock(max_length=80, label=_("Summary"), help_text=_("One sentence for the home page."))
    text = blocks.RichTextBlock(
        features=["bold", "ul", "link"], label=_("Text"), help_text=_("What was done, in a few short paragraphs.")
    )
    figures = blocks.ListBlock(
        FigureBlock(), min_num=1, label=_("Figures"), help_text=_("The first one is shown on the home page.")
    )

    class Meta:
        template = "pages/blocks/move.html"
        icon = "pick"
        label = pgettext_lazy("part of the work", "Move")
        description = _("A part of the work with its figures.")


class OutreachRowBlock(blocks.StructBlock):
    since = blocks.DateBlock(label=_("First day counted"), help_text=_("The first day of the span."))
    as_of = blocks.DateBlock(label=_("Last day counted"), help_text=_("The last day of the span."))
    street = blocks.CharBlock(max_length=20, label=_("Street or town"), help_text=_("Where; never whose home."))
    what = blocks.CharBlock(max_length=40, label=_("What was done"), help_text=_("Visits, talks, stands, screenings…"))
    sessions = blocks.IntegerBlock(min_value=0, label=_("Times"), help_text=_("How many times it was done."))
    persons = blocks.IntegerBlock(
        min_value=0, label=_("Person-times"), help_text=_("How many were reached, counted each time anew.")
    )
    is_sample = blocks.BooleanBlock(
        required=False, label=_("Sample"), help_text=_("Tick where the numbers are invented; they are then marked so.")
    )


class OutreachBlock(Example, blocks.StructBlock):
    """Counts of outreach by place and span of time. Counts only: nothing here could name a person."""

    counts = blocks.ListBlock(
        OutreachRowBlock(label=_("Count")),
        min_num=1,
        label=_("Counts"),
        help_text=_("One row for each place and span. Never enter anything about one person."),
    )

    class Meta:
        template = "pages/blocks/outreach.html"
        icon = "list-ul"
        label = _("Outreach log")
        description = _("How often legal publicity reached people, and where; counts only.")

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["sessions"] = sum(row["sessions"] for row in value["counts"])
        context["persons"] = sum(row["persons"] for row in value["counts"])
        return context
