"""Writing a message: what is kept, what is refused and why, and what nobody learns of it."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from feedback.forms import local_path
from feedback.limits import MESSAGES_A_DAY
from feedback.models import Attempts, Message
from feedback.privacy import has_private_numbers
from feedback.terms import answer_due
from trust.models import AuditEvent

pytestmark = pytest.mark.django_db
FORM = "/contact/"
IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
CARD = "4111 1111 1111 1111"  # the payment industry's test number


def errors(response: Any) -> dict[str, list[str]]:
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def test_a_message_is_kept_and_its_receipt_shown_without_standing_in_any_address(filled: dict[str, str]) -> None:
    client = Client()
    response = client.post(FORM, filled)
    assert (response.status_code, response["Location"]) == (302, "/contact/receipt/")
    message = Message.objects.get()
    assert re.fullmatch(r"\d{8}-[34679ACDEFGHJKMNPQRTWXY]{5}", message.number)
    assert (message.kind, message.text, message.contact) == ("question", filled["text"], "13800000000")
    assert (message.about, message.state) == ("/law/flower-care/article-2/", "new")
    page = client.get(response["Location"]).content.decode()
    assert message.number in page
    assert re.search(r">([34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4})<", page)
    assert message.code_digest not in page


def test_the_receipt_lives_in_a_cookie_of_half_an_hour_for_these_pages_only(filled: dict[str, str]) -> None:
    cookie = Client().post(FORM, filled).cookies["receipt"]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        "/contact/",
        1800,
        True,
        "Lax",
    )


def test_the_same_form_sent_twice_is_one_message_with_one_code(filled: dict[str, str]) -> None:
    clients = Client(), Client()
    pages = []
    for client in clients:
        client.post(FORM, filled)
        pages.append(re.findall(r"f-mono[^>]*>([^<]+)<", client.get("/contact/receipt/").content.decode()))
    assert Message.objects.count() == 1
    assert pages[0] == pages[1]
    assert len(pages[0]) == 2


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"kind": ""}, "kind", "请选择一项"),
        ({"kind": "order"}, "kind", ""),
        ({"text": ""}, "text", "请写下"),
        ({"text": "浇水？"}, "text", "至少五个字"),
        ({"text": "字" * 2001}, "text", "2000"),
        ({"contact": "12345"}, "contact", "带区号"),
        ({"contact": "某某@"}, "contact", "邮箱"),
        ({"name": "名" * 41}, "name", "40"),
        ({"age": ""}, "age", ""),
        ({"age": "guardian", "sensitive_consent": "on"}, "guardian_consent", "监护人"),
        ({"age": "guardian", "guardian_consent": "on"}, "sensitive_consent", "敏感"),
        ({"text": f"示例：我的证件号是 {IDENTITY}"}, "text", "身份证号"),
        ({"text": f"示例：卡号 {CARD} 被扣了款"}, "text", "银行卡号"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    filled: dict[str, str], change: dict[str, str], field: str, says: str
) -> None:
    response = Client().post(FORM, {**filled, **change})
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert says in errors(response)[field][0]
    page = response.content.decode()
    assert f'id="error-{field}"' in page
    if not change.get("text", filled["text"]).startswith("字"):
        assert html.escape(change.get("text", filled["text"])) in page
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"contact": ""},
        {"contact": "0750-3220000"},
        {"contact": "+86 138 0000 0000"},
        {"contact": "reader@example.com"},
        {"name": "", "contact": ""},
        {"age": "guardian", "guardian_consent": "on", "sensitive_consent": "on"},
        {"text": f"示例：我的证件号是 {IDENTITY}", "sensitive_consent": "on"},
        {"text": "示例：订单号 110105194912310021 查不到"},
    ],
)
def test_what_is_right_in_another_way_is_kept(filled: dict[str, str], change: dict[str, str]) -> None:
    assert Client().post(FORM, {**filled, **change}).status_code == 302
    assert Message.objects.count() == 1


def test_numbers_of_cards_are_known_by_their_check_digit_however_they_are_written() -> None:
    assert has_private_numbers(IDENTITY.lower())
    assert has_private_numbers("号码１１０１０５１９４９１２３１００２Ｘ。")
    assert has_private_numbers("110105-19491231-002X")
    assert not has_private_numbers("110105194912310021")
    assert not has_private_numbers("4111 1111 1111 1112")
    assert not has_private_numbers("电话 0750-3220000，手机 13800000000")


@pytest.mark.parametrize("seconds", [0, 2])
def test_a_form_that_comes_back_at_once_is_asked_for_again_and_its_text_kept(
    filled: dict[str, str], seconds: int, age_token: Any
) -> None:
    response = Client().post(FORM, {**filled, "token": age_token(seconds)})
    assert response.status_code == 422
    assert errors(response) == {"token": ["提交得太快了。请再看一遍，然后重新提交。"]}
    assert filled["text"] in response.content.decode()


def test_after_a_quick_try_the_same_form_goes_through_once_its_time_has_come(
    filled: dict[str, str], age_token: Any
) -> None:
    assert Client().post(FORM, {**filled, "token": age_token(5)}).status_code == 302


@pytest.mark.parametrize("bad", ["", "forged", "forged:1:2"])
def test_a_forged_or_stale_token_is_replaced_by_one_that_works(
    filled: dict[str, str], bad: str, age_token: Any
) -> None:
    for token in (bad, age_token(25 * 3600)):
        response = Client().post(FORM, {**filled, "token": token})
        assert response.status_code == 422
        assert list(errors(response)) == ["token"]
        fresh = re.search(r'name="token" value="([^"]+)"', response.content.decode())
        assert fresh is not None
        assert fresh[1] != token
    assert not Message.objects.exists()


def test_what_a_program_fills_in_lands_among_the_spam_and_gets_its_receipt_all_the_same(filled: dict[str, str]) -> None:
    client = Client()
    assert client.post(FORM, {**filled, "website": "http://spam.example"}).status_code == 302
    assert Message.objects.get().state == Message.State.SPAM
    page = client.get("/contact/receipt/").content.decode()
    assert "垃圾" not in page
    assert "待受理" in page


def test_the_trap_is_out_of_sight_and_out_of_the_keyboards_way() -> None:
    page = Client().get(FORM).content.decode()
    trap = re.search(r'<div class="f-trap" aria-hidden="true">.*?</div>', page, re.DOTALL)
    assert trap is not None
    assert 'tabindex="-1"' in trap[0]


def test_one_network_writes_so_often_a_day_and_no_more(filled: dict[str, str], age_token: Any) -> None:
    for _ in range(MESSAGES_A_DAY):
        assert Client().post(FORM, {**filled, "token": age_token(60)}).status_code == 302
    refused = Client().post(FORM, {**filled, "token": age_token(60)})
    assert refused.status_code == 429
    assert filled["text"] in refused.content.decode()
    assert Message.objects.count() == MESSAGES_A_DAY
    assert Client(REMOTE_ADDR="192.0.2.7").post(FORM, {**filled, "token": age_token(60)}).status_code == 302


def test_neither_the_trail_nor_the_counts_know_who_wrote(filled: dict[str, str]) -> None:
    Client(REMOTE_ADDR="192.0.2.7").post(FORM, filled)
    message, event = Message.objects.get(), AuditEvent.objects.get(action="feedback.received")
    assert (event.subject_name, event.actor_id, event.address, event.detail) == (message.number, None, None, {})
    for row in [*AuditEvent.objects.values(), *Attempts.objects.values()]:
        for secret in (filled["text"], filled["name"], filled["contact"], "192.0.2.7"):
            assert secret not in str(row)


@pytest.mark.parametrize(
    "written",
    [
        "https://example.com/",
        "//example.com/a",
        "/\\example.com",
        "javascript:alert(1)",
        "law/",
        "/a\nb",
        "/" + "a" * 300,
    ],
)
def test_only_a_path_of_this_site_may_be_what_a_message_is_about(filled: dict[str, str], written: str) -> None:
    assert local_path(written) == ""
    page = Client().get(FORM, {"about": written}).content.decode()
    assert "f-about" not in page
    Client().post(FORM, {**filled, "about": written})
    assert Message.objects.get().about == ""


def test_a_link_from_a_page_names_it_and_presets_the_kind() -> None:
    page = Client().get(FORM, {"about": "/law/flower-care/article-2/"}).content.decode()
    assert 'href="/law/flower-care/article-2/"' in page
    assert re.search(r'value="correction"[^>]*checked', page)
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("text", ['<script>alert("示例")</script>', "<img src=x onerror=alert(1)>", "{{ 7|add:7 }}"])
def test_what_is_written_comes_back_as_words_only(filled: dict[str, str], text: str) -> None:
    client = Client()
    client.post(FORM, {**filled, "text": text, "name": text[:40]})
    page = client.get("/contact/receipt/").content.decode()
    assert html.escape(text) in page
    assert text not in page or text == html.escape(text)
    again = client.post(FORM, {**filled, "text": text, "kind": ""}).content.decode()
    assert text not in again or text == html.escape(text)


def test_a_form_without_its_cookie_keeps_the_text_and_says_what_to_do(filled: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(FORM, filled)
    assert response.status_code == 403
    page = response.content.decode()
    assert "Cookie" in page
    assert filled["text"] in page
    assert "no-store" in response["Cache-Control"]
    again = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert again is not None
    assert client.post(FORM, {**filled, "csrfmiddlewaretoken": again[1]}).status_code == 302


def test_the_form_is_never_stored_and_sets_its_cookie_for_this_visit_only() -> None:
    response = Client().get(FORM)
    assert "no-store" in response["Cache-Control"]
    cookie = response.cookies["csrftoken"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")


def test_the_notice_states_the_terms_that_the_purge_carries_out() -> None:
    page = Client().get(FORM).content.decode()
    assert "办结 180 天后删除" in page
    assert "收到 730 天后删除" in page


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 24), date(2027, 2, 24)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 10, 31), date(2027, 1, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_an_answer_is_due_three_months_on(received: date, due: date) -> None:
    assert answer_due(received) == due


def test_the_form_costs_few_queries(django_assert_max_num_queries: Any, filled: dict[str, str]) -> None:
    Client().get(FORM)
    with django_assert_max_num_queries(4):
        Client().get(FORM)


def test_the_form_speaks_traditional_script_and_leads_on_in_it(filled: dict[str, str]) -> None:
    page = Client().get("/zh-hant/contact/").content.decode()
    assert "給我們留言" in page
    assert 'action="/zh-hant/contact/"' in page
    client = Client()
    response = client.post("/zh-hant/contact/", filled)
    assert response["Location"] == "/zh-hant/contact/receipt/"
    assert response.cookies["receipt"]["path"] == "/zh-hant/contact/"
    assert Message.objects.get().text == filled["text"]
    receipt = client.get(response["Location"]).content.decode()
    assert "留言回執" in receipt
    assert filled["text"] in receipt
