"""Who does what: committees, member units and their duties, papers in force, telephone lines."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from pages.blocks.base import Example

SAMPLE_HELP = _("Tick where the details are invented; they are then marked so.")


class CommitteeBlock(Example, blocks.StructBlock):
    name = blocks.CharBlock(max_length=60, label=_("Name"), help_text=_("The full name of the committee."))
    level = blocks.ChoiceBlock(
        choices=[("district", _("District")), ("town", _("Town or street"))],
        default="district",
        label=_("Level"),
        help_text=_("Where it stands; the district comes first."),
    )
    serves = blocks.CharBlock(
        max_length=80, label=_("Serves"), help_text=_("The area that it answers for, in one line.")
    )
    office = blocks.CharBlock(
        max_length=80, label=_("Office"), help_text=_("Where its daily work is done, so whom to ask.")
    )
    duties = blocks.ListBlock(
        blocks.CharBlock(max_length=120, label=_("Duty")),
        default=[],
        label=_("Duties"),
        help_text=_("What it decides or coordinates, one thing a line; may stay empty."),
    )
    is_sample = blocks.BooleanBlock(required=False, label=_("Sample"), help_text=SAMPLE_HELP)

    class Meta:
        template = "pages/blocks/committee.html"
        icon = "group"
        label = _("Committee")
        description = _("A community correction committee, its office and its duties.")


class UnitBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=60, label=_("Name"), help_text=_("The member unit."))
    duties = blocks.ListBlock(
        blocks.CharBlock(max_length=120, label=_("Duty")),
        min_num=1,
        label=_("Duties"),
        help_text=_("What it answers for, one thing a line."),
    )
    phone = blocks.CharBlock(
        required=False, max_length=30, label=_("Telephone"), help_text=_("A line that anyone may call.")
    )


class UnitsBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(max_length=40, label=_("Title"), help_text=_("What these units have in common."))
    intro = blocks.CharBlock(
        required=False, max_length=160, label=_("Introduction"), help_text=_("One or two sentences above the list.")
    )
    is_sample = blocks.BooleanBlock(required=False, label=_("Sample"), help_text=SAMPLE_HELP)
    units = blocks.ListBlock(UnitBlock(label=_("Member unit")), min_num=1, label=_("Member units"))

    class Meta:
        template = "pages/blocks/units.html"
        icon = "group"
        label = _("Member units")
        description = _("Units and the duties of each.")


class PaperBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80, label=_("Title"), help_text=_("The title on the paper itself."))
    says = blocks.CharBlock(
        max_length=120, label=_("What it settles"), help_text=_("In one sentence, for someone who will not read it.")
    )
    document = DocumentChooserBlock(
        required=False, label=_("File"), help_text=_("Left empty, the page says that there is no file yet.")
    )
    is_sample = blocks.BooleanBlock(required=False, label=_("Sample"), help_text=SAMPLE_HELP)


class PapersBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(max_length=40, label=_("Title"), help_text=_("What the papers are for."))
    papers = blocks.ListBlock(PaperBlock(label=_("Paper")), min_num=1, label=_("Papers"))

    class Meta:
        template = "pages/blocks/papers.html"
        icon = "doc-full"
        label = _("Papers in force")
        description = _("Rules and lists, each with its file or with a word on where it is.")


class LineBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=40, label=_("Name"), help_text=_("What the line is called."))
    number = blocks.CharBlock(max_length=30, label=_("Number"), help_text=_("As one dials it."))
    what = blocks.CharBlock(max_length=80, label=_("What for"), help_text=_("When to call it, in one line."))
    hours = blocks.CharBlock(required=False, max_length=40, label=_("Hours"), help_text=_("Days and times of service."))
    is_sample = blocks.BooleanBlock(required=False, label=_("Sample"), help_text=SAMPLE_HELP)


class LinesBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(max_length=40, label=_("Title"), help_text=_("What the lines have in common."))
    lines = blocks.ListBlock(LineBlock(label=_("Line")), min_num=1, label=_("Lines"))

    class Meta:
        template = "pages/blocks/lines.html"
        icon = "mobile-alt"
        label = _("Telephone lines")
        description = _("Numbers that anyone may call, and what each is for.")


class LevelBlock(Example, blocks.StructBlock):
    """One level at which the procuratorate is present."""

    name = blocks.CharBlock(max_length=40, label=_("Name"), help_text=_("The level and its place."))
    who = blocks.CharBlock(max_length=80, label=_("Who"), help_text=_("Which people work there."))
    rhythm = blocks.CharBlock(max_length=80, label=_("How often"), help_text=_("When they are there."))
    looks_at = blocks.ListBlock(
        blocks.CharBlock(max_length=120, label=_("Subject")),
        min_num=1,
        label=_("What they look at"),
        help_text=_("One thing a line."),
    )
    is_sample = blocks.BooleanBlock(required=False, label=_("Sample"), help_text=SAMPLE_HELP)

    class Meta:
        template = "pages/blocks/level.html"
        icon = "view"
        label = _("Level of supervision")
        description = _("Where supervision takes place, by whom, how often and over what.")
