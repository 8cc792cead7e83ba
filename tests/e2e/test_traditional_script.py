"""A reader of traditional script, from the first click to the way back, in a real browser."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from lawbook.models import Article, Law, LawVersion, Paragraph, Status
from pages.examples import build_site

WIDTHS = [375, 1280]
LAW = "/law/flower-care/"


@pytest.fixture
def url(site_server: Any) -> str:
    """Address of a live server with the starter site and 《示例街区花木养护条例》."""
    law = Law.objects.create(
        slug="flower-care", title="示例街区花木养护条例", short_title="花木养护条例", is_default=True
    )
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    for number, label in enumerate(["第一条", "第二条", "第三条"], start=1):
        article = Article.objects.create(version=version, number=number, label=label, order=number)
        Paragraph.objects.create(article=article, number=1, text=f"街坊里的花木，只有 {number} 户人家说了才发给剪刀。")
    build_site()
    return site_server.url


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def path(page: Page) -> str:
    return unquote(page.evaluate("location.pathname + location.search"))


def check(page: Page, axe: Callable[..., list[str]], language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert overflow(page) <= 0, path(page)
    assert axe(page) == [], path(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reader_goes_through_the_site_in_traditional_script_and_back(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    page = new_page(width=width)
    page.goto(url)
    page.get_by_role("link", name="繁體").click()
    assert path(page) == "/zh-hant/"
    check(page, axe, "zh-Hant")

    if width < 700:
        page.locator(".menu summary").click()
    page.locator("header").get_by_role("link", name="法律條文").locator("visible=true").click()
    assert path(page) == "/zh-hant/law/"
    check(page, axe, "zh-Hant")
    page.locator("main").get_by_role("link", name="花木養護條例").first.click()
    assert path(page) == f"/zh-hant{LAW}"
    check(page, axe, "zh-Hant")
    page.goto(f"{page.url}article-2/")
    expect(page.locator("h1")).to_have_text("第二條")
    expect(page.locator("#p1")).to_have_text("街坊裏的花木，只有 2 戶人家說了才發給剪刀。")
    check(page, axe, "zh-Hant")
    page.locator(".pn [rel=next]").click()
    assert path(page) == f"/zh-hant{LAW}article-3/"

    page.locator(".bar").get_by_role("link", name="搜索").click()
    page.locator("input[name=q]").fill("花木養護")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert path(page) == "/zh-hant/search/?q=花木養護"
    expect(page.locator("input[name=q]")).to_have_value("花木養護")
    expect(page.locator(".hit mark").first).to_have_text("花木養護")
    check(page, axe, "zh-Hant")

    page.get_by_role("link", name="简体").click()
    assert path(page) == "/search/?q=花木養護"
    expect(page.locator(".hit mark").first).to_have_text("花木养护")
    check(page, axe, "zh-Hans")
    page.get_by_role("link", name="繁體").click()
    page.locator(".hit h2 a").first.click()
    assert path(page).startswith("/zh-hant/law/")
    assert page.context.cookies() == []


def test_the_choice_of_script_needs_no_javascript(url: str, plain_page: Page) -> None:
    plain_page.goto(f"{url}/help/hardship/")
    plain_page.get_by_role("link", name="繁體").click()
    assert plain_page.url == f"{url}/zh-hant/help/hardship/"
    expect(plain_page.get_by_role("link", name="繁體")).to_have_attribute("aria-current", "true")
    plain_page.get_by_role("link", name="简体").click()
    assert plain_page.url == f"{url}/help/hardship/"


def test_a_page_in_traditional_script_asks_no_foreign_host(url: str, page: Page, no_foreign_requests: set[str]) -> None:
    page.goto(f"{url}/zh-hant/")
    page.goto(f"{url}/zh-hant{LAW}")
    assert no_foreign_requests
