"""A service point as a row: where it is, when it is open, what one can get done there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks.base import Example

SERVICES = [
    ("report", _("Reporting in")),
    ("leave", _("Asking for leave")),
    ("talk", _("Counselling")),
    ("hardship", _("Hardship help")),
    ("work", _("Work and training")),
    ("aid", _("Legal aid")),
    ("supervision", _("Procuratorate's reception")),
]


class PointBlock(Example, blocks.StructBlock):
    name = blocks.CharBlock(max_length=40, label=_("Name"), help_text=_("As on its sign."))
    street = blocks.CharBlock(
        max_length=20, label=_("Street or town"), help_text=_("Its 街道 or 镇; points of one stand together.")
    )
    address = blocks.CharBlock(
        max_length=80, label=_("Address"), help_text=_("Street and number, as one would tell a driver.")
    )
    phone = blocks.CharBlock(required=False, max_length=30, label=_("Telephone"), help_text=_("With its area code."))
    hours = blocks.CharBlock(required=False, max_length=60, label=_("Hours"), help_text=_("Days and times of service."))
    services = blocks.MultipleChoiceBlock(
        choices=SERVICES, required=False, label=_("Services"), help_text=_("What one can get done here.")
    )
    longitude = blocks.DecimalBlock(
        required=False,
        min_value=-180,
        max_value=180,
        label=_("Longitude"),
        help_text=_("WGS-84, in degrees. Left empty, the point is not on the sketch."),
    )
    latitude = blocks.DecimalBlock(
        required=False, min_value=-90, max_value=90, label=_("Latitude"), help_text=_("WGS-84, in degrees.")
    )
    as_of = blocks.DateBlock(label=_("Checked on"), help_text=_("The day on which somebody last confirmed this row."))
    is_sample = blocks.BooleanBlock(
        required=False, label=_("Sample"), help_text=_("Tick where the details are invented; they are then marked so.")
    )

    class Meta:
        template = "pages/blocks/point.html"
        icon = "site"
        label = _("Service point")
        description = _("A place to go to, with what one can get done there.")

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if (value["longitude"] is None) != (value["latitude"] is None):
            missing = "longitude" if value["longitude"] is None else "latitude"
            raise StructBlockValidationError(
                {missing: ValidationError(_("A position takes longitude and latitude; give both or neither."))}
            )
        return value

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        labels = dict(SERVICES)
        context["services"] = [labels[name] for name in value["services"] or [] if name in labels]
        return context
