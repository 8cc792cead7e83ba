"""The home page with and without what other rooms bring, and the columns."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lawbook.models import Explanation, Law
from media.models import Video
from pages import home_parts
from pages.models import ColumnPage, HomePage, NewsPage
from pages.models.columns import dated


def home() -> str:
    return Client().get("/").content.decode()


def test_home_works_before_there_is_a_law_or_a_film(starter: HomePage) -> None:
    html = home()
    assert "法律写在纸上，<br>也开到你家门口。" in html
    assert 'class="route"' not in html
    assert "今天读一条" not in html
    assert "三分钟看懂" not in html
    assert "我想弄明白" in html


def test_home_works_without_a_single_page_below_it(starter: HomePage) -> None:
    for child in starter.get_children():
        child.delete()
    html = home()
    assert "最近更新" not in html
    assert "三步棋" not in html


def test_the_route_map_lists_the_chapters_and_leads_to_them(starter: HomePage, invented_law: Law) -> None:
    html = home()
    assert html.count('<a href="/law/flower-care/#d') == 4
    assert "共 8 条" in html
    # Four chapters, nine names: the official titles stand.
    assert "花木与街坊" in html
    assert "为什么有这部法" not in html


def test_our_names_of_the_chapters_show_where_there_is_one_for_each(starter: HomePage, invented_law: Law) -> None:
    starter.chapter_names = "起头\n街坊\n天天\n末了\n"
    starter.save()
    html = home()
    assert "<span>第二章</span>街坊" in html
    assert "花木与街坊" not in html


def test_another_article_is_read_each_day_until_all_were_read(invented_law: Law) -> None:
    route = home_parts.law_route()
    labels = []
    for day in range(8):
        today = home_parts.article_today(route, date(2026, 11, 24) + timedelta(days=day))
        assert today is not None
        labels.append(today.label)
    assert len(set(labels)) == 8


def test_only_explained_articles_are_read_while_some_are_not_explained(invented_law: Law) -> None:
    Explanation.objects.exclude(number__in=[3, 6]).delete()
    route = home_parts.law_route()
    week = [home_parts.article_today(route, date(2026, 11, 24) + timedelta(days=day)) for day in range(4)]
    assert {today.label for today in week if today} == {"第三条", "第六条"}
    Explanation.objects.all().delete()
    route = home_parts.law_route()
    days = [home_parts.article_today(route, date(2026, 11, 24) + timedelta(days=day)) for day in range(8)]
    assert len({today.label for today in days if today}) == 8


def test_the_article_of_the_day_is_whole_with_its_items(invented_law: Law) -> None:
    today = home_parts.article_today(home_parts.law_route())
    assert today is not None
    assert [items for _words, items in today.paragraphs] == [[("（一）", "早晚浇水；"), ("（二）", "雨天不浇。")], []]
    assert today.paragraphs[1][0] == "花开了，大家都可以来看。"
    assert today.url.startswith("/law/flower-care/article-")
    assert today.gist.endswith("条讲浇水")
    assert today.meaning == "浇水看天气。"


def test_an_unsigned_explanation_is_marked_in_the_demo(starter: HomePage, invented_law: Law) -> None:
    assert "示例·待审核" in home()


def test_an_unsigned_explanation_is_not_served_in_production(
    starter: HomePage, invented_law: Law, settings: Any
) -> None:
    settings.DEMO = False
    html = home()
    assert "条讲浇水" not in html
    assert "今天读一条" in html


def test_a_withdrawn_explanation_is_not_shown(starter: HomePage, invented_law: Law) -> None:
    Explanation.objects.update(live=False)
    assert "条讲浇水" not in home()


def test_official_text_and_our_words_are_labelled_apart(starter: HomePage, invented_law: Law) -> None:
    html = home()
    official = html[html.index('<div class="official">') : html.index('<div class="say">')]
    assert "官方条文" in official
    assert "通俗解读" not in official


def test_a_film_that_is_not_public_stays_off_the_home_page(starter: HomePage) -> None:
    Video.objects.create(title="示例未发布的片", published=False)
    assert "示例未发布的片" not in home()


def test_the_three_figures_are_the_first_of_each_move(starter: HomePage) -> None:
    html = home()
    for figure in ("158<small>场", "2<small>级", "3,762<small>人次"):
        assert figure in html
    assert html.count("蓬江区司法局公开的社区矫正工作情况") == 3


def test_a_news_draft_is_on_no_public_page(starter: HomePage) -> None:
    column = ColumnPage.objects.get(slug="news")
    column.add_child(
        instance=NewsPage(
            title="示例草稿",
            slug="draft",
            source="示例",
            live=False,
            body=[("text", "<p>示例</p>")],
            locale=column.locale,
        )
    )
    assert "示例草稿" not in home()
    assert "示例草稿" not in Client().get("/news/").content.decode()
    assert Client().get("/news/draft/").status_code == 404


def test_the_newest_news_comes_first_and_links_to_all_of_it(starter: HomePage) -> None:
    html = home()
    days = [item.date for item in home_parts.news(starter, 4)]
    assert days == sorted(days, reverse=True)
    assert '<a href="/news/">全部动态</a>' in html


# ── columns ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def long_column(starter: HomePage) -> ColumnPage:
    column = ColumnPage.objects.get(slug="news")
    column.items_per_page = 4
    column.save()
    return column


def test_a_column_is_listed_newest_first(starter: HomePage) -> None:
    items = list(ColumnPage.objects.get(slug="news").items())
    assert [item.item_date for item in items] == sorted((item.item_date for item in items), reverse=True)


def test_a_page_without_a_date_of_its_own_takes_its_publication_day(starter: HomePage) -> None:
    rows = {row.slug: row.item_date for row in dated(starter.get_children())}
    assert rows["help"] == timezone.localdate()


def test_a_long_column_goes_over_several_pages(long_column: ColumnPage) -> None:
    first, second = (Client().get(f"/news/?page={n}").content.decode() for n in (1, 2))
    assert first.count('<li><a href="/news/') - second.count('<li><a href="/news/') == 2
    assert [page.count("<time ") for page in (first, second)] == [4, 2]
    assert 'aria-current="page">2</a>' in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "", "1e9"])
def test_a_page_number_that_does_not_exist_shows_a_page_that_does(long_column: ColumnPage, number: str) -> None:
    response = Client().get("/news/", {"page": number})
    assert response.status_code == 200
    assert response.context["listing"].object_list


def test_an_empty_column_says_so(starter: HomePage) -> None:
    column = ColumnPage(title="示例空栏目", slug="empty", locale=starter.locale)
    starter.add_child(instance=column)
    assert "这里还没有内容" in Client().get("/empty/").content.decode()


def test_pages_offer_their_text_to_search_and_citations(starter: HomePage) -> None:
    page = starter.get_descendants().get(slug="hardship").specific
    assert "临时救助" in page.search_text()
    assert "<" not in page.search_text()
    assert page.title in list(page.citation_texts())
    assert str(page.search_kind) == "办事指引"
    assert page.get_absolute_url() == "/help/hardship/"
    assert page in type(page).public_objects()
