"""The reader in a real browser: accessible, within the policy, whole without a script, at both widths."""

import pytest
from playwright.sync_api import expect

from lawbook.models import Explanation, GlossaryTerm


@pytest.fixture
def article_url(site_server, flower_law):
    Explanation.objects.create(
        law=flower_law,
        number=3,
        gist="浇水先看天再看土",
        who="每一户。",
        meaning="土湿着就别浇。另见第五条。",
        steps="摸摸土\n看看天",
        example="阿梅下雨天不浇水。",
        note="晴三天再浇。",
    )
    return f"{site_server.url}/law/flowers/article-3/"


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("place", ["", "law/flowers/", "law/", "law/glossary/"])
def test_the_law_book_is_accessible_at_both_widths(new_page, axe, article_url, width, place):
    page = new_page(width=width)
    page.goto(article_url if not place else article_url.replace("law/flowers/article-3/", place))
    assert axe(page) == []
    assert not too_wide(page)


def test_structured_data_passes_the_strict_policy(page, no_foreign_requests, article_url):
    said = []
    page.on("console", lambda message: said.append(message.text))
    response = page.goto(article_url)
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert not [text for text in said if "Content Security Policy" in text]


def test_the_citation_is_copied_with_one_press(page, article_url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(article_url)
    page.get_by_role("button", name="复制引用").click()
    page.get_by_text("已复制：《示例街区花木养护条例》第三条").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "《示例街区花木养护条例》第三条"


def test_everything_is_there_without_a_script(plain_page, article_url):
    plain_page.goto(article_url)
    main = plain_page.locator("main").inner_text()
    assert "土还湿着就不浇" in main
    assert "浇水先看天再看土" in main
    plain_page.get_by_role("link", name="下一条").click()
    assert plain_page.locator("h1").inner_text() == "第三条之一"


def test_a_phone_opens_the_contents_by_a_press(phone_page, article_url):
    phone_page.goto(article_url)
    contents = phone_page.locator(".toc-m")
    assert not contents.get_by_text("第四条").is_visible()
    contents.locator("summary").click()
    contents.get_by_role("link", name="第二章 浇水和修剪").click()
    phone_page.wait_for_url("**/law/flowers/#d2")


def test_paper_keeps_law_explanation_and_code(page, article_url):
    page.goto(article_url)
    page.emulate_media(media="print")
    assert page.locator(".official").is_visible()
    assert page.locator(".explain").is_visible()
    assert page.locator("svg.qr").is_visible()
    assert page.get_by_text("http://testserver/law/flowers/article-3/").is_visible()
    assert not page.locator(".pn").is_visible()
    assert not page.locator(".toc").is_visible()


@pytest.fixture
def term_url(article_url, flower_law):
    GlossaryTerm.objects.create(term="土湿", meaning="手指按下去，觉得凉。", law=flower_law, number=3)
    GlossaryTerm.objects.create(term="天", meaning="抬头看见的。", law=flower_law)
    return article_url


def box(page):
    return page.get_by_role("tooltip")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_meaning_of_a_term_is_shown_accessibly(new_page, axe, term_url, width):
    page = new_page(width=width)
    page.goto(term_url)
    term = page.get_by_role("link", name="土湿")
    term.focus()
    expect(box(page)).to_have_text("手指按下去，觉得凉。")
    assert term.get_attribute("aria-describedby") == box(page).get_attribute("id")
    assert axe(page) == []
    assert not too_wide(page)
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    assert term.get_attribute("aria-describedby") is None


def test_a_pointer_opens_the_meaning_and_may_go_into_it(page, term_url):
    page.goto(term_url)
    page.get_by_role("link", name="土湿").hover()
    expect(box(page)).to_be_visible()
    box(page).hover()
    page.wait_for_timeout(400)  # longer than the box waits before it closes
    expect(box(page)).to_be_visible()
    page.mouse.move(5, 5)
    expect(box(page)).to_be_hidden()


def test_a_tap_shows_the_meaning_and_a_second_one_goes_to_the_glossary(phone_page, term_url):
    phone_page.goto(term_url)
    term = phone_page.get_by_role("link", name="土湿")
    term.tap()
    expect(box(phone_page)).to_have_text("手指按下去，觉得凉。")
    assert phone_page.url == term_url
    phone_page.locator("h1").tap()
    expect(box(phone_page)).to_be_hidden()
    term.tap()
    term.tap()
    phone_page.wait_for_url("**/law/glossary/#t*")
    expect(phone_page.get_by_text("手指按下去，觉得凉。")).to_be_visible()


def test_without_a_script_a_term_leads_to_the_glossary(plain_page, term_url):
    plain_page.goto(term_url)
    plain_page.locator("a.term", has_text="土湿").click()
    plain_page.wait_for_url("**/law/glossary/#t*")
    assert "手指按下去" in plain_page.locator("main").inner_text()


def test_terms_are_explained_on_paper(page, term_url):
    page.goto(term_url)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".terms dd").first.is_visible()


@pytest.fixture
def compare_url(site_server, new_text):
    return f"{site_server.url}/law/flowers/compare/2024-05-01/2025-01-01/"


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("script", ["", "/zh-hant"])
def test_a_comparison_is_accessible_at_both_widths(new_page, axe, compare_url, width, script):
    page = new_page(width=width)
    page.goto(compare_url.replace("/law/", f"{script}/law/"))
    assert page.locator("h1").is_visible()
    page.locator("details.same summary").first.click()
    assert axe(page) == []
    assert not too_wide(page)


def test_what_changed_shows_without_colour_and_without_a_script(plain_page, compare_url):
    plain_page.goto(compare_url)
    lines = {
        name: plain_page.locator(f".compared {name}").first.evaluate(
            "element => getComputedStyle(element).textDecorationLine"
        )
        for name in ("ins", "del")
    }
    assert lines == {"ins": "underline", "del": "line-through"}
    unchanged = plain_page.locator("details.same").first
    assert not unchanged.get_by_text("定下这个示例").is_visible()
    unchanged.locator("summary").click()
    assert unchanged.get_by_text("定下这个示例").is_visible()


@pytest.fixture
def long_url(site_server, new_text, monkeypatch):
    monkeypatch.setattr("lawbook.contents.MOST_ARTICLES_ON_A_PAGE", 3)
    return f"{site_server.url}/law/flowers/"


@pytest.mark.parametrize("width", [375, 1280])
def test_a_long_law_is_accessible_by_chapters(new_page, axe, long_url, width):
    page = new_page(width=width)
    for place in ("", "d2/", "article-4/", "on/2024-05-01/d2/"):
        page.goto(long_url + place)
        assert axe(page) == [], place
        assert not too_wide(page), place
