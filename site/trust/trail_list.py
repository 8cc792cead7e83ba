"""The auditor's list of the trail: verbs in Chinese, and filters by person, verb, outcome and period."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import Button, HeaderButton

from trust.models import AuditEvent
from trust.readonly import ReadOnlyInspectView
from trust.verbs import action_label


def verbs_in_the_trail() -> list[tuple[str, str]]:
    """What has happened at all, by its name on screen."""
    verbs = AuditEvent.objects.order_by().values_list("action", flat=True).distinct()
    return sorted(((verb, action_label(verb)) for verb in verbs), key=lambda pair: pair[1])


def accounts_in_the_trail() -> list[tuple[str, str]]:
    names = AuditEvent.objects.order_by("actor_name").values_list("actor_name", flat=True).distinct()
    return [(name, name) for name in names if name]


class TrailFilters(WagtailFilterSet):
    actor_name = django_filters.MultipleChoiceFilter(
        label=_("account"), choices=accounts_in_the_trail, widget=CheckboxSelectMultiple
    )
    action = django_filters.MultipleChoiceFilter(
        label=_("action"), choices=verbs_in_the_trail, widget=CheckboxSelectMultiple
    )
    outcome = django_filters.ChoiceFilter(
        label=_("outcome"), choices=AuditEvent.Outcome.choices, widget=RadioSelect, empty_label=_("All outcomes")
    )
    happened_at = django_filters.DateFromToRangeFilter(label=_("time"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEvent
        fields: list[str] = []


def label_of(event: AuditEvent) -> str:
    return action_label(event.action)


class TrailList(IndexView):
    filterset_class = TrailFilters

    @cached_property
    def header_buttons(self) -> list[Button]:
        return [HeaderButton(_("Export"), url=reverse("trust_audit_export"), icon_name="download")]


class TrailDetail(ReadOnlyInspectView):
    def get_page_subtitle(self) -> str:
        return f"#{self.object.sequence} {label_of(self.object)}"

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return _("Seal") if field_name == "mac" else super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        if field_name == "action":
            return f"{label_of(self.object)} ({self.object.action})"
        return super().get_field_display_value(field_name, field)


ACTION = Column("action", label=_("action"), accessor=label_of, sort_key="action")
