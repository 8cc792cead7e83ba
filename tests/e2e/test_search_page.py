"""Searching in a real browser: from a question to the place that answers it, at both widths, in both scripts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.search.backends import get_search_backend

from lawbook.models import Article, Law, LawVersion, Paragraph, Status
from pages.examples import build_site
from search.examples import starter_synonyms

WIDTHS = [375, 1280]


@pytest.fixture
def url(site_server: Any) -> str:
    """Address of a live server with the starter site, its synonyms and an invented statute."""
    build_site()
    starter_synonyms()
    law = Law.objects.create(
        slug="flower-care", title="示例街区花木养护条例", short_title="花木养护条例", is_default=True
    )
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    for number, label in enumerate(["第一条", "第二条", "第三条"], start=1):
        article = Article.objects.create(version=version, number=number, label=label, order=number)
        Paragraph.objects.create(article=article, number=1, text="街坊里的花木，大家一起照看。")
        Paragraph.objects.create(article=article, number=2, text=f"浇水的日子由第 {number} 组值日。")
        get_search_backend().add(Article.objects.get(pk=article.pk))
    return str(site_server.url)


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_screen_and_has_no_accessibility_violation(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    page = new_page(width=width)
    for script in ("", "/zh-hant"):
        for query in ("请假", "第二条", "社區矯正", "反垄断", ""):
            page.goto(f"{url}{script}/search/?q={query}")
            assert overflow(page) <= 0, page.url
            assert axe(page) == [], page.url


def test_a_number_leads_to_its_article_with_the_keyboard_alone(url: str, page: Page) -> None:
    page.goto(f"{url}/search/")
    page.locator("input[name=q]").focus()
    page.keyboard.type("第2条")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    best = page.locator(".best a").first
    expect(best).to_contain_text("第二条")
    best.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/law/flower-care/article-2/")


def test_a_word_leads_to_its_paragraph_without_script(url: str, plain_page: Page) -> None:
    plain_page.goto(f"{url}/search/?q=值日")
    plain_page.locator(".hit h2 a").first.click()
    assert plain_page.url.endswith("#p2")


def test_filters_keep_the_query_and_show_one_kind(url: str, plain_page: Page) -> None:
    plain_page.goto(f"{url}/search/?q=请假")
    expect(plain_page.locator(".try")).to_contain_text("同时查找了：外出")
    chosen = plain_page.locator(".filters a").nth(1)
    kind = chosen.evaluate("node => node.firstChild.textContent")
    chosen.click()
    expect(plain_page.locator(".filters [aria-current]")).to_contain_text(kind)
    expect(plain_page.locator("input[name=q]")).to_have_value("请假")
    for tag in plain_page.locator(".hit .tag").all_inner_texts():
        assert tag.removeprefix("最相关·") == kind


def test_nothing_found_still_leads_somewhere_and_no_foreign_host_is_asked(
    url: str, page: Page, no_foreign_requests: set[str]
) -> None:
    page.goto(f"{url}/search/?q=反垄断")
    expect(page.get_by_role("heading", name="没有找到“反垄断”")).to_be_visible()
    page.locator(".nothing").get_by_role("link", name="帮扶服务").click()
    page.wait_for_url("**/help/")
    assert page.context.cookies() == []
    assert no_foreign_requests
