"""Writing and reading an answer in a real browser: both widths, both scripts, without JavaScript, on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from feedback import forms
from feedback.handling import answer
from feedback.models import Message
from pages.examples import build_site
from trust.roles import Role, group_of, sync_roles


@pytest.fixture
def url(site_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A live server with the starter pages, where a form may come back at once."""
    build_site()
    monkeypatch.setattr(forms, "QUICKEST_S", -1)
    return str(site_server.url)


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def write(page: Page) -> None:
    page.get_by_label("建议").check()
    page.locator("textarea[name=text]").fill("示例：站台上的字再大一点就好了。")
    page.get_by_label("怎么称呼你").fill("示例居民")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".f-slip")).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_every_page_of_the_way_fits_and_has_no_accessibility_violation(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    for script in ("", "/zh-hant"):
        page = new_page(width=width)

        def holds(where: Page = page) -> None:
            assert overflow(where) <= 0, where.url
            assert axe(where) == [], where.url

        page.goto(f"{url}{script}/contact/?about=/help/")
        holds()
        page.locator("button[type=submit].btn").last.click()
        expect(page.get_by_role("alert")).to_be_visible()
        holds()
        page.locator("input[value=suggestion]").check()
        page.locator("textarea[name=text]").fill("示例：站台上的字再大一点就好了。")
        page.locator("button[type=submit].btn").last.click()
        expect(page.locator(".f-slip")).to_be_visible()
        page.locator("#delete summary").click()
        holds()
        page.goto(f"{url}{script}/contact/answer/")
        holds()


def test_without_javascript_a_person_writes_reads_the_answer_and_has_it_erased(url: str, plain_page: Page) -> None:
    page = plain_page
    page.goto(f"{url}/help/")
    page.locator("footer").get_by_role("link", name="给我们留言").click()
    write(page)
    assert "receipt" in page.url
    number, code = page.locator(".f-mono").all_inner_texts()
    assert number not in page.url
    assert code not in page.url
    page.get_by_role("button", name="关闭回执").click()
    answer(Message.objects.get(number=number), "示例答复：字已经放大。", None)
    page.get_by_label("回执编号").fill(number.lower())
    page.get_by_label("查询码").fill(code.replace("-", ""))
    page.get_by_role("button", name="打开回执").click()
    expect(page.get_by_text("示例答复：字已经放大。")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="导出为文本").click()
    assert "示例居民" in downloading.value.path().read_text(encoding="utf-8-sig")
    page.locator("#delete summary").click()
    page.get_by_label("确认永久删除").check()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("heading", name="你的留言已经删除")).to_be_visible()
    assert Message.objects.get().text == ""


def test_a_printed_receipt_holds_number_code_and_address_and_no_buttons(url: str, page: Page) -> None:
    page.goto(f"{url}/contact/")
    write(page)
    page.emulate_media(media="print")
    for part in (*page.locator(".f-mono").all(), page.locator(".f-where")):
        expect(part).to_be_visible()
    expect(page.get_by_role("button", name="导出为文本")).to_be_hidden()
    expect(page.locator("footer")).to_be_hidden()


def test_no_cookie_is_set_on_the_way_and_the_receipts_stays_on_its_path(url: str, page: Page) -> None:
    for path in ("/", "/help/", "/search/?q=字"):
        page.goto(f"{url}{path}")
    assert page.context.cookies() == []
    page.goto(f"{url}/contact/")
    write(page)
    kept = {cookie["name"]: cookie["path"] for cookie in page.context.cookies()}
    assert kept == {"csrftoken": "/", "receipt": "/contact/"}


@pytest.mark.parametrize("width", [375, 1280])
def test_an_editor_answers_at_the_desk(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    sync_roles()
    editor = get_user_model().objects.create_user("desk-editor", password="示例口令 2026")
    editor.groups.add(group_of(Role.EDITOR))
    visitor = new_page()
    visitor.goto(f"{url}/contact/")
    write(visitor)
    page = new_page(width=width)
    page.goto(f"{url}/admin/login/")
    page.locator("[name=username]").fill("desk-editor")
    page.locator("[name=password]").fill("示例口令 2026")
    page.locator("[type=submit]").click()
    page.get_by_role("link", name=Message.objects.get().number).click()
    page.wait_for_selector(".desk")
    assert axe(page, ".desk") == []
    assert overflow(page) <= 0
    page.get_by_role("textbox", name="答复").fill("示例答复：字已经放大。")
    page.get_by_role("button", name="发出答复").click()
    expect(page.locator(".desk-reply")).to_contain_text("字已经放大")
    visitor.reload()
    expect(visitor.locator(".f-reply")).to_contain_text("字已经放大")
