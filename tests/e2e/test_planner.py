"""A planner presses the one button in a real browser and sees a numbered, proved plan on a map."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from campaigns import examples
from campaigns.models import Campaign, PlanVersion
from jobs.worker import work_once
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"


@dataclass
class Desk:
    """The planner with its sample campaign, and staff who log in."""

    url: str
    campaign: Campaign

    def staff(self, name: str) -> Any:
        user = get_user_model().objects.create_user(name, password=PASSWORD)
        user.groups.add(group_of(Role.PLANNER))
        return user

    def log_in(self, page: Page, name: str, then: str) -> None:
        page.goto(f"{self.url}{then}")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.wait_for_url(f"**{then}**")

    def plan(self, user: Any = None) -> PlanVersion:
        from campaigns.services.planning import make_plan

        return make_plan(self.campaign, iterations=100, user=user)


@pytest.fixture
def desk(site_server: Any) -> Desk:
    sync_roles()
    return Desk(site_server.url, examples.campaign())


def wait_for_map(page: Page) -> None:
    page.wait_for_selector("#canvas[data-ready=true]")


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_one_button_leads_to_a_numbered_and_proved_plan(
    page: Page, no_foreign_requests: set[str], desk: Desk, axe: Any
) -> None:
    desk.staff("planner")
    desk.log_in(page, "planner", "/planner/pengjiang/")
    wait_for_map(page)
    assert axe(page) == []
    page.get_by_role("button", name="计算投放方案").click()
    expect(page.get_by_role("heading", name="正在计算方案")).to_be_visible()
    assert axe(page) == []
    assert work_once() == 1
    page.wait_for_url(re.compile(r"/planner/plans/\d+/"))
    wait_for_map(page)

    plan = PlanVersion.objects.get()
    expect(page.locator(".bound h2")).to_contain_text(re.compile(r"本方案至少达到理论最优的\s*\d+\.\d%"))
    expect(page.locator(".picks li")).to_have_count(plan.picks.count())
    expect(page.locator(".badge")).to_have_count(plan.picks.count())
    numbers = [int(re.match(r"\d+", text)[0]) for text in page.locator(".badge span").all_inner_texts()]  # type: ignore[index]
    assert sorted(numbers) == list(range(1, plan.picks.count() + 1))
    expect(page.locator(".kpi")).to_contain_text(f"{round(100 * plan.reach_low)}–{round(100 * plan.reach_high)}%")
    assert axe(page) == []
    assert sideways(page) <= 0


def test_a_pick_is_found_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    plan = desk.plan()
    desk.staff("planner")
    desk.log_in(page, "planner", plan.get_absolute_url())
    wait_for_map(page)
    page.locator("#pick-2 > a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pop h3")).to_have_text(plan.picks.get(order=2).name)
    expect(page.locator(".badge.sel")).to_have_count(1)
    expect(page.locator("#pick-2")).to_have_class("sel")
    page.locator("#pop .close").press("Enter")
    expect(page.locator("#pop")).to_be_hidden()
    badge = page.get_by_role("button", name=re.compile(r"^1 ")).first
    badge.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pick-1")).to_have_class("sel")


def test_layers_can_be_switched_off(page: Page, desk: Desk) -> None:
    plan = desk.plan()
    desk.staff("planner")
    desk.log_in(page, "planner", plan.get_absolute_url())
    wait_for_map(page)
    page.get_by_label("已选", exact=True).uncheck()
    expect(page.locator(".badge")).to_have_count(0)
    page.get_by_label("已选", exact=True).check()
    expect(page.locator(".badge")).to_have_count(plan.picks.count())


def test_a_second_person_approves_and_it_is_booked(new_page: Callable[..., Page], desk: Desk) -> None:
    maker = desk.staff("planner")
    desk.staff("second")
    plan = desk.plan(maker)
    first, second = new_page(), new_page()
    desk.log_in(first, "planner", plan.get_absolute_url())
    expect(first.get_by_text("等待另一位同事审核")).to_be_visible()
    expect(first.get_by_role("button", name="审核通过")).to_have_count(0)
    desk.log_in(second, "second", plan.get_absolute_url())
    second.get_by_role("button", name="审核通过").click()
    expect(second.locator(".plan-top")).to_contain_text("已审核")
    first.reload()
    first.get_by_role("button", name="全部排期").click()
    expect(first.locator(".plan-top")).to_contain_text("已排期")
    first.goto(f"{desk.url}/planner/bookings/")
    expect(first.locator(".flights tbody tr")).to_have_count(plan.picks.count())


def test_on_a_phone_brief_map_and_plan_stand_one_after_the_other(phone_page: Page, desk: Desk, axe: Any) -> None:
    plan = desk.plan()
    desk.staff("planner")
    desk.log_in(phone_page, "planner", plan.get_absolute_url())
    wait_for_map(phone_page)
    tops = [phone_page.locator(part).bounding_box()["y"] for part in ("#brief", "#map", "#main")]  # type: ignore[index]
    assert tops == sorted(tops)
    assert sideways(phone_page) <= 0
    assert axe(phone_page) == []
    phone_page.get_by_role("navigation", name="本页").get_by_role("link", name="方案").click()
    expect(phone_page.get_by_role("heading", level=1)).to_be_in_viewport()


@pytest.mark.parametrize("name", ["report", "tables", "bookings"])
def test_the_other_pages_are_sound_at_both_widths(
    new_page: Callable[..., Page], desk: Desk, axe: Any, name: str
) -> None:
    from campaigns.services.booking import approve_plan, book_plan

    plan = desk.plan()
    desk.staff("planner")
    approve_plan(plan, desk.staff("second"))
    book_plan(plan, get_user_model().objects.get(username="planner"))
    path = {
        "report": f"{plan.get_absolute_url()}report/", "tables": "/planner/pengjiang/tables/",
        "bookings": "/planner/bookings/",
    }[name]  # fmt: skip
    for width in (1280, 375):
        page = new_page(width=width)
        desk.log_in(page, "planner", path)
        assert axe(page) == []
        assert sideways(page) <= 0


def test_without_script_everything_is_there_but_the_map(plain_page: Page, desk: Desk) -> None:
    desk.staff("planner")
    desk.log_in(plain_page, "planner", "/planner/pengjiang/")
    expect(plain_page.get_by_text("地图需要浏览器脚本")).to_be_visible()
    plain_page.get_by_role("button", name="计算投放方案").click()
    expect(plain_page.get_by_role("heading", name="正在计算方案")).to_be_visible()
    assert work_once() == 1
    plain_page.reload()  # what the refresh does by itself; Chromium under test does not read <noscript>
    expect(plain_page.locator(".bound h2")).to_contain_text("本方案至少达到理论最优的")
    expect(plain_page.locator(".picks li").first).to_be_visible()


def test_the_map_file_opens_from_disk_without_a_network(page: Page, tmp_path: Any, desk: Desk) -> None:
    from campaigns.services.exports import plan_map

    plan = desk.plan()
    file = tmp_path / "map.html"
    file.write_text(plan_map(plan), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".leaflet-container canvas")
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
