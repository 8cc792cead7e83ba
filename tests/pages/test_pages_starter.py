"""The starter site: whole, repeatable, honest about what is invented."""

import re
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from pages.checks import production_states_who_runs_the_site
from pages.examples import build_site
from pages.figures import parts
from pages.models import ColumnPage, ContentPage, HomePage, NewsPage, OutcomesPage, SiteIdentity
from pages.models.base import DatedPage
from pages.starter.build import ensure

LISTS = ["帮扶服务", "工作成效", "典型案例", "新闻动态", "媒体报道"]
IN_MENU = [
    "帮扶服务",
    "服务网点",
    "工作成效",
    "典型案例",
    "新闻动态",
    "组织机构",
    "法律监督",
    "普法活动",
    "问答",
    "资料下载",
    "媒体报道",
    "小测验",
]


def test_the_home_page_replaces_the_welcome_page(starter: HomePage) -> None:
    site = Site.objects.get(is_default_site=True)
    assert site.root_page_id == starter.pk
    assert not Page.objects.filter(title__startswith="Welcome").exists()
    assert Client().get("/").status_code == 200


def test_building_twice_changes_nothing(starter: HomePage) -> None:
    before = (Page.objects.count(), Revision.objects.count(), SiteIdentity.objects.count(), Site.objects.count())
    again = build_site()
    assert again.pk == starter.pk
    assert (
        Page.objects.count(),
        Revision.objects.count(),
        SiteIdentity.objects.count(),
        Site.objects.count(),
    ) == before


def test_building_again_keeps_what_an_editor_changed(starter: HomePage) -> None:
    page = ContentPage.objects.get(slug="first-day")
    page.title = "编辑改过的标题"
    page.save()
    SiteIdentity.objects.update(site_name="编辑改过的名称")
    build_site()
    assert ContentPage.objects.get(slug="first-day").title == "编辑改过的标题"
    assert SiteIdentity.objects.get().site_name == "编辑改过的名称"


def test_a_welcome_page_with_pages_below_it_is_left_alone(db: None) -> None:
    welcome = Page.objects.get(depth=2)
    welcome.add_child(instance=Page(title="示例", slug="kept", locale=welcome.locale))
    build_site()
    assert Page.objects.filter(slug="kept").exists()
    assert isinstance(Site.objects.get(is_default_site=True).root_page.specific, HomePage)


def test_every_column_has_live_pages_with_dates(starter: HomePage) -> None:
    assert [page.title for page in starter.get_children().filter(show_in_menus=True)] == IN_MENU
    columns = ColumnPage.objects.child_of(starter)
    assert [column.title for column in columns] == LISTS
    for column in columns:
        items = column.items()
        assert items, column.title
        assert all(item.item_date and item.live for item in items)


def test_every_address_is_ascii_and_every_page_opens(starter: HomePage) -> None:
    for page in starter.get_descendants(inclusive=True):
        assert re.fullmatch(r"(/[a-z0-9-]+)*/", page.url), page.url
        assert Client().get(page.url).status_code == 200, page.url
        assert Client().get(f"/zh-hant{page.url}").status_code == 200, f"{page.url} stands where another app does"


def test_every_figure_has_a_unit_a_day_and_a_source(starter: HomePage) -> None:
    figures = [f for page in OutcomesPage.objects.all() for move in parts(page.moves) for f in move.value["figures"]]
    assert len(figures) >= 9
    for figure in figures:
        assert figure["unit"]
        assert figure["as_of"]
        assert figure["source"]
    values = {int(figure["value"]) for figure in figures}
    assert {158, 14, 37, 231, 3762, 3598, 2390} <= values


def test_what_is_invented_says_so_in_the_list_and_on_its_page(starter: HomePage) -> None:
    for page in [*NewsPage.objects.filter(is_sample=True), *ContentPage.objects.filter(is_sample=True)]:
        html = Client().get(page.url).content.decode()
        assert '<span class="tag">示例</span>' in html, page.title
        if page.depth > 3:
            listing = Client().get(page.get_parent().url).content.decode()
            assert re.search(rf'{page.title}(</a>)?<span class="tag">示例</span>', listing), page.title


def test_a_story_about_a_person_is_always_marked(starter: HomePage) -> None:
    stories = ContentPage.objects.filter(kind=ContentPage.Kind.CASE)
    assert stories
    assert all(story.is_sample for story in stories)


def test_no_record_of_a_person_is_kept_in_any_page_type() -> None:
    asked = {"id_card", "identity_number", "birth", "mobile", "offender"}
    for model in DatedPage.__subclasses__():
        assert not asked & {field.name for field in model._meta.get_fields()}


def test_a_title_in_hanzi_gets_an_ascii_address(starter: HomePage) -> None:
    column = starter.get_children().get(slug="news").specific
    page = NewsPage(title="示例新闻", source="示例", body=[("text", "<p>示例</p>")], locale=column.locale)
    column.add_child(instance=page)
    assert page.slug == f"news-{timezone.localdate():%Y%m%d}-1"
    twin = NewsPage(title="示例新闻", source="示例", body=[("text", "<p>示例</p>")], locale=column.locale)
    column.add_child(instance=twin)
    assert twin.slug == f"news-{timezone.localdate():%Y%m%d}-2"


def test_a_chosen_address_is_kept(starter: HomePage) -> None:
    made = ensure(starter, ContentPage, {"title": "示例", "slug": "chosen", "body": [("text", "<p>示例</p>")]})
    assert made.slug == "chosen"


# ── identity ────────────────────────────────────────────────────────────────────────────────────


def test_the_footer_states_who_runs_the_site(starter: HomePage) -> None:
    html = Client().get("/").content.decode()
    footer = html[html.index('<footer class="foot">') :]
    for part in ("主办：江门市蓬江区司法局", "粤ICP备", "网站标识码：0000000000（示例）", "法律援助热线 12348"):
        assert part in footer


def test_real_filings_lose_the_sample_mark(starter: HomePage) -> None:
    SiteIdentity.objects.update(is_sample=False, site_code="4407030001")
    footer = Client().get("/").content.decode().split('<footer class="foot">')[1]
    assert "网站标识码：4407030001<" in footer
    assert "<span>粤ICP备 00000000 号</span>" in footer


def test_a_site_without_an_identity_still_answers(starter: HomePage) -> None:
    SiteIdentity.objects.all().delete()
    html = Client().get("/help/").content.decode()
    assert "普法直通车" in html
    assert "主办：" not in html


def test_production_is_warned_of_what_the_identity_lacks(starter: HomePage) -> None:
    SiteIdentity.objects.update(icp_number="", phone="", map_number="粤S(2026)000号", is_sample=True)
    (lacks, placeholder) = production_states_who_runs_the_site()
    assert lacks.id == "pages.W001"
    assert "ICP 备案号" in lacks.msg
    assert "电话" in lacks.msg
    assert "审图号" not in lacks.msg
    assert placeholder.id == "pages.W002"


def test_a_complete_identity_is_not_warned_of(starter: HomePage) -> None:
    SiteIdentity.objects.update(map_number="粤S(2026)000号", is_sample=False)
    assert production_states_who_runs_the_site() == []


def test_the_warning_belongs_to_deployment_checks_only(starter: HomePage) -> None:
    def ours(**options: Any) -> list[str]:
        return [message.id or "" for message in run_checks(**options) if (message.id or "").startswith("pages.W")]

    assert ours() == []
    assert ours(include_deployment_checks=True)


@pytest.mark.parametrize("code", ["123", "12345678901", "123456789 ", "中文标识码一二三四五"])
def test_a_site_code_has_ten_letters_or_digits(code: str) -> None:
    field = SiteIdentity._meta.get_field("site_code")
    with pytest.raises(Exception, match=r"十位|10"):
        field.run_validators(code)
