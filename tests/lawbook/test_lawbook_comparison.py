"""The page that compares two texts of a law, and the ways to it."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lawbook.importing import import_record
from lawbook.models import LawVersion
from lawbook.sources.reading import read_source

pytestmark = pytest.mark.django_db
URL = "/law/flowers/compare/2024-05-01/2025-01-01/"


@pytest.fixture
def two_versions(flower_law, new_text):
    return flower_law


def page_of(client, url=URL):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_words_that_came_and_went_are_marked(client, two_versions):
    page = page_of(client)
    assert re.search(r"<del><span class=\"vh\">〔删去：</span>清早或者傍晚<span", page)
    assert re.search(r"<ins><span class=\"vh\">〔新增：</span>天黑以后<span", page)
    assert re.search(r"＋ 新增", page)
    assert re.search(r"－ 删去", page)
    assert "原第五条" in page


def test_the_figures_say_how_much_has_changed(client, two_versions):
    page = page_of(client)
    counts = re.findall(r"<li>\s*<b>(\d+)</b> (\S+)", page.split('class="counts"')[1])
    assert counts == [("2", "条有改动"), ("1", "条新增"), ("1", "条删去"), ("1", "条只改条序"), ("3", "条未改动")]


def test_unchanged_articles_are_folded_and_still_there(client, two_versions):
    folded = page_of(client).split('<details class="same">')
    assert len(folded) > 1
    assert "定下这个示例" in folded[1].split("</details>")[0]


def test_every_article_of_both_texts_is_on_the_page(client, two_versions):
    page = page_of(client)
    assert len(re.findall(r'<h3 class="no"', page)) == 8


def test_it_works_without_a_script_and_is_no_cookie_page(client, two_versions):
    response = client.get(URL)
    assert not response.cookies
    assert "<script" not in response.content.decode().split("</head>")[1]


def test_the_law_links_to_it_from_its_versions(client, two_versions):
    page = page_of(client, "/law/flowers/")
    assert page.count(f'href="{URL}"') == 1
    assert "与 2024-05-01 文本对照" in page


@pytest.mark.parametrize(
    "url",
    ["/law/flowers/compare/2024-06-30/2026-02-01/", "/law/flowers/compare/2025-01-01/2024-05-01/"],
)
def test_other_days_of_the_same_texts_lead_to_one_address(client, two_versions, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"] == URL


@pytest.mark.parametrize(
    "url",
    [
        "/law/flowers/compare/2024-05-01/2024-12-31/",
        "/law/flowers/compare/1999-01-01/2025-01-01/",
        "/law/grass/compare/2024-05-01/2025-01-01/",
    ],
)
def test_where_there_are_no_two_texts_there_is_no_page(client, two_versions, url):
    assert client.get(url).status_code == 404


def test_a_text_without_a_day_has_no_comparison(client, two_versions):
    LawVersion.objects.filter(effective_on=datetime.date(2024, 5, 1)).update(effective_on=None, adopted_on=None)
    assert "/compare/" not in page_of(client, "/law/flowers/")
    assert client.get("/law/flowers/compare/2000-01-01/2025-01-01/").status_code == 404


def own_queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in queries if '"lawbook_' in query["sql"]]


def test_the_queries_do_not_grow_with_the_texts(client, two_versions, write_law):
    assert len(own_queries(client, URL)) == 4
    body = [f"第{number}条　第{number}样花木的规矩。" for number in "一二三四五六七八九"]
    front = ["示例街区花木养护条例", "2025年12月1日示例街区居民会议第四次会议修订"]
    import_record(read_source(write_law([*body, "第十条　本条例自2026年1月1日起施行。"], contents=[], front=front)))
    assert len(own_queries(client, "/law/flowers/compare/2025-01-01/2026-01-01/")) == 4


def test_the_traditional_page_stays_in_its_script(client, two_versions):
    page = page_of(client, "/zh-hant" + URL)
    assert 'href="/zh-hant/law/flowers/on/2024-05-01/"' in page
    assert client.get("/zh-hant/law/flowers/compare/2024-06-30/2026-02-01/")["Location"] == "/zh-hant" + URL


def test_the_prison_law_is_paired_by_its_words(client, corpus):
    from lawbook.sources.corpus import read_corpus

    for record in read_corpus(corpus, "监狱法"):
        import_record(record, slug="prison")
    page = page_of(client, "/law/prison/compare/2012-10-26/2026-11-01/")
    assert page.count('<h3 class="no"') == 141  # 78 and 121 articles, 58 of them paired
    assert page.count("原第") > 30
