"""What a brief asks for at least, and a route's hours: on a phone and on a desk, without a barrier."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Campaign
from geo.models import Route


@pytest.mark.parametrize("width", [375, 1280])
def test_minimum_numbers_unfold_and_are_kept(bench: tuple[Page, Campaign], axe: Any, width: int) -> None:
    page, campaign = bench
    page.set_viewport_size({"width": width, "height": 900})
    shelters = page.locator("[name=least_format_shelter]")
    expect(shelters).to_be_hidden()
    page.get_by_text("最少数量和价格上限").click()
    page.locator("#brief").get_by_label("候车亭").locator("visible=true").last.fill("3")
    expect(shelters).to_have_value("3")
    page.get_by_label("每多触达千人最多花（元）").fill("9,000")
    assert axe(page, "#brief") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".go button").click()
    expect(page.locator("#job")).to_be_visible()
    campaign.refresh_from_db()
    assert campaign.minima == {"format": {"shelter": 3}}
    assert campaign.ceiling_cny == 9000
    expect(shelters).to_be_visible()  # the wish is there, so it is not folded away


@pytest.mark.parametrize("width", [375, 1280])
def test_a_routes_hours_are_one_click_from_the_tables(bench: tuple[Page, Campaign], axe: Any, width: int) -> None:
    page, campaign = bench
    hours = [[0, 0, 0] if hour < 6 else [6, 4, 3] for hour in range(22)] + [[0, 0, 0]] * 2
    Route.objects.filter(line__area=campaign.area).update(trips_by_hour=hours)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(page.url.split("/planner/")[0] + f"/planner/{campaign.area.slug}/tables/")
    page.locator("#routes tbody a").first.click()
    section = page.locator("#hours")
    expect(section.locator("svg")).to_have_count(3)
    expect(section).to_contain_text("车次来自时刻表")
    expect(section.locator("tbody tr")).to_have_count(16)
    assert axe(page, "#hours") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
