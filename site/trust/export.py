"""The trail for auditors: the rows of a period as a table, under what the check of the whole trail said."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.auth import user_passes_test
from wagtail.admin.widgets import AdminDateInput

from trust.audit import record, verify
from trust.chain import Fault
from trust.models import AuditEvent
from trust.verbs import action_label

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for one
BREAKS_SHOWN = 20
ACTION_AT = 2  # column of the verb


def say_fault(fault: Fault) -> str:
    return {
        Fault.MISSING: _("the row is missing"),
        Fault.REORDERED: _("the row does not follow the one before it"),
        Fault.ALTERED: _("the row was altered after it was written"),
        Fault.REPLACED: _("the row is not the one that was noted outside the database"),
        Fault.CUT_OFF: _("the row was noted outside the database and is gone: the end of the trail was cut off"),
        Fault.RETIRED_ALTERED: _("the list of retired months was altered"),
    }[fault]


class PeriodForm(forms.Form):
    start = forms.DateField(
        label=gettext_lazy("first day"), widget=AdminDateInput(), help_text=gettext_lazy("Beijing time, included.")
    )
    end = forms.DateField(
        label=gettext_lazy("last day"), widget=AdminDateInput(), help_text=gettext_lazy("Beijing time, included.")
    )

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day comes before the first."))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def table(start: date, end: date) -> Iterator[list[object]]:
    """What was checked and found, an empty row, the heading, then each row of the period as it was sealed."""
    breaks = verify()
    yield [_("Audit trail"), f"{start} – {end}"]
    yield [_("exported at"), timezone.localtime().isoformat(timespec="seconds")]
    result = _("The whole trail was checked and is sound.") if not breaks else _("The audit trail is broken:")
    yield [_("check"), result, *(f"#{place.sequence}: {say_fault(place.fault)}" for place in breaks[:BREAKS_SHOWN])]
    yield []
    fields = [AuditEvent._meta.get_field(name) for name in (
        "sequence", "happened_at", "action", "outcome", "actor_name", "address", "subject_type", "subject_id",
        "subject_name", "detail",
    )]  # fmt: skip
    names = [str(getattr(field, "verbose_name", "")) for field in fields]
    names.insert(ACTION_AT + 1, _("action in words"))
    yield [*names, _("seal of the row before"), _("seal")]
    rows = AuditEvent.objects.filter(
        happened_at__gte=midnight(start), happened_at__lt=midnight(end + timedelta(days=1))
    )
    for event in rows.order_by("sequence").iterator(chunk_size=2000):
        yield [
            event.sequence,
            timezone.localtime(event.happened_at).isoformat(timespec="microseconds"),
            event.action,
            action_label(event.action),
            event.get_outcome_display(),
            event.actor_name,
            event.address,
            event.subject_type,
            event.subject_id,
            event.subject_name,
            json.dumps(event.detail, ensure_ascii=False, sort_keys=True, default=str) if event.detail else "",
            event.previous_mac,
            event.mac,
        ]


def lines(rows: Iterator[list[object]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # without it, spreadsheets misread Chinese
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([cell(value) for value in row])
        yield buffer.getvalue().encode()


@method_decorator(user_passes_test(lambda user: user.has_perm("trust.view_auditevent")), name="dispatch")
class AuditExport(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        return self.show(request, PeriodForm(initial={"start": today.replace(day=1), "end": today}))

    def post(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        form = PeriodForm(request.POST)
        if not form.is_valid():
            return self.show(request, form)
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        record("audit.export", detail={"from": start.isoformat(), "to": end.isoformat()})
        response = StreamingHttpResponse(lines(table(start, end)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{start}-{end}.csv"'
        return response

    def show(self, request: HttpRequest, form: PeriodForm) -> HttpResponse:
        return render(request, "trust/audit_export.html", {"form": form})
