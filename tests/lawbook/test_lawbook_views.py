"""The reader: what stands on its pages, in how many queries, and for whom."""

import datetime
import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lawbook.importing import import_record
from lawbook.models import Article, Explanation, Law, LawVersion
from lawbook.sources.reading import read_source

pytestmark = pytest.mark.django_db
ARTICLE = "/law/flowers/article-3/"


@pytest.fixture
def explained(flower_law):
    return Explanation.objects.create(
        law=flower_law,
        number=3,
        gist="浇水先看天再看土",
        meaning="土湿着就别浇。\n\n另见第五条和第九十九条。",
        steps="摸摸土\n看看天",
        example="阿梅下雨天不浇水。",
        note="晴三天再浇。",
        author="甲",
    )


def own_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in queries if '"lawbook_' in query["sql"]]


@pytest.mark.parametrize(
    "url",
    [
        "/law/",
        "/law/flowers/",
        ARTICLE,
        "/law/flowers/article-3-1/",
        "/law/flowers/on/2024-05-01/",
        "/law/flowers/on/2024-05-01/article-6/",
    ],
)
def test_the_pages_of_the_law_book_answer(client, flower_law, url):
    response = client.get(url)
    assert response.status_code == 200
    assert "示例街区花木养护条例" in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize(
    "url",
    [
        "/law/grass/",
        "/law/flowers/article-99/",
        "/law/flowers/article-3-2/",
        "/law/flowers/article-0/",
        "/law/flowers/on/2024-04-30/",
        "/law/flowers/on/2024-04-30/article-1/",
        "/law/flowers/on/2024-02-30/",
    ],
)
def test_what_is_not_there_is_404(client, flower_law, url):
    assert client.get(url).status_code == 404


def test_an_article_takes_four_queries(client, explained):
    client.get(ARTICLE)
    assert len(own_queries(client, ARTICLE)) <= 4


def test_queries_do_not_grow_with_the_law(client, flower_law):
    assert len(own_queries(client, "/law/flowers/")) <= 6
    assert len(own_queries(client, "/law/")) <= 2


def test_paragraphs_and_items_have_anchors(client, flower_law):
    page = client.get(ARTICLE).content.decode()
    assert re.findall(r'id="(p[^"]+)"', page) == ["p1", "p1-i1", "p1-i2", "p1-i3", "p2"]


def test_previous_and_next_follow_the_order_of_the_law(client, flower_law):
    page = client.get("/law/flowers/article-3-1/").content.decode()
    assert re.search(r'href="/law/flowers/article-3/" rel="prev"', page)
    assert re.search(r'href="/law/flowers/article-4/" rel="next"', page)


def test_the_citation_stands_there_without_a_script(client, flower_law):
    page = client.get(ARTICLE).content.decode()
    assert re.search(r"<dd>\s*《示例街区花木养护条例》第三条\s*</dd>", page)


def test_the_contents_open_where_the_reader_is(client, flower_law):
    page = client.get("/law/flowers/article-4/").content.decode()
    toc = page.split('class="toc"')[1].split("</nav>")[0]
    assert toc.count('class="open"') == 2
    assert 'aria-current="page">第四条</a>' in toc
    assert "第六条" not in toc


def test_structured_data_is_safe_json(client, flower_law):
    page = client.get(ARTICLE).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["@type"] == "Legislation"
    assert data["isPartOf"]["legislationLegalForce"] == "https://schema.org/InForce"
    assert data["isPartOf"]["legislationDateOfApplicability"] == "2024-05-01"
    assert data["url"] == "http://testserver" + ARTICLE


def test_the_code_opens_this_page(client, flower_law, tmp_path):
    zxingcpp = pytest.importorskip("zxingcpp")
    import numpy as np

    page = client.get(ARTICLE).content.decode()
    path = re.search(r'<path fill="#101828" d="([^"]+)"', page)[1]
    runs = [tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)", path)]
    size = max(y for _x, y, _w in runs) + 9
    picture = np.full((size, size), 255, dtype=np.uint8)
    for x, y, width in runs:
        picture[y + 4, x + 4 : x + 4 + width] = 0
    (code,) = zxingcpp.read_barcodes(np.kron(picture, np.ones((4, 4), dtype=np.uint8)))
    assert code.text == "http://testserver" + ARTICLE


def test_an_explanation_shows_with_its_mark_and_its_links(client, explained, settings):
    settings.DEMO = True
    page = client.get(ARTICLE).content.decode()
    assert "浇水先看天再看土" in page
    assert "示例·待审核" in page
    assert '<a href="/law/flowers/article-5/">第五条</a>' in page
    assert "第九十九条</a>" not in page


def test_an_unsigned_explanation_is_not_served_in_production(client, explained, settings):
    settings.DEMO = False
    page = client.get(ARTICLE).content.decode()
    assert "浇水先看天" not in page
    assert not Explanation.public_objects().exists()


def test_an_unpublished_explanation_is_served_nowhere(client, explained, settings):
    settings.DEMO = True
    Explanation.objects.filter(pk=explained.pk).update(live=False)
    assert "浇水先看天" not in client.get(ARTICLE).content.decode()


def test_words_are_escaped(client, explained):
    explained.meaning = "<script>alert(1)</script>第五条<b>"
    explained.save()
    page = client.get(ARTICLE).content.decode()
    assert "<script>alert" not in page
    assert '&lt;/script&gt;<a href="/law/flowers/article-5/">第五条</a>&lt;b&gt;' in page


def test_an_article_lists_what_cites_it(client, explained):
    page = client.get("/law/flowers/article-5/").content.decode()
    cited = page.split('class="cited"')[1].split("</ul>")[0]
    assert "《示例街区花木养护条例》第二条" in cited  # the law cites itself
    assert "第三条：浇水先看天再看土" in cited
    third = client.get(ARTICLE).content.decode()
    assert "（第一款第（二）项）" in third


@pytest.fixture
def two_versions(flower_law, write_law):
    body = ["第一条　新的规矩。", "第二条　本条例自2025年1月1日起施行。"]
    front = ["示例街区花木养护条例", "2024年12月1日示例街区居民会议第三次会议修订"]
    import_record(read_source(write_law(body, contents=[], front=front)))
    return flower_law


def test_each_day_has_its_own_text(client, two_versions):
    old = client.get("/law/flowers/on/2024-12-31/article-1/").content.decode()
    new = client.get("/law/flowers/on/2025-01-01/article-1/").content.decode()
    assert "定下这个示例" in old
    assert "新的规矩" in new
    assert '<link rel="canonical" href="http://testserver/law/flowers/article-1/">' in old
    assert client.get("/law/flowers/article-3/").status_code == 404
    assert client.get("/law/flowers/on/2024-12-31/article-3/").status_code == 200


def test_a_text_that_takes_effect_later_waits(client, two_versions):
    LawVersion.objects.filter(effective_on=datetime.date(2025, 1, 1)).update(effective_on=datetime.date(2999, 1, 1))
    assert "定下这个示例" in client.get("/law/flowers/article-1/").content.decode()
    listing = client.get("/law/flowers/").content.decode()
    assert "尚未施行" in listing
    assert "/law/flowers/on/2999-01-01/" in listing


def test_the_only_text_is_read_before_its_day_and_says_so(client, flower_law):
    LawVersion.objects.update(effective_on=datetime.date(2999, 1, 1))
    page = client.get(ARTICLE).content.decode()
    assert "尚未施行" in page
    assert "现行有效" not in page


def test_an_amended_text_never_shows_as_in_force(client, flower_law):
    LawVersion.objects.update(status="amended")
    page = client.get(ARTICLE).content.decode()
    assert "本版本已被修改" in page
    assert "现行有效" not in page


def test_without_a_law_the_public_gets_a_helpful_sentence(client):
    page = client.get("/law/").content.decode()
    assert "12348" in page
    assert "import_law" not in page


def test_without_a_law_the_staff_learn_how_to_import(client):
    client.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    assert "import_law corpus" in client.get("/law/").content.decode()


def test_the_site_map_lists_the_text_that_applies(client, two_versions):
    locations = {path for path, _when in [*Law.sitemap_items(), *Article.sitemap_items()]}
    assert locations == {
        "/law/",
        "/law/flowers/",
        "/law/flowers/article-1/",
        "/law/flowers/article-2/",
        "/law/flowers/compare/2024-05-01/2025-01-01/",
    }


def test_addresses_are_what_the_contract_says(flower_law):
    article = Article.objects.get(number=3, suffix=1)
    assert article.get_absolute_url() == "/law/flowers/article-3-1/"
    assert reverse("lawbook:law-on", args=["flowers", datetime.date(2026, 11, 1)]) == "/law/flowers/on/2026-11-01/"


def test_a_search_lands_on_the_paragraph(flower_law):
    article = Article.objects.get(number=3, suffix=0)
    assert article.url_for("雨天以后").endswith("/article-3/#p2")
    assert article.url_for("早傍晚").endswith("/article-3/")
    assert article.url_for("阳台").endswith("/article-3/")


def test_a_number_jumps_to_the_article(flower_law):
    for query in ("3", "第3条", "第三条", "三条"):
        assert Article.jump_to(query) == [("《示例街区花木养护条例》第三条", ARTICLE)]
    assert Article.jump_to("第三条之一") == [("《示例街区花木养护条例》第三条之一", "/law/flowers/article-3-1/")]
    assert Article.jump_to("花木") == Article.jump_to("99") == []


def test_the_whole_starter_law_is_served(client, corpus):
    from lawbook.examples import community_correction_law

    community_correction_law()
    whole = client.get("/law/community-correction/").content.decode()
    assert whole.count('<p class="no">') == 63
    for number in (1, 24, 63):
        assert client.get(f"/law/community-correction/article-{number}/").status_code == 200
