"""Places where a person gets help."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.base import Example


class PlaceBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=40, label=_("Name"), help_text=_("As on its sign."))
    area = blocks.CharBlock(
        required=False, max_length=40, label=_("Serves"), help_text=_("Streets, towns or villages.")
    )
    address = blocks.CharBlock(
        max_length=80, label=_("Address"), help_text=_("Street and number, as one would tell a driver.")
    )
    phone = blocks.CharBlock(required=False, max_length=30, label=_("Telephone"), help_text=_("With its area code."))
    hours = blocks.CharBlock(required=False, max_length=60, label=_("Hours"), help_text=_("Days and times of service."))
    is_sample = blocks.BooleanBlock(
        required=False, label=_("Sample"), help_text=_("Tick where the details are invented; they are then marked so.")
    )


class PlacesBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, max_length=40, label=_("Title"), help_text=_("What these places have in common.")
    )
    places = blocks.ListBlock(PlaceBlock(label=_("Place")), min_num=1, label=_("Places"))

    class Meta:
        template = "pages/blocks/places.html"
        icon = "site"
        label = _("Places")
        description = _("Offices and service points with address, telephone and hours.")
