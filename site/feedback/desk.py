"""The screens of those who answer: the list of messages, and one message with all that can be done with it.

Opening a message, its contact data, an export, an erasure: each is a line of the trail that names the number only.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from feedback import handling, terms
from feedback.messages import erase
from feedback.models import LONGEST_TEXT, Message, ReplyTemplate
from feedback.views import held_file
from trust.audit import record
from trust.held import HeldPolicy

policy = HeldPolicy(Message)  # superusers without the role included among those who are refused (decision 0011)
Act = Callable[[HttpRequest, Message], HttpResponse | None]


class StateColumn(Column):
    """The state, and how long there is still time: in words and in colour."""

    cell_template_name = "feedback/admin/state_cell.html"


class InboxFilters(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Message.State.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=Message.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    due = django_filters.ChoiceFilter(
        label=gettext_lazy("Answer due"),
        choices=[("overdue", gettext_lazy("Overdue")), ("soon", gettext_lazy("Due soon"))],
        method="by_due",
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    whose = django_filters.ChoiceFilter(
        label=gettext_lazy("Handled by"),
        choices=[("mine", gettext_lazy("Me")), ("nobody", gettext_lazy("Nobody yet"))],
        method="by_person",
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Message
        fields: list[str] = []

    def by_due(self, rows: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        rows = rows.filter(state__in=Message.WAITING)
        if value == "overdue":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__gte=today, due_on__lte=today + timedelta(days=terms.SOON_DAYS))

    def by_person(self, rows: Any, name: str, value: str) -> Any:
        if value == "nobody":
            return rows.filter(assigned_to=None, state=Message.State.NEW)
        return rows.filter(assigned_to=self.request.user)


class Inbox(generic.IndexView):
    """Every message, the most urgent first; what was written is read on its own page, which is recorded."""

    model = Message
    permission_policy = policy
    any_permission_required = ["view"]
    page_title = gettext_lazy("Messages from the public")
    header_icon = "mail"
    template_name = "feedback/admin/inbox.html"
    index_url_name = "feedback_inbox"
    index_results_url_name = "feedback_inbox_results"
    filterset_class = InboxFilters
    paginate_by = 50
    default_ordering = "-received_at"
    columns = [
        TitleColumn("number", label=gettext_lazy("Receipt number"), url_name="feedback_message", sort_key="number"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        StateColumn("state", label=gettext_lazy("State")),
        Column(
            "due_on",
            label=gettext_lazy("Answer due"),
            accessor=lambda message: message.due_on.isoformat(),
            sort_key="due_on",
        ),
        Column("assigned_to", label=gettext_lazy("Handled by"), accessor="assigned_to"),
        Column(
            "received_at",
            label=gettext_lazy("Received"),
            accessor=lambda message: f"{timezone.localtime(message.received_at):%Y-%m-%d %H:%M}",
            sort_key="received_at",
        ),
    ]

    def get_base_queryset(self) -> Any:
        return Message.objects.select_related("assigned_to").defer("text", "reply", "name", "contact")


class AssignForm(forms.Form):
    person: forms.ModelChoiceField = forms.ModelChoiceField(label=gettext_lazy("Handled by"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = policy.users_with_permission("answer").order_by("username")  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Reply"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Whoever holds the receipt reads it at once. Leave out personal data of others."),
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Internal note"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


@never_cache
@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One message. `?template=` puts a reply template into the reply."""
    _require(request, "view")
    message = get_object_or_404(Message, pk=pk)
    record("feedback.read", subject=message)
    return _show(request, message)


@never_cache
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """What the button `do` says, for those who may; then back to the message."""
    message = get_object_or_404(Message, pk=pk)
    permission, deed = ACTS.get(request.POST.get("do", ""), ("", None))
    if deed is None:
        raise PermissionDenied
    _require(request, permission)
    try:
        response = deed(request, message)
    except handling.WrongState:
        messages.error(request, _("Somebody was quicker: this message has moved on. Look at it again."))
        response = None
    return response or redirect("feedback_message", message.pk)


def _show(request: HttpRequest, message: Message, status: int = 200, **shown: Any) -> HttpResponse:
    message.refresh_from_db()
    may_answer = policy.user_has_permission(request.user, "answer")
    chosen = _template(request)
    context = {
        "message": message,
        "heading": f"{message.get_kind_display()} {message.number}",
        "notes": message.notes.select_related("author"),
        "may_answer": may_answer,
        "may_see_contact": policy.user_has_permission(request.user, "contact"),
        "may_take": {step: may_answer and handling.may_take(message, step) for step in handling.STEPS},
        "templates": _templates_for(message) if may_answer else [],
        "chosen": chosen,
        "countdown": countdown(message),
        "assign_form": AssignForm(initial={"person": message.assigned_to_id}),
        "reply_form": ReplyForm(initial={"text": chosen.text if chosen else message.reply}),
        "note_form": NoteForm(),
        "terms": terms,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("feedback_inbox"), "label": _("Messages from the public")},
            {"url": "", "label": message.number},
        ],
        "header_title": message.number,
        "header_icon": "mail",
    }
    return render(request, "feedback/admin/message.html", context | shown, status=status)


def countdown(message: Message) -> str:
    """How long there is still time for an answer, in words; nothing where none is waited for."""
    if not message.is_waiting:
        return ""
    days = message.days_left()
    if days < 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _require(request: HttpRequest, permission: str) -> None:
    if not policy.user_has_permission(request.user, permission):
        raise PermissionDenied


def _template(request: HttpRequest) -> ReplyTemplate | None:
    chosen = request.GET.get("template", "")
    return ReplyTemplate.objects.filter(pk=chosen).first() if chosen.isdecimal() else None


def _templates_for(message: Message) -> list[ReplyTemplate]:
    """All of them; those for this kind of message first."""
    return sorted(ReplyTemplate.objects.all(), key=lambda template: (template.kind != message.kind, template.title))


def _assign(request: HttpRequest, message: Message) -> HttpResponse | None:
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _show(request, message, 422, assign_form=form)
    handling.assign(message, form.cleaned_data["person"], request.user)
    messages.success(request, _("Handed over."))
    return None


def _answer(request: HttpRequest, message: Message) -> HttpResponse | None:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _show(request, message, 422, reply_form=form)
    handling.answer(message, form.cleaned_data["text"], request.user)
    messages.success(request, _("Sent: whoever holds the receipt can read it now."))
    return None


def _note(request: HttpRequest, message: Message) -> HttpResponse | None:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, message, 422, note_form=form)
    handling.add_note(message, form.cleaned_data["note"], request.user)
    return None


def _close(request: HttpRequest, message: Message) -> None:
    handling.close(message, request.user)


def _spam(request: HttpRequest, message: Message) -> None:
    handling.mark_spam(message, request.user)


def _restore(request: HttpRequest, message: Message) -> None:
    handling.restore(message, request.user)


def _contact(request: HttpRequest, message: Message) -> HttpResponse:
    record("feedback.contact", subject=message)
    return _show(request, message, shows_contact=True)


def _export(request: HttpRequest, message: Message) -> HttpResponse:
    record("feedback.export", subject=message)
    return held_file(message, as_json=False)


def _erase(request: HttpRequest, message: Message) -> None:
    """For a person who asks by telephone or letter, and has shown who they are."""
    if request.POST.get("sure") != "yes" or message.is_erased:
        return
    erase(message, Message.Erased.REQUEST)
    record("feedback.erase", subject=message)
    messages.success(request, _("Erased. Number, kind and dates stay, for counting."))


#: What a button says → the permission it takes and what it does.
ACTS: dict[str, tuple[str, Act]] = {
    "assign": ("answer", _assign),
    "answer": ("answer", _answer),
    "note": ("answer", _note),
    "close": ("answer", _close),
    "spam": ("answer", _spam),
    "restore": ("answer", _restore),
    "contact": ("contact", _contact),
    "export": ("contact", _export),
    "erase": ("contact", _erase),
}
