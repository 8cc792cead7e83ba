"""The public search page: order, the best, filters, what it says, what it costs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from search import services
from search.services import find, shown

pytestmark = pytest.mark.django_db

BUDGET = 12


@pytest.fixture
def get(home: Any) -> Callable[..., Any]:
    return lambda query="", **more: Client().get("/search/", {"q": query, **more})


def titles(response: Any) -> list[str]:
    best = response.context["best"]
    return [str(hit.title_html) for hit in ([best] if best else []) + list(response.context["hits"])]


@pytest.mark.parametrize("query", ["24", "第24条", "第二十四條"])
def test_an_article_that_is_named_by_its_number_is_the_best_hit(get: Any, query: str) -> None:
    response = get(query)
    assert response.context["best"].url == "/law/mending/article-24/"
    assert "最相关" in response.content.decode()
    assert response.context["jumps"] == []  # it is there already


def test_a_clear_winner_is_the_best_hit_and_equals_have_none(get: Any) -> None:
    best = get("报到").context["best"]
    assert best.title_html == "第一次<mark>报到</mark>要带什么"
    assert get("司法所").context["best"] is None


def test_filters_count_by_kind_and_keep_the_query(get: Any) -> None:
    response = get("司法所")
    kinds = response.context["kinds"]
    assert kinds[0]["count"] == sum(kind["count"] for kind in kinds[1:])
    assert kinds[0]["label"] == "全部"
    for kind in kinds[1:]:
        filtered = Client().get(kind["url"])
        assert filtered.context["total"] == kind["count"]
        hits = [filtered.context["best"], *filtered.context["hits"]]
        assert {hit.kind for hit in hits if hit} == {kind["label"]}
        assert parse_qs(urlsplit(kind["url"]).query)["q"] == ["司法所"]


def test_the_page_says_what_else_it_looked_for(get: Any) -> None:
    body = get("请假").content.decode()
    assert "同时查找了：外出、离开居住地" in body
    assert "也许你在找" in body


def test_a_traditional_query_shows_its_simplified_form_in_either_script(home: Any) -> None:
    assert ">社区矫正</span>" in Client().get("/search/", {"q": "社區矯正"}).content.decode()
    body = Client().get("/zh-hant/search/", {"q": "社區矯正"}).content.decode()
    assert 'translate="no">社区矫正</span>' in body
    assert "In simplified" not in body


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("手续补得上", "?t=42#player"),
        ("手續補得上", "?t=42#player"),
        ("催人手续", "?t=1#player"),  # runs on into the next caption
        ("老人住院", "?t=1#player"),
        ("别想当然", ""),
        ("反垄断", ""),
        ("人", ""),
    ],
)
def test_a_film_is_opened_at_the_second_in_which_the_words_are_said(home: Any, query: str, place: str) -> None:
    from media.models import Video

    assert Video.objects.get().url_for(query) == f"/video/ask-first/{place}"


def test_a_hit_in_a_film_lands_at_its_second(home: Any) -> None:
    found = find("手续补得上")
    assert [hit.url for hit in shown(found, found.matches)] == ["/video/ask-first/?t=42#player"]


def test_an_article_lands_on_its_paragraph(home: Any) -> None:
    found = find("正当理由")
    assert [hit.url for hit in shown(found, found.matches)] == ["/law/mending/article-27/#p2"]


def test_drafts_and_private_sections_stay_out(home: Any, found_slugs: Any) -> None:
    assert "parole-case" in found_slugs("假释")
    PageViewRestriction.objects.create(page=Page.objects.get(slug="help"), restriction_type=PageViewRestriction.LOGIN)
    assert found_slugs("假释") == []
    PageViewRestriction.objects.all().delete()
    Page.objects.filter(slug="parole-case").update(live=False)
    assert found_slugs("假释") == []


def test_more_matches_than_are_read_are_told_and_a_kind_is_read_by_itself(
    home: Any, get: Any, monkeypatch: Any
) -> None:
    everything = find("社区矫正").kinds
    monkeypatch.setattr(services, "MOST", 4)
    monkeypatch.setattr("search.views.MOST", 4)
    assert find("社区矫正").more
    assert "超过 4 条" in get("社区矫正").content.decode()
    kind = next(iter(find("社区矫正").kinds))
    assert find("社区矫正", kind).kinds[kind] >= min(4, everything[kind])


def test_a_page_of_three_kinds_keeps_its_query_budget(home: Any, get: Any) -> None:
    query = "司法所"
    assert len(find(query).kinds) >= 3
    cache.clear()
    ContentType.objects.clear_cache()
    Client().get("/no-such-page/")
    get(query)
    with CaptureQueriesContext(connection) as captured:
        response = get(query)
    assert response.status_code == 200
    assert len(captured) <= BUDGET, "\n".join(row["sql"][:150] for row in captured)


def test_search_engines_may_list_the_search_page_but_no_results(get: Any) -> None:
    assert "noindex" not in get().content.decode()
    assert '<meta name="robots" content="noindex">' in get("请假").content.decode()


def test_the_page_without_a_query_and_without_a_result_helps(get: Any) -> None:
    assert "输入一个词" in get().content.decode()
    body = get("反垄断").content.decode()
    assert "没有找到“反垄断”" in body
    assert 'href="/law/"' in body.partition('class="nothing"')[2]


def test_pages_of_results_keep_query_and_kind(get: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("search.views.PAGE_SIZE", 2)
    first = get("司法所")
    assert first.context["page"].has_next()
    second = get("司法所", page=2)
    assert not set(titles(first)) & set(titles(second))
    assert second.context["best"] is None


HOSTILE = [
    '"', "'", "`", "\\", "%", "_", "(", ")", "*", "^", ":", "-", "+", "{", "}", "<script>", "社区 AND", "* OR 1",
    "NOT 社区",
    "NEAR(a b)", 'title:"社区"', "{title body} : 社区", "社区*", "a' OR 1=1 --", "社\x00区", "\x00", "\x00电",
    "第条", "第零条", "第九百九十九亿条", "第" + "9" * 50 + "条", "9" * 400, "社" * 5000, "社区" * 5000, "社区 " * 5000,
    "！？。，、；：", "🚌", "🚌社区", "\ud7ff", "\u202e社区", "é́́́", "ａｂｃ", "\t\n", "第二十四条第24条" * 100, "24之一",
]  # fmt: skip


@pytest.mark.parametrize("script", ["", "/zh-hant"])
def test_no_query_breaks_the_page_or_its_markup(home: Any, script: str) -> None:
    for query in HOSTILE:
        response = Client().get(f"{script}/search/", {"q": query})
        assert response.status_code == 200, query
        assert "<script>" not in response.content.decode().partition("<main")[2].partition("</main")[0], query


def test_no_address_breaks_the_page(home: Any) -> None:
    strange = [
        "q=%ff%fe",
        "q=%00",
        "q=a&q=b",
        "kind=x",
        "page=2",
        "q[]=1",
        "q=%E7%A4",
        "q=社区&kind=%00",
        "q=社区&kind=x",
    ]
    for rest in [*strange, *(f"q=社区&page={page}" for page in ("0", "-1", "9" * 20, "x", "%00"))]:
        assert Client().get(f"/search/?{rest}").status_code == 200, rest


def test_no_query_breaks_the_admin_s_search(home: Any, admin_client: Client) -> None:
    for path in ("/admin/pages/search/", "/admin/choose-page/search/", "/admin/documents/"):
        for query in ["'", "(", "社区 AND", "\x00", "社区*", "🚌", "第条", "社区" * 500]:
            assert admin_client.get(path, {"q": query}).status_code == 200, (path, query)
