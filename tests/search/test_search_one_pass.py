"""The admin's searches: filters, slices, counts and orders hold, and the index is asked once, not once a row."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.query import MATCH_ALL, Not, PlainText
from wagtail.models import Page, Site
from wagtail.search.backends import get_search_backend

from pages.models import ContentPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(db: None) -> list[Page]:
    """Twelve pages about 请假; every third a draft, the last with the word in its title alone twice."""
    home = Site.objects.get(is_default_site=True).root_page
    return [
        home.add_child(
            instance=Page(
                title=f"请假须知 第 {number} 份" if number < 11 else "请假，请假",
                slug=f"n{number}",
                live=number % 3 > 0,
            )
        )
        for number in range(12)
    ]


def search(query: Any, rows: Any, **options: Any) -> Any:
    return get_search_backend().search(query, rows, **options)


def test_the_caller_s_filter_and_count_hold(many: list[Page]) -> None:
    found = search("请假", Page.objects.live())
    assert {page.slug for page in found} == {page.slug for page in many if page.live}
    assert found.count() == len(list(found)) == 8


def test_slices_make_up_the_whole_without_overlap(many: list[Page]) -> None:
    whole = [page.slug for page in search("请假", Page.objects.all())]
    assert len(whole) == len(set(whole)) == 12
    found = search("请假", Page.objects.all())
    assert [page.slug for start in (0, 5, 10) for page in found[start : start + 5]] == whole
    assert found[3].slug == whole[3]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL ranks in one statement by itself")
def test_where_filters_leave_too_few_of_the_best_every_match_is_looked_at(
    many: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.one_pass.FIRST", 2)
    drafts = {page.slug for page in many if not page.live}
    assert {page.slug for page in search("请假", Page.objects.filter(live=False))[:2]} <= drafts
    assert {page.slug for page in search("请假", Page.objects.filter(live=False))} == drafts


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL ranks in one statement by itself")
def test_a_list_asks_the_index_once(many: list[Page]) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert len(list(search("请假", Page.objects.live())[:5])) == 5
    assert sum("MATCH" in row["sql"] for row in captured) == 1
    assert len(captured) <= 3


def test_a_score_is_given_where_it_is_asked_for(many: list[Page]) -> None:
    scores = [page.relevance for page in search("请假", Page.objects.all()).annotate_score("relevance")]
    assert len(scores) == 12
    assert scores == sorted(scores, reverse=True)


def test_another_order_a_negation_and_everything_take_the_stock_way(many: list[Page]) -> None:
    by_title = search("请假", Page.objects.order_by("title"), order_by_relevance=False)
    titles = [page.title for page in by_title]
    assert titles == list(Page.objects.filter(title__contains="请假").order_by("title").values_list("title", flat=True))
    without = search(Not(PlainText("请假")), Page.objects.all())
    assert not {page.slug for page in without} & {page.slug for page in many}
    assert search(MATCH_ALL, Page.objects.live()).count() == Page.objects.live().count()


def test_specific_pages_stay_specific(home: Any) -> None:
    found = list(search("请假", Page.objects.type(ContentPage).specific()))
    assert found
    assert {type(page) for page in found} == {ContentPage}


def test_facets_count_matches(many: list[Page]) -> None:
    assert dict(search("请假", Page.objects.all()).facet("live")) == {True: 8, False: 4}


def test_autocomplete_finds_the_beginning_of_a_word(home: Any) -> None:
    found = list(get_search_backend().autocomplete("志愿", Page.objects.all())[:5])
    assert [page.slug for page in found] == ["volunteers"]


@pytest.mark.parametrize("query", ["！？", "", " "])
def test_punctuation_alone_finds_nothing(many: list[Page], query: str) -> None:
    assert list(search(query, Page.objects.all())) == []
    assert list(search(PlainText(query), Page.objects.all())) == []
