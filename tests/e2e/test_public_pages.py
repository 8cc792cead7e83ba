"""The public pages in a real browser: both widths, keyboard, no script, large text, paper, no foreign host."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages.examples import build_site

PAGES = {
    "home": "/",
    "column": "/help/",
    "content": "/help/hardship/",
    "news": "/news/winter-bus-posters/",
    "outcomes": "/outcomes/three-years-three-moves/",
    "places": "/service-points/",
    "accessibility": "/accessibility/",
    "search": "/search/",
    "missing": "/no-such-page/",
}
WIDTHS = [375, 1280]


@pytest.fixture
def url(site_server: Any) -> str:
    """Address of a live server with the whole starter site."""
    build_site()
    return site_server.url


def overflow(page: Page) -> int:
    """How many pixels a reader would have to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_screen_and_has_no_accessibility_violation(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    page = new_page(width=width)
    for name, path in PAGES.items():
        page.goto(url + path)
        assert overflow(page) <= 0, f"{name} at {width}"
        assert axe(page) == [], f"{name} at {width}"


@pytest.mark.parametrize("width", WIDTHS)
def test_large_text_and_high_contrast_break_nothing(
    url: str, width: int, new_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> None:
    page = new_page(width=width)
    page.goto(url)
    page.evaluate("localStorage.setItem('pufa.reading', JSON.stringify({size:'huge',contrast:'high',cursor:'big'}))")
    for name, path in PAGES.items():
        page.goto(url + path)
        assert page.evaluate("document.documentElement.dataset.size") == "huge"
        assert overflow(page) <= 0, f"{name} at {width}"
        assert axe(page) == [], f"{name} at {width}"


def test_a_page_at_twice_its_size_needs_no_sideways_scrolling(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(width=640, height=450)  # 1280 px at 200 %
    for name, path in PAGES.items():
        page.goto(url + path)
        assert overflow(page) <= 0, name


def test_no_page_asks_a_foreign_host(url: str, page: Page, no_foreign_requests: set[str]) -> None:
    for path in PAGES.values():
        page.goto(url + path)
    assert no_foreign_requests


def test_the_whole_site_works_without_script(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(width=375, javascript=False)
    page.goto(url)
    page.locator("details.menu summary").click()
    page.locator("details.menu a", has_text="帮扶服务").click()
    expect(page.locator("h1")).to_have_text("帮扶服务")
    page.locator(".items a", has_text="要外出，怎么请假").click()
    question = page.locator(".faq details").first
    question.locator("summary").click()
    expect(question.locator(".answer")).to_be_visible()
    expect(page.locator("[data-speak]")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()
    before = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.locator("#size-huge").check(force=True)
    after = page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert after > before * 1.2
    page.goto(url)
    page.locator("#q").fill("请假")
    page.locator("form.search button").click()
    assert page.url.endswith("/search/?q=%E8%AF%B7%E5%81%87")


def test_reading_settings_are_kept_on_the_device_and_sent_nowhere(url: str, page: Page) -> None:
    page.goto(url + PAGES["content"])
    page.locator("label", has_text="特大").click()
    page.locator("label:has(#contrast-high)").click()
    page.goto(url + PAGES["news"])
    assert page.evaluate("[document.documentElement.dataset.size, document.documentElement.dataset.contrast]") == [
        "huge",
        "high",
    ]
    assert page.locator("#size-huge").is_checked()
    assert page.context.cookies() == []


def test_the_easy_reading_link_sets_everything_and_takes_it_back(url: str, page: Page) -> None:
    page.goto(url)
    link = page.locator("[data-senior]")
    link.click()
    root = page.locator("html")
    expect(root).to_have_attribute("data-size", "huge")
    expect(root).to_have_attribute("data-contrast", "high")
    expect(root).to_have_attribute("data-cursor", "big")
    expect(link).to_have_attribute("aria-current", "true")
    link.click()
    assert page.evaluate("Object.keys(document.documentElement.dataset).length") == 0


def test_a_damaged_setting_leaves_the_page_as_it_is(url: str, page: Page) -> None:
    page.goto(url)
    page.evaluate('localStorage.setItem(\'pufa.reading\', \'{"size":"gigantic","x":1\')')
    page.goto(url + PAGES["content"])
    assert page.evaluate("Object.keys(document.documentElement.dataset).length") == 0


def test_the_keyboard_reaches_content_search_and_settings(url: str, page: Page) -> None:
    page.goto(url + PAGES["content"])
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.locator("#size-normal").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.dataset.size") == "large"
    outline = page.evaluate("getComputedStyle(document.querySelector('#size-large + span')).outlineStyle")
    assert outline == "solid"


def test_read_aloud_is_offered_only_with_a_chinese_voice_on_the_device(url: str, new_page: Callable[..., Page]) -> None:
    for voices, offered in (
        ("[]", False),
        ("[{lang: 'zh-CN', localService: false}]", False),
        ("[{lang: 'en-US', localService: true}]", False),
        ("[{lang: 'zh-CN', localService: true}]", True),
    ):
        page = new_page()
        page.add_init_script(f"speechSynthesis.getVoices = () => {voices}")
        page.goto(url + PAGES["content"])
        assert page.locator("[data-speak]").is_visible() is offered, voices


def test_on_paper_every_answer_is_open_and_navigation_is_gone(url: str, page: Page) -> None:
    page.goto(url + "/help/asking-for-leave/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".faq details:not([open])").count() == 0
    for gone in (".bar", ".nav", ".tools", ".foot", ".crumbs"):
        expect(page.locator(gone)).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".faq details[open]").count() == 0


def test_touch_targets_are_large_enough(url: str, phone_page: Page) -> None:
    phone_page.goto(url + PAGES["content"])
    for selector in (".menu summary", ".tools label", ".faq summary", ".bar li a"):
        for box in (target.bounding_box() for target in phone_page.locator(selector).all()):
            if box:
                assert box["height"] >= 40, f"{selector} is {box['height']} px high"
