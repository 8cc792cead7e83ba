"""The reader in a real browser: accessible, within the policy, whole without a script, at both widths."""

import pytest

from lawbook.models import Explanation


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
@pytest.mark.parametrize("place", ["", "law/flowers/", "law/"])
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
