"""The import pages in a real browser: without scripts from upload to the tables, accessible on the way."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from geo.models import Area, Hotspot
from jobs.worker import work_once
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
RING = [[113.0, 22.5], [113.15, 22.48], [113.2, 22.6], [113.12, 22.7], [113.02, 22.68], [113.0, 22.5]]


@pytest.fixture
def desk(site_server: Any) -> str:
    sync_roles()
    Area.objects.create(slug="town", name="小镇", boundary={"type": "Polygon", "coordinates": [RING]})
    user = get_user_model().objects.create_user("planner", password=PASSWORD)
    user.groups.add(group_of(Role.PLANNER))
    return str(site_server.url)


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/geo-imports/")
    page.locator("[name=username]").fill("planner")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/geo-imports/**")


def table(folder: Path, rows: int = 40) -> Path:
    """Places along the western edge: read as BD-09 they fall out of the district."""
    path = folder / "places.csv"
    lines = [f"示例场所{i},学校,{113.004 + i * 2e-4:.4f},{22.52 + i * 0.003:.4f},{100 + i}" for i in range(rows)]
    path.write_text("\n".join(["场所名,分类,经度,纬度,客流", *lines]), encoding="gbk")
    return path


def test_a_file_is_imported_without_scripts(plain_page: Page, desk: str, tmp_path: Path) -> None:
    page = plain_page
    log_in(page, desk)
    page.get_by_role("link", name="人流热点").first.click()
    page.locator("[name=area]").select_option(label="小镇")
    page.locator("[name=file]").set_input_files(table(tmp_path))
    page.locator("[name=system][value=bd09]").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("[name=column_name]").select_option("场所名")
    page.locator("[name=column_persons_per_day]").select_option("客流")
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.locator(".imp").get_by_role("status")).to_contain_text("检查中")
    assert work_once() == 1
    page.reload()
    expect(page.locator(".imp").get_by_role("alert")).to_contain_text("请核对坐标系")
    page.get_by_role("button", name="按 WGS-84 重新检查").click()
    assert work_once() == 1
    page.reload()
    expect(page.locator(".imp").get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="导入", exact=True).click()
    assert work_once() == 1
    page.reload()
    expect(page.locator(".imp").get_by_role("status")).to_contain_text("已导入")
    assert Hotspot.objects.count() == 40


def test_every_step_is_accessible(page: Page, desk: str, axe: Any, tmp_path: Path) -> None:
    def fine() -> None:
        page.wait_for_load_state("load")
        page.wait_for_selector("main h1, main h2")
        assert axe(page) == []

    log_in(page, desk)
    fine()
    page.get_by_role("link", name="人流热点").first.click()
    fine()
    page.locator("[name=area]").select_option(label="小镇")
    page.locator("[name=file]").set_input_files(table(tmp_path))
    page.locator("[name=system][value=bd09]").check()
    page.get_by_role("button", name="下一步").click()
    fine()
    page.locator("[name=column_name]").select_option("场所名")
    page.locator("[name=column_persons_per_day]").select_option("客流")
    page.get_by_role("button", name="检查", exact=True).click()
    fine()
    assert work_once() == 1
    page.reload()
    fine()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
