"""Chinese search, on whichever database the suite runs."""

import pytest
from modelsearch.query import Phrase, PlainText
from wagtail.models import Page, Site
from wagtail.search.backends import get_search_backend

from search.excerpts import excerpt, marked
from search.services import find

pytestmark = pytest.mark.django_db

TITLES = {
    "visit": "社区矫正对象请假外出怎么办",
    "parole": "假释期间要注意什么",
    "article": "第二十四条讲了什么",
    "bus": "公交车身广告投放计划",
    "latin": "SCL-90 心理评估",
}


@pytest.fixture
def pages():
    home = Site.objects.get(is_default_site=True).root_page
    made = {slug: home.add_child(instance=Page(title=title, slug=slug)) for slug, title in TITLES.items()}
    backend = get_search_backend()
    for page in made.values():
        backend.add(page)
    return made


def slugs(query):
    return {page.slug for page in get_search_backend().search(query, Page.objects.all())}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("社区矫正", "visit"),
        ("社区", "visit"),
        ("外出", "visit"),
        ("请假外出", "visit"),
        ("外出请假", "visit"),
        ("社区矫正外出", "visit"),
        ("广告车身", "bus"),
        ("假释", "parole"),
        ("第24条", "article"),
        ("第二十四条", "article"),
        ("第２４条", "article"),
        ("24", "article"),
        ("广告投放", "bus"),
        ("scl", "latin"),
        ("心理评估", "latin"),
    ],
)
def test_a_query_finds_its_page_and_no_other(pages, query, expected):
    assert slugs(query) == {expected}


def test_what_holds_a_query_in_one_piece_stands_first(pages):
    home = Site.objects.get(is_default_site=True).root_page
    apart = home.add_child(instance=Page(title="外出办事要先请假", slug="apart"))
    get_search_backend().add(apart)
    assert [page.slug for page in get_search_backend().search("请假外出", Page.objects.all())] == ["visit", "apart"]
    assert slugs(Phrase("请假外出")) == {"visit"}
    assert slugs(PlainText("请假外出", operator="or")) == {"visit", "apart"}


def test_a_word_that_stands_nowhere_finds_nothing(pages):
    assert slugs("反垄断") == set()


def test_the_admin_and_choosers_search_the_same_way(pages, admin_client):
    answer = admin_client.get("/admin/pages/search/", {"q": "广告投放"}).content.decode()
    assert TITLES["bus"] in answer
    assert TITLES["parole"] not in answer


def test_drafts_and_private_pages_stay_out_of_public_search(pages):
    assert [str(match.row.title) for match in find("假释").matches] == ["假释期间要注意什么"]
    Page.objects.filter(slug="parole").update(live=False)
    assert find("假释").matches == []


def test_where_nothing_holds_every_word_any_word_counts(pages):
    found = find("假释 心理评估")
    assert found.loosened
    assert len(found.matches) == 2


def test_marks_are_the_only_markup():
    assert marked("<b>社区</b>矫正", "社区") == "&lt;b&gt;<mark>社区</mark>&lt;/b&gt;矫正"


def test_an_excerpt_starts_at_a_sentence_and_shows_the_match():
    text = "前面一句。" * 30 + "请假要先向司法所提出。" + "后面一句。" * 30
    shown = excerpt(text, "司法所")
    assert shown.startswith("…请假要先向<mark>司法所</mark>")
    assert shown.endswith("…")


def test_an_empty_query_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find("   ").matches == []
