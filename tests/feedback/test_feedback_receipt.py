"""The receipt: who holds number and code reads the answer, takes the data along, has them erased; nobody else does."""

import json
import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from feedback import limits, receipts
from feedback.handling import add_note, answer, assign
from feedback.messages import Receipt, look_up
from feedback.models import Attempts, Message, Note
from trust.models import AuditEvent

LOOKUP = "/contact/answer/"


def open_receipt(receipt: Receipt, **extra: Any) -> Any:
    return Client(**extra).post(LOOKUP, {"number": receipt.number, "code": receipt.code})


def test_number_and_code_open_the_receipt_however_they_are_typed(sent: Receipt) -> None:
    for number, code in [
        (sent.number, sent.code),
        (sent.number.lower(), sent.code.lower().replace("-", "")),
        (f" {sent.number.replace('-', ' ')} ", sent.code.replace("-", " ")),
        (sent.number.replace("-", "—"), sent.code),
    ]:
        client = Client()
        response = client.post(LOOKUP, {"number": number, "code": code})
        assert response.status_code == 302, (number, code)
        assert sent.number in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("wrong", ["code", "number", "both", "nonsense"])
def test_one_wrong_thing_and_nothing_opens_and_nobody_learns_which(sent: Receipt, wrong: str) -> None:
    number, code = sent.number, sent.code
    if wrong in {"code", "both"}:
        code = "AAAA-AAAA"
    if wrong in {"number", "both"}:
        number = "20200101-AAAAA"
    if wrong == "nonsense":
        number = code = "'; --"
    response = Client().post(LOOKUP, {"number": number, "code": code})
    assert response.status_code == 422
    assert "没有找到对应的回执，请核对编号和查询码。" in response.content.decode()
    assert "receipt" not in response.cookies


def test_looking_up_compares_a_digest_even_where_there_is_no_such_number(sent: Receipt) -> None:
    with mock.patch.object(receipts, "constant_time_compare", wraps=receipts.constant_time_compare) as compared:
        assert look_up("20200101-AAAAA", sent.code) is None
        assert look_up(sent.number, "AAAA-AAAA") is None
        assert look_up(sent.number, sent.code) is not None
    assert compared.call_count == 3
    assert all(len(argument) == 64 for call in compared.call_args_list for argument in call.args)


def test_wrong_attempts_are_counted_by_network_and_right_ones_are_not(sent: Receipt) -> None:
    for _ in range(limits.MISSES_A_DAY + 5):
        assert open_receipt(sent).status_code == 302
    for _ in range(limits.MISSES_A_DAY):
        assert open_receipt(Receipt(sent.number, "AAAA-AAAA")).status_code == 422
    assert open_receipt(sent).status_code == 429
    assert open_receipt(sent, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_without_an_open_receipt_every_page_of_it_leads_to_the_look_up(sent: Receipt) -> None:
    client = Client()
    for cookie in ("", "forged", json.dumps([sent.number, sent.code])):
        client.cookies["receipt"] = cookie
        assert client.get("/contact/receipt/")["Location"] == LOOKUP
        for name in ("file", "delete"):
            assert client.post(f"/contact/receipt/{name}/", {"sure": "yes"})["Location"] == LOOKUP
    assert Message.objects.get().text


def test_an_open_receipt_shuts_after_half_an_hour_and_when_asked(opened: Client) -> None:
    assert opened.get("/contact/receipt/").status_code == 200
    later = timezone.now() + timedelta(minutes=31)
    with mock.patch("django.core.signing.time.time", return_value=later.timestamp()):
        assert opened.get("/contact/receipt/").status_code == 302
    opened.post("/contact/receipt/leave/")
    assert opened.get("/contact/receipt/").status_code == 302


def test_nothing_of_a_receipt_is_stored_or_found_by_search_engines(opened: Client) -> None:
    for path in ("/contact/receipt/", LOOKUP):
        response = opened.get(path)
        assert "no-store" in response["Cache-Control"]
        assert 'content="noindex"' in response.content.decode()


def test_the_receipt_shows_the_answer_and_not_who_wrote_it(opened: Client, message: Message, person: Any) -> None:
    editor = person("editor", "li-si")
    assign(message, editor, editor)
    assert "办理中" in opened.get("/contact/receipt/").content.decode()
    add_note(message, "示例备注：转办花木组", editor)
    answer(message, "示例答复：<b>新的安排</b>贴在街口。", editor)
    page = opened.get("/contact/receipt/").content.decode()
    assert "示例答复：&lt;b&gt;新的安排&lt;/b&gt;贴在街口。" in page
    assert "已答复" in page
    assert "li-si" not in page
    assert "示例备注" not in page


@pytest.mark.parametrize("form", ["json", "txt"])
def test_everything_held_can_be_taken_along(opened: Client, message: Message, form: str) -> None:
    response = opened.post("/contact/receipt/file/", {"format": form})
    assert response["Content-Disposition"] == f'attachment; filename="message-{message.number}.{form}"'
    content = response.content.decode("utf-8-sig")
    if form == "json":
        content = "\n".join(f"{name}：{value}" for name, value in json.loads(content).items())
    for line in (f"称呼：{message.name}", f"电话或邮箱：{message.contact}", f"留言内容：{message.text}", "类别：咨询"):
        assert line in content.replace("\r", "").split("\n")
    assert message.code_digest not in content


def test_words_taken_along_from_the_traditional_site_are_the_words_that_were_written(sent: Receipt) -> None:
    client = Client()
    client.post("/zh-hant/contact/answer/", {"number": sent.number, "code": sent.code})
    content = client.post("/zh-hant/contact/receipt/file/", {"format": "txt"}).content.decode("utf-8-sig")
    assert "示例：请问浇水的日子改期了" in content


def test_erasing_takes_everything_personal_at_once_and_leaves_what_counts(
    opened: Client, message: Message, person: Any
) -> None:
    editor = person("editor")
    add_note(message, "示例备注", editor)
    response = opened.post("/contact/receipt/delete/", {"sure": "yes"})
    assert response["Location"] == "/contact/deleted/"
    assert opened.get("/contact/deleted/").status_code == 200
    number, kind, received = message.number, message.kind, message.received_at
    message.refresh_from_db()
    assert (message.number, message.kind, message.received_at) == (number, kind, received)
    assert (message.state, message.erased) == (Message.State.CLOSED, Message.Erased.REQUEST)
    assert [message.text, message.name, message.contact, message.about, message.reply, message.code_digest] == [""] * 6
    assert message.submission is None
    assert not Note.objects.exists()


def test_two_erased_messages_do_not_get_in_each_others_way(opened: Client, sent: Receipt, filled: Any) -> None:
    opened.post("/contact/receipt/delete/", {"sure": "yes"})
    other = Client()
    other.post("/contact/", filled)
    other.post("/contact/receipt/delete/", {"sure": "yes"})
    assert set(Message.objects.values_list("erased", flat=True)) == {"request"}
    assert Message.objects.count() == 2


def test_an_erased_receipt_opens_nothing_any_more(opened: Client, sent: Receipt) -> None:
    other = Client()
    other.cookies = opened.cookies.copy()  # type: ignore[assignment]
    opened.post("/contact/receipt/delete/", {"sure": "yes"})
    assert open_receipt(sent).status_code == 422
    assert open_receipt(Receipt(sent.number, "")).status_code == 422


def test_without_the_second_tick_nothing_is_erased(opened: Client, message: Message) -> None:
    assert opened.post("/contact/receipt/delete/")["Location"] == "/contact/receipt/#delete"
    message.refresh_from_db()
    assert message.text


def test_look_up_export_and_erasure_stand_in_the_trail_by_number_alone(opened: Client, message: Message) -> None:
    opened.post("/contact/receipt/file/", {"format": "txt"}, REMOTE_ADDR="192.0.2.7")
    opened.post("/contact/receipt/delete/", {"sure": "yes"}, REMOTE_ADDR="192.0.2.7")
    events = AuditEvent.objects.filter(subject_type="feedback.message").order_by("sequence")
    assert [event.action for event in events] == [
        "feedback.received",
        "feedback.looked_up",
        "feedback.exported",
        "feedback.erased",
    ]
    for event in events:
        assert (event.subject_name, event.address, event.actor_id, event.detail) == (message.number, None, None, {})


def test_codes_avoid_what_people_mix_up_and_need_the_secret_key(settings: Any) -> None:
    assert not set(receipts.ALPHABET) & set("0O1IL2Z5S8BUV")
    codes = {receipts.code_for(f"form {number}") for number in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(rf"[{receipts.ALPHABET}]{{4}}-[{receipts.ALPHABET}]{{4}}", code) for code in codes)
    first = receipts.code_for("form")
    settings.SECRET_KEY = "another" * 10
    assert receipts.code_for("form") != first


def test_at_midnight_yesterdays_counts_and_salt_are_gone(rf: Any, db: None, settings: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    for _ in range(3):
        limits.count(request, "message", today)
    assert not limits.may(request, "message", 3, today)
    salt = settings.KEYS_ROOT / f"feedback-salt-{today}"
    assert salt.stat().st_mode & 0o777 == 0o600
    before = Attempts.objects.get().digest
    assert limits.may(request, "message", 1, tomorrow)
    assert not salt.exists()
    assert not Attempts.objects.exists()
    limits.count(request, "message", tomorrow)
    assert Attempts.objects.get().digest != before


def test_behind_our_proxy_the_hop_that_it_added_counts_and_without_one_nothing_a_visitor_says(
    rf: Any, settings: Any
) -> None:
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.7")
    settings.BEHIND_PROXY = False
    assert limits.address_of(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert limits.address_of(request) == "192.0.2.7"


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_household_counts_as_one(rf: Any, written: str, network: str) -> None:
    assert limits.address_of(rf.get("/", REMOTE_ADDR=written)) == network
