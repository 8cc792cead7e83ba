"""Every page type of the registry in a real browser: fits, accessible, by keyboard, without script."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import get_page_models

from lawbook.models import Article, Law, LawVersion, Paragraph, Status
from pages.examples import build_site
from pages.models import SiteIdentity
from pages.registry import examples

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
        Paragraph.objects.create(article=article, number=1, text=f"街坊里的花木，第 {number} 件事是浇水。")
    build_site()
    return site_server.url


def addresses() -> list[str]:
    """One page of each type, and the quiz with its answers."""
    models = [model for model in get_page_models() if model in examples()]
    found = [examples()[model]().url for model in models]
    assert len(found) >= 13
    return [*found, "/quiz/?done=1&q1=1&q2=2", "/service-points/?service=talk"]


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "prefix"), [(375, ""), (1280, ""), (375, "/zh-hant")])
def test_every_page_type_fits_and_has_no_accessibility_violation(
    url: str, width: int, prefix: str, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    page = new_page(width=width)
    wrong: dict[str, Any] = {}
    for path in addresses():
        page.goto(f"{url}{prefix}{path}")
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hant" if prefix else "zh-Hans")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        found = [*axe(page), *([f"{overflow(page)} px too wide"] if overflow(page) > 0 else [])]
        if found:
            wrong[path] = found
    assert wrong == {}


def test_huge_text_with_high_contrast_and_a_page_at_twice_its_size_fit(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(width=375)
    page.goto(url)
    page.evaluate("localStorage.setItem('pufa.reading', JSON.stringify({size:'huge',contrast:'high',cursor:'big'}))")
    doubled = new_page(width=640, height=450)  # 1280 px at 200 %
    for path in addresses():
        for one in (page, doubled):
            one.goto(url + path)
            assert overflow(one) <= 0, path


def test_every_page_type_says_the_same_without_script(url: str, page: Page, new_page: Callable[..., Page]) -> None:
    plain = new_page(javascript=False)
    for path in addresses():
        said = []
        for one in (page, plain):
            one.goto(url + path)
            assert one.locator("h1").count() == 1
            said.append(one.locator("main").text_content())
        assert said[0] == said[1], path


def test_the_main_tasks_are_done_without_script(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(width=375, javascript=False)
    page.goto(url)
    page.locator("details.menu summary").click()
    page.locator("details.menu a", has_text="小测验").click()
    for number, answer in enumerate((2, 2, 1, 3, 1), start=1):
        page.locator(f"input[name=q{number}][value='{answer}']").check()
    page.locator("button[name=done]").click()
    expect(page.locator(".verdict")).to_contain_text("答对 5 道")
    page.goto(f"{url}/service-points/")
    page.locator(".filters a", has_text="心理咨询").click()
    expect(page.locator(".point")).to_have_count(1)
    page.goto(f"{url}/events/")
    page.locator(".past summary").click()
    expect(page.locator(".past .events li")).to_have_count(2)
    with page.expect_download() as download:
        page.locator(".acts a").first.click()
    assert download.value.suggested_filename == "events.ics"
    page.goto(f"{url}/questions/")
    page.locator(".faq summary").first.click()
    expect(page.locator(".faq .answer").first).to_be_visible()
    assert page.context.cookies() == []


def press_until(page: Page, wanted: str, most: int = 60) -> None:
    """Tab on until the focus stands on what `wanted` selects, and can be seen there."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            outline = page.evaluate(
                "(() => { const one = document.activeElement, next = one.nextElementSibling;"
                " return [one, next].filter(Boolean).some(e => getComputedStyle(e).outlineStyle === 'solid'); })()"
            )
            assert outline, f"the focus on {wanted} cannot be seen"
            return
    pytest.fail(f"{most} steps of the Tab key never reached {wanted}")


def test_the_main_tasks_are_done_by_keyboard_alone(url: str, page: Page) -> None:
    # Past the masthead at once.
    page.goto(url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    press_until(page, "main #q", 3)
    # From the menu to the law, to an article.
    page.goto(url)
    press_until(page, '.nav a[href="/law/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/law/")
    press_until(page, f'main a[href="{LAW}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LAW}")
    press_until(page, 'a[href$="/article-1/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/article-1/")
    expect(page.locator("h1")).to_contain_text("第一条")
    # Larger letters.
    press_until(page, "#size-normal")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.dataset.size") == "large"
    # Search, and open what it finds.
    press_until(page, '.bar a[href="/search/"]', 200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    press_until(page, "input[name=q]")
    page.keyboard.type("心理咨询")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    press_until(page, ".hit h2 a")
    page.keyboard.press("Enter")
    page.wait_for_function("!location.pathname.startsWith('/search/')")
    # A service point that offers what one needs.
    press_until(page, '.nav a[href="/service-points/"]', 200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/service-points/")
    press_until(page, 'a[href="?service=talk"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**?service=talk")
    expect(page.locator(".point")).to_have_count(1)
    # The quiz, answered with the arrow keys.
    press_until(page, '.foot a[href="/quiz/"]', 200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/quiz/")
    for number in range(1, 6):
        press_until(page, f"input[name=q{number}]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    press_until(page, "button[name=done]", 3)
    page.keyboard.press("Enter")
    page.wait_for_url("**done=1*")
    expect(page.locator(".verdict")).to_contain_text("5 道题，答对 2 道")
    assert page.context.cookies() == []


def test_mourning_takes_the_colour_out_of_the_whole_page(url: str, page: Page) -> None:
    now = timezone.now()
    SiteIdentity.objects.update(mourning_from=now - timedelta(hours=1), mourning_until=now + timedelta(hours=1))
    page.goto(url)
    assert page.evaluate("getComputedStyle(document.documentElement).filter") == "grayscale(1)"


def test_an_address_that_names_an_answer_opens_it(url: str, page: Page) -> None:
    page.goto(f"{url}/questions/")
    anchor = page.locator(".faq details").nth(3).get_attribute("id")
    page.goto(f"{url}/questions/#{anchor}")
    page.reload()
    expect(page.locator(f"#{anchor} .answer")).to_be_visible()
    expect(page.locator(".faq details[open]")).to_have_count(1)
