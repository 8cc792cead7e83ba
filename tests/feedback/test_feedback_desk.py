"""The desk: who may do what with a message, in which order, and that each look and each deed is on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.handling import STEPS, WrongState, answer, assign, close, mark_spam
from feedback.health import Waiting, waiting
from feedback.messages import Receipt
from feedback.models import Message, Note, ReplyTemplate
from trust.models import AuditEvent
from trust.roles import Role

INBOX = "/admin/messages/"
ANSWER = "示例答复：新的安排贴在街口。"


def address(message: Message) -> str:
    return f"{INBOX}{message.pk}/"


def do(client: Client, message: Message, deed: str, **values: str) -> Any:
    return client.post(f"{address(message)}do/", {"do": deed, **values})


def actions(message: Message) -> list[str]:
    events = AuditEvent.objects.filter(subject_type="feedback.message", subject_id=str(message.pk))
    return list(events.order_by("sequence").values_list("action", flat=True))


DEEDS: dict[str, dict[str, str]] = {
    "assign": {},
    "answer": {"text": ANSWER},
    "note": {"note": "示例备注"},
    "close": {},
    "spam": {},
    "restore": {},
    "contact": {},
    "export": {},
    "erase": {"sure": "yes"},
}


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_only_editors_handle_messages_and_auditors_read_them(
    role: str, person: Callable[..., Any], message: Message
) -> None:
    client = Client()
    client.force_login(person(role))
    sees = role in {"editor", "auditor"}
    assert (client.get(INBOX).status_code == 200) is sees
    page = client.get(address(message))
    assert (page.status_code == 200) is sees
    if role == "auditor":
        assert message.text in page.content.decode()
    for deed, values in DEEDS.items():
        before = Message.objects.values().get()
        response = do(client, message, deed, **values)
        assert (response.status_code in {200, 422} or response.headers.get("Location") == address(message)) is (
            role == "editor"
        ), deed
        if role != "editor":
            assert Message.objects.values().get() == before
            refused = AuditEvent.objects.filter(outcome="refused").latest("sequence")
            assert refused.detail["path"] == f"{address(message)}do/"
    templates = client.get("/admin/reply-templates/")
    assert (templates.status_code == 200) is sees
    assert (client.get("/admin/reply-templates/new/").status_code == 200) is (role == "editor")
    menu = client.get("/admin/").content.decode()
    assert (INBOX in menu) is sees


def test_nobody_without_an_account_sees_a_message(message: Message) -> None:
    for path in (INBOX, f"{INBOX}results/", address(message)):
        assert "/admin/login/" in Client().get(path)["Location"]


def test_name_and_contact_show_on_request_only_and_that_is_recorded(desk: Client, message: Message) -> None:
    page = desk.get(address(message)).content.decode()
    assert message.text in page
    assert message.contact not in page
    assert message.name not in page
    shown = do(desk, message, "contact").content.decode()
    assert message.contact in shown
    assert message.name in shown
    assert actions(message)[-2:] == ["feedback.read", "feedback.contact"]


def test_the_inbox_shows_neither_text_nor_contact(desk: Client, message: Message) -> None:
    page = desk.get(INBOX).content.decode()
    assert message.number in page
    for secret in (message.text, message.name, message.contact):
        assert secret not in page


def test_a_message_goes_from_new_to_closed_and_every_step_is_on_record(
    desk: Client, message: Message, person: Callable[..., Any]
) -> None:
    colleague = person("editor", "colleague")
    assert do(desk, message, "assign", person=str(colleague.pk)).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.assigned_to) == ("assigned", colleague)
    do(desk, message, "note", note="示例备注：转办花木组")
    do(desk, message, "answer", text=ANSWER)
    message.refresh_from_db()
    assert (message.state, message.reply, message.replied_by.username) == ("answered", ANSWER, "editor")  # type: ignore[union-attr]
    do(desk, message, "answer", text=f"{ANSWER}另附图。")
    do(desk, message, "close")
    message.refresh_from_db()
    assert (message.state, message.reply) == ("closed", f"{ANSWER}另附图。")
    assert message.closed_at is not None
    assert actions(message) == [
        "feedback.received",
        "feedback.assign",
        "feedback.note",
        "feedback.reply",
        "feedback.reply",
        "feedback.close",
    ]
    for event in AuditEvent.objects.values():
        for secret in (message.text, message.name, message.contact, ANSWER, "花木组"):
            assert secret not in str(event)


@pytest.mark.parametrize("state", [state.value for state in Message.State])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_its_states_and_from_no_other(
    desk: Client, message: Message, state: str, step: str
) -> None:
    allowed = {
        "assign": {"new", "assigned"},
        "answer": {"new", "assigned", "answered"},
        "close": {"answered"},
        "spam": {"new", "assigned"},
        "restore": {"spam"},
    }
    Message.objects.update(state=state)
    editor = desk.session["_auth_user_id"]
    do(desk, message, step, **{"answer": {"text": ANSWER}, "assign": {"person": editor}}.get(step, {}))
    message.refresh_from_db()
    recorded = {"answer": "feedback.reply"}.get(step, f"feedback.{step}")
    assert (recorded in actions(message)) is (state in allowed[step])
    if state not in allowed[step]:
        assert message.state == state


def test_spam_comes_back_to_where_it_was(desk: Client, message: Message, person: Callable[..., Any]) -> None:
    do(desk, message, "spam")
    do(desk, message, "restore")
    message.refresh_from_db()
    assert message.state == "new"
    colleague = person("editor", "colleague")
    assign(message, colleague, colleague)
    do(desk, message, "spam")
    do(desk, message, "restore")
    message.refresh_from_db()
    assert message.state == "assigned"


def test_messages_are_handed_only_to_those_who_may_answer(
    desk: Client, message: Message, person: Callable[..., Any]
) -> None:
    auditor = person("auditor")
    response = do(desk, message, "assign", person=str(auditor.pk))
    assert response.status_code == 422
    message.refresh_from_db()
    assert message.assigned_to is None


@pytest.mark.parametrize(("deed", "field"), [("answer", "text"), ("note", "note")])
def test_an_empty_reply_or_note_is_said_to_be_empty(desk: Client, message: Message, deed: str, field: str) -> None:
    response = do(desk, message, deed, **{field: "  "})
    assert response.status_code == 422
    assert not Note.objects.exists()
    message.refresh_from_db()
    assert message.reply == ""


def test_two_who_act_at_once_do_not_undo_each_other(message: Message, person: Callable[..., Any]) -> None:
    editor = person("editor")
    stale = Message.objects.get()
    mark_spam(message, editor)
    with pytest.raises(WrongState):
        answer(stale, ANSWER, editor)
    assert Message.objects.get().reply == ""


def test_a_template_is_put_into_the_reply_and_those_of_the_kind_come_first(desk: Client, message: Message) -> None:
    ReplyTemplate.objects.create(title="甲 其他", kind="", text="示例：感谢来信。")
    fitting = ReplyTemplate.objects.create(title="乙 咨询", kind="question", text="示例：你问的事是这样的。")
    page = desk.get(address(message)).content.decode()
    assert page.index("乙 咨询") < page.index("甲 其他")
    assert fitting.text not in page
    assert fitting.text in desk.get(address(message), {"template": str(fitting.pk)}).content.decode()
    assert desk.get(address(message), {"template": "x' or 1"}).status_code == 200


def test_what_the_public_writes_stays_words_in_the_admin(desk: Client, message: Message) -> None:
    Message.objects.update(text="<script>alert(1)</script>", name="<img src=x>", contact="a@example.com")
    page = do(desk, message, "contact").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_staff_export_and_erase_at_a_persons_request(desk: Client, message: Message) -> None:
    response = do(desk, message, "export")
    assert message.contact in response.content.decode("utf-8-sig")
    do(desk, message, "erase")
    message.refresh_from_db()
    assert message.text
    do(desk, message, "erase", sure="yes")
    message.refresh_from_db()
    assert (message.text, message.contact, message.erased) == ("", "", "request")
    assert actions(message)[-2:] == ["feedback.export", "feedback.erase"]
    page = desk.get(address(message)).content.decode()
    assert "全部内容，应本人要求删除" in page
    assert 'value="answer"' not in page


@pytest.mark.parametrize(
    ("days", "urgency", "says"),
    [(31, "", "还剩 31 天"), (30, "soon", "还剩 30 天"), (0, "soon", "还剩 0 天"), (-1, "overdue", "超期 1 天")],
)
def test_the_time_left_is_counted_down_in_words_and_colour(
    desk: Client, message: Message, days: int, urgency: str, says: str
) -> None:
    Message.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    message.refresh_from_db()
    assert message.urgency() == urgency
    for path in (INBOX, address(message), "/admin/"):
        page = desk.get(path).content.decode()
        assert says in page, path
        assert f"desk-time desk-{urgency or 'calm'}" in page, path


def test_an_answered_message_is_never_overdue(message: Message, person: Callable[..., Any]) -> None:
    Message.objects.update(due_on=timezone.localdate() - timedelta(days=5))
    answer(message, ANSWER, person("editor"))
    assert Message.objects.get().urgency() == ""


def test_filters_narrow_the_inbox(desk: Client, sent: Receipt, person: Callable[..., Any]) -> None:
    today = timezone.localdate()
    rows = {
        name: Message.objects.create(number=f"20260101-{name}", due_on=today + timedelta(days=days), **values)
        for name, days, values in [
            ("LATE9", -1, {"kind": "complaint", "state": "new"}),
            ("SOON9", 10, {"kind": "question", "state": "assigned"}),
            ("DONE9", -9, {"kind": "question", "state": "closed"}),
        ]
    }
    me = desk.session["_auth_user_id"]
    Message.objects.filter(pk=rows["SOON9"].pk).update(assigned_to=me)

    def found(**query: Any) -> set[str]:
        page = desk.get(INBOX, query).content.decode()
        return {name for name in [*rows, sent.number[-5:]] if f"-{name}<" in page or f"-{name}\n" in page}

    everything = {*rows, sent.number[-5:]}
    assert found() == everything
    assert found(state=["new", "assigned"]) == everything - {"DONE9"}
    assert found(kind="complaint") == {"LATE9"}
    assert found(due="overdue") == {"LATE9"}
    assert found(due="soon") == {"SOON9"}
    assert found(whose="mine") == {"SOON9"}
    assert found(whose="nobody") == {"LATE9", sent.number[-5:]}


def test_what_waits_is_counted_for_the_site_health_report(sent: Receipt, person: Callable[..., Any]) -> None:
    now, today = timezone.now(), timezone.localdate()
    first = Message.objects.get().received_at
    late = Message.objects.create(
        number="20260101-LATE9", kind="question", due_on=today - timedelta(days=1), received_at=now - timedelta(days=93)
    )
    Message.objects.create(number="20260101-SOON9", kind="question", state="assigned", due_on=today)
    for name, state in [("DONE9", "answered"), ("SHUT9", "closed"), ("SPAM9", "spam")]:
        Message.objects.create(number=f"20260101-{name}", kind="question", state=state, due_on=today)
    assert waiting(now) == Waiting(waiting=3, new=2, soon=1, overdue=1, oldest=late.received_at)
    assert late.received_at < first
    Message.objects.all().delete()
    assert waiting(now) == Waiting(0, 0, 0, 0, None)


def test_an_inbox_of_fifty_costs_as_many_queries_as_one_of_five(
    desk: Client, person: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    editor = person("editor", "colleague")
    today = timezone.localdate()
    Message.objects.bulk_create(
        Message(number=f"20260101-{n:05}", kind="question", due_on=today, assigned_to=editor, state="assigned")
        for n in range(50)
    )
    desk.get(INBOX)
    with django_assert_max_num_queries(16):
        desk.get(INBOX)


def test_closing_without_an_answer_is_not_possible(message: Message, person: Callable[..., Any]) -> None:
    with pytest.raises(WrongState):
        close(message, person("editor"))
