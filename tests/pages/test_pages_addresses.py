"""Addresses of pages: made where none is given, and never one that an app answers."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page as Browser
from wagtail.models import Page

from pages.addresses import taken_at_the_top
from pages.models import ColumnPage, ContentPage, NewsPage
from pages.starter.build import site_root
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"


@pytest.fixture
def top(db: None) -> Any:
    return site_root()


def test_every_address_of_an_app_is_known_from_the_urlconf() -> None:
    wanted = {"admin", "documents", "law", "video", "search", "contact", "planner", "q", "geo", "sitemap.xml"}
    wanted |= {"static", "uploads", "zh-hant", "healthz", "readyz"}
    assert wanted <= taken_at_the_top()


@pytest.mark.parametrize("slug", sorted({"law", "video", "search", "zh-hant", "healthz", "static", "admin", "planner"}))
def test_no_page_takes_the_address_of_an_app_at_the_top(top: Any, slug: str) -> None:
    for live in (True, False):
        with pytest.raises(ValidationError, match="系统自身"):
            top.add_child(instance=ColumnPage(title="抢地址", slug=slug, live=live))


def test_below_the_top_and_elsewhere_it_may(top: Any) -> None:
    column = top.add_child(instance=ColumnPage(title="办事", slug="guide"))
    assert column.add_child(instance=ContentPage(title="法律", slug="law")).slug == "law"


def test_a_title_in_chinese_gives_kind_and_day_and_counts(top: Any) -> None:
    today = f"{timezone.localdate():%Y%m%d}"
    column = top.add_child(instance=ColumnPage(title="办事指南"))
    assert column.slug == f"column-{today}-1"
    slugs = [column.add_child(instance=ContentPage(title="怎么报到")).slug for _time in range(2)]
    assert slugs == [f"content-{today}-1", f"content-{today}-2"]
    assert column.add_child(instance=NewsPage(title="动态", source="示例")).slug == f"news-{today}-1"


def test_a_title_in_letters_gives_itself_but_never_the_address_of_an_app(top: Any) -> None:
    assert top.add_child(instance=ColumnPage(title="Report")).slug == "report"
    assert top.add_child(instance=ColumnPage(title="Report")).slug == "report-2"
    assert top.add_child(instance=ColumnPage(title="Law")).slug == "law-2"


@pytest.fixture
def editor(db: None) -> Client:
    sync_roles()
    person = get_user_model().objects.create_superuser("chief", password=PASSWORD)
    client = Client()
    client.force_login(person)
    return client


def test_neither_moving_nor_copying_takes_it(top: Any, editor: Client) -> None:
    column = top.add_child(instance=ColumnPage(title="办事", slug="guide"))
    page = column.add_child(instance=ContentPage(title="法律", slug="law"))
    told = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, top.pk]), follow=True)
    assert "系统自身" in told.text
    assert Page.objects.get(pk=page.pk).get_parent().pk == column.pk
    data = {"new_title": "副本", "new_slug": "search", "new_parent_page": str(top.pk)}
    told = editor.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)
    assert "系统自身" in told.text
    assert not Page.objects.filter(slug="search").exists()


def log_in(page: Browser, url: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.locator("[name=username]").fill("writer")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")


def test_a_page_titled_in_chinese_is_saved_without_touching_the_address(page: Browser, site_server: Any) -> None:
    sync_roles()
    person = get_user_model().objects.create_user("writer", password=PASSWORD)
    person.groups.add(group_of(Role.EDITOR))
    column = site_root().add_child(instance=ColumnPage(title="办事指南", slug="guide"))
    log_in(page, site_server.url)
    page.goto(f"{site_server.url}/admin/pages/add/pages/contentpage/{column.pk}/")
    page.locator("[name=title]").fill("社区矫正对象怎么报到")
    page.locator("[name=title]").press("Tab")
    assert page.locator("[name=slug]").input_value() == ""
    page.locator("footer [type=submit], footer button").first.click()
    page.wait_for_url("**/edit/")
    made = ContentPage.objects.get(title="社区矫正对象怎么报到")
    assert made.slug == f"content-{timezone.localdate():%Y%m%d}-1"
    assert page.locator("[name=slug]").input_value() == made.slug

    # One's own words for it stay, and an app's address is refused with a sentence at the top of the site.
    page.goto(f"{site_server.url}/admin/pages/add/pages/columnpage/{column.get_parent().pk}/")
    page.locator("[name=title]").fill("法律")
    page.locator("[name=title]").press("Tab")
    page.get_by_role("tab", name="推荐").click()
    page.wait_for_timeout(1000)  # Wagtail's script writes an address from the title a moment after it was left
    page.locator("[name=slug]").fill("law")
    with page.expect_navigation():
        page.locator("footer [type=submit], footer button").first.click()
    page.get_by_role("tab", name="推荐").click()
    page.get_by_text("系统自身").first.wait_for()
    assert not ColumnPage.objects.filter(slug="law").exists()
    page.locator("[name=slug]").fill("law-at-a-glance")
    page.locator("footer [type=submit], footer button").first.click()
    page.wait_for_url("**/edit/")
    assert ColumnPage.objects.filter(slug="law-at-a-glance").exists()
