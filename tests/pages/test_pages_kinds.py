"""Questions, documents, organisations, legal supervision, press: what each page type promises."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Page

from lawbook.models import Law
from pages.models import HomePage, NewsPage, OrganisationsPage, QuestionsPage, SupervisionPage


def main(address: str) -> str:
    html = Client().get(address).content.decode()
    return html[html.index("<main") : html.index("</main>")]


# ── questions ───────────────────────────────────────────────────────────────────────────────────


def test_each_answer_has_an_address_that_survives_a_new_order(starter: HomePage) -> None:
    page = QuestionsPage.objects.get()
    before = {answer.question: answer.anchor for group in page.grouped() for answer in group.answers}
    assert len(set(before.values())) == len(before) >= 10
    stream = page.subjects
    stream[0], stream[1] = stream[1], stream[0]
    page.save()
    page = QuestionsPage.objects.get()
    assert {answer.question: answer.anchor for group in page.grouped() for answer in group.answers} == before
    html = main("/questions/")
    for anchor in before.values():
        assert f'<details id="{anchor}">' in html
        assert f'href="#{anchor}"' in html


# ── documents ───────────────────────────────────────────────────────────────────────────────────


def test_documents_stand_on_shelves_with_type_size_and_day(starter: HomePage) -> None:
    html = main("/downloads/")
    assert re.findall(r"<h2 id=\"c\d+\">([^<]+)</h2>", html) == ["常用表格", "数据"]
    assert "外出请假申请书（示例）" in html
    for kind in ("TXT", "CSV"):
        assert f"<span>{kind}</span>" in html
    assert re.search(r"<span>[\d.]+\s(字节|KB)</span>", html)


def test_a_document_can_be_downloaded(starter: HomePage) -> None:
    (address,) = re.findall(r'href="(/documents/\d+/leave-request[^"]*)"', main("/downloads/"))
    response = Client().get(address)
    assert response.status_code == 200
    assert "外出请假申请书" in b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("closed", ["常用表格", "资料下载"])
def test_a_document_behind_a_restriction_is_on_no_shelf(closed: str, starter: HomePage) -> None:
    CollectionViewRestriction.objects.create(
        collection=Collection.objects.get(name=closed), restriction_type=CollectionViewRestriction.LOGIN
    )
    html = main("/downloads/")
    assert "外出请假申请书" not in html
    assert ("三年工作数据" in html) is (closed == "常用表格")


def test_a_document_elsewhere_is_on_no_shelf(starter: HomePage) -> None:
    root = Collection.get_first_root_node()
    get_document_model().objects.create(title="示例内部件", file=ContentFile(b"x", "inside.txt"), collection=root)
    assert "示例内部件" not in main("/downloads/")


def test_a_page_without_a_collection_says_that_it_is_empty(starter: HomePage) -> None:
    page = Page.objects.get(slug="downloads").specific
    page.collection = None
    page.save()
    assert "这里还没有内容" in main("/downloads/")


# ── organisations and supervision ───────────────────────────────────────────────────────────────


def test_committees_stand_at_both_levels_with_duties_and_papers(starter: HomePage) -> None:
    page = OrganisationsPage.objects.get()
    levels = [block.value["level"] for block in page.body if block.block_type == "committee"]
    assert levels == ["district", *["town"] * 6]
    html = main("/organisations/")
    for part in ("蓬江区社区矫正委员会", "棠下镇社区矫正委员会", "成员单位职责清单", "工作规则", "区检察院"):
        assert part in html
    assert html.count("这里还没有文件") == 3
    assert 'href="tel:12309"' in html


def test_supervision_says_how_it_works_at_two_levels_and_lists_its_announcements(starter: HomePage) -> None:
    page = SupervisionPage.objects.get()
    assert len(page.levels) == 2
    html = main("/supervision/")
    days = re.findall(r'<time datetime="([\d-]+)">', html[html.index('class="below"') :])
    assert len(days) == 2
    assert days == sorted(days, reverse=True)
    assert Client().get("/supervision/inspection-autumn-2026/").status_code == 200
    assert str(NewsPage.objects.get(slug="inspection-autumn-2026").search_kind) == "巡回检察"


def test_an_announcement_that_is_no_longer_live_is_not_listed(starter: HomePage) -> None:
    NewsPage.objects.filter(slug="inspection-autumn-2026").update(live=False)
    assert "2026 年秋季巡回检察公告" not in main("/supervision/")


def test_articles_that_answers_name_are_links_where_the_law_is_there(starter: HomePage, invented_law: Law) -> None:
    page = QuestionsPage.objects.get()
    page.subjects[0].value["questions"][0]["answer"].source = "<p>见《示例街区花木养护条例》第三条。</p>"
    page.save()
    assert 'href="/law/flower-care/article-3/"' in main("/questions/")


# ── press ───────────────────────────────────────────────────────────────────────────────────────


def test_a_report_names_its_source_and_leads_to_the_original(starter: HomePage) -> None:
    page = NewsPage.objects.get(slug="press-april-2023")
    assert "来源：《法治参考》2023 年第 7 期" in main(page.url)
    assert str(page.search_kind) == "媒体报道"
    assert "阅读原文" not in main(page.url)
    page.original_url = "https://example.cn/7"
    page.save()
    assert 'href="https://example.cn/7" rel="noopener"' in main(page.url)


def test_news_from_before_there_were_kinds_is_plain_news(starter: HomePage) -> None:
    page: Any = NewsPage.objects.get(slug="winter-bus-posters")
    NewsPage.objects.filter(pk=page.pk).update(kind=None)
    page.refresh_from_db()
    assert str(page.search_kind) == "新闻动态"
