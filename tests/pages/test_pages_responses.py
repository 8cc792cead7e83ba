"""What every public page keeps: no cookie, a strict policy, the page labels, breadcrumbs, one title."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client, override_settings
from wagtail.models import get_page_models

from lawbook.models import Law
from pages.models import HomePage
from pages.registry import examples

PAGE_TYPES = [model for model in get_page_models() if model._meta.app_label == "pages"]
EVERY_PAGE = ["/", "/help/", "/help/hardship/", "/news/winter-bus-posters/", "/outcomes/three-years-three-moves/"]
OTHERS = ["/nowhere/", "/accessibility/", "/search/", "/search/?q=请假"]


class Markup(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def labels(self) -> dict[str, str]:
        return {a["name"]: a.get("content", "") for tag, a in self.tags if tag == "meta" and "name" in a}


@pytest.mark.parametrize("url", EVERY_PAGE + OTHERS)
def test_a_visitor_gets_no_cookie(url: str, starter: HomePage, invented_law: Law) -> None:
    response = Client().get(url)
    assert response.status_code == (404 if url == "/nowhere/" else 200)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("url", EVERY_PAGE + OTHERS)
def test_the_policy_allows_nothing_inline_and_the_page_needs_nothing_inline(
    url: str, starter: HomePage, invented_law: Law
) -> None:
    response = Client().get(url)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    for tag, attributes in Markup(response.content.decode()).tags:
        assert "style" not in attributes, f"<{tag}> carries a style"
        assert not [name for name in attributes if name.startswith("on")], f"<{tag}> carries a handler"
        assert tag != "style"
        if tag == "script":
            assert attributes.get("src", "").startswith("/static/")


@pytest.mark.parametrize("url", EVERY_PAGE + OTHERS)
def test_nothing_is_asked_of_another_host(url: str, starter: HomePage, invented_law: Law) -> None:
    for tag, attributes in Markup(Client().get(url).content.decode()).tags:
        asked = tag == "link" and attributes.get("rel") not in {"alternate", "canonical"}  # those are only named
        for name in ("src", "srcset", "poster", "data") + (("href",) if asked else ()):
            assert not re.match(r"(https?:)?//", attributes.get(name, "")), f"<{tag} {name}>"


@pytest.mark.parametrize("url", EVERY_PAGE + OTHERS)
def test_a_page_has_one_title_one_main_and_no_doubled_id(url: str, starter: HomePage, invented_law: Law) -> None:
    html = Client().get(url).content.decode()
    tags = Markup(html).tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert [tag for tag, _ in tags].count("main") == 1
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert re.search(r"<title>[^<]*普法直通车[^<]*</title>", html)
    assert 'lang="zh-Hans"' in html


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_a_page_carries_the_labels_of_a_government_site(model: Any, starter: HomePage) -> None:
    page = examples()[model]()
    labels = Markup(Client().get(page.url).content.decode()).labels()
    assert labels["SiteName"] == "普法直通车"
    assert labels["SiteDomain"]
    assert labels["SiteIDCode"] == "0000000000"
    assert labels["description"]
    if model.__name__ in {"ColumnPage", "EventsPage"}:
        wanted = {"ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords"}
    elif model.__name__ == "HomePage":
        wanted = set()
    else:
        wanted = {"ArticleTitle", "PubDate", "ContentSource", "Author", "Keywords"}
        assert labels["PubDate"] == f"{page.date:%Y-%m-%d}"
    assert all(labels.get(name) for name in wanted), labels


def test_breadcrumbs_name_every_step(starter: HomePage) -> None:
    html = Client().get("/help/hardship/").content.decode()
    crumbs = html[html.index('class="crumbs"') : html.index("</nav>", html.index('class="crumbs"'))]
    assert "您现在的位置" in crumbs
    assert crumbs.index("首页") < crumbs.index("帮扶服务") < crumbs.index("生活或找工作有困难")
    assert 'href="/help/"' in crumbs
    assert "/help/hardship/" not in crumbs


def test_the_current_column_is_marked_in_the_navigation(starter: HomePage) -> None:
    html = Client().get("/help/hardship/").content.decode()
    assert '<a href="/help/" aria-current="true">帮扶服务</a>' in html
    assert '<a href="/help/" aria-current="page">帮扶服务</a>' in Client().get("/help/").content.decode()


def test_the_masthead_has_six_columns_and_the_menu_has_them_all(starter: HomePage) -> None:
    html = Client().get("/").content.decode()
    masthead = html[html.index('<nav class="nav"') : html.index("</nav>")]
    assert masthead.count("<li>") == 6
    menu = html[html.index('<details class="menu"') : html.index("</details>")]
    for label in ("法律条文", "普法视频", "帮扶服务", "服务网点", "工作成效", "典型案例", "新闻动态", "搜索"):
        assert f">{label}<" in menu


def test_print_has_a_style_of_its_own(starter: HomePage) -> None:
    links = [a for tag, a in Markup(Client().get("/help/hardship/").content.decode()).tags if tag == "link"]
    assert [a["href"] for a in links if a.get("media") == "print"] == ["/static/css/print.css"]


def test_a_missing_page_helps_the_visitor_on(starter: HomePage) -> None:
    response = Client().get("/help/no-such-guide/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "这里没有你要找的页面" in html
    assert 'role="search"' in html
    assert 'href="/help/"' in html


def test_a_missing_page_is_answered_without_any_page_in_the_tree(db: None) -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "这里没有你要找的页面" in response.content.decode()


def test_a_failing_site_says_so_without_its_database(
    starter: HomePage, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("示例故障")

    monkeypatch.setattr("wagtail.models.Page.route_for_request", staticmethod(fail))
    with django_assert_num_queries(0), override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False):
        response = Client(raise_request_exception=False).get("/help/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "网站暂时出了问题" in html
    assert "12348" in html
    assert "示例故障" not in html
    assert "<script" not in html
