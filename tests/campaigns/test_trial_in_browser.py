"""Dragging, locking and excluding in a real browser: by mouse, by key and on the map, with an answer each time."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaigns import examples
from campaigns.models import Campaign
from campaigns.services.planning import make_plan


@pytest.fixture
def bench(page: Page, planner_at: Callable[[str], None], planner: Any) -> tuple[Page, Campaign]:
    """The workbench with a plan of the example, opened by a planner."""
    campaign = examples.campaign()
    plan = make_plan(campaign, iterations=60, user=planner)
    planner_at(plan.get_absolute_url())
    expect(page.locator("#canvas")).to_have_attribute("data-ready", "true")
    return page, campaign


def names(page: Page, within: str) -> list[str]:
    return page.locator(f"{within} .what b").all_text_contents()


@pytest.mark.usefixtures("no_foreign_requests")
def test_the_budget_is_dragged_by_key_and_everything_follows(
    bench: tuple[Page, Campaign], axe: Callable[..., list[str]]
) -> None:
    page, campaign = bench
    trial, stored, slide = page.locator("#trial"), page.locator("#stored"), page.locator("#budget-slide")
    expect(trial).to_be_hidden()
    before = float(slide.input_value())
    wanted = int(before) - 40 * int(slide.get_attribute("step") or 0)
    slide.focus()
    with page.expect_response(
        lambda answer: "/trial/" in answer.url and f"{wanted:,}" in (answer.request.post_data or "")
    ):
        for _ in range(40):
            page.keyboard.press("ArrowLeft")
    assert int(slide.input_value()) == wanted
    assert page.locator("#id_budget_cny").input_value() == f"{wanted:,}"
    expect(trial).to_be_visible()
    expect(stored).to_be_hidden()
    expect(page.locator("#trial-said")).to_contain_text("到达率")
    spent = page.locator("#trial .kpi .lead").nth(1)
    cost, left = (spent.locator("dd").nth(row).inner_text() for row in (0, 1))
    assert sum(float(re.sub(r"[^0-9.]", "", text)) for text in (cost, left)) == wanted
    assert len(names(page, "#trial")) == page.locator(".badge").count()  # the map shows the trial's picks
    assert axe(page) == []
    campaign.refresh_from_db()
    assert float(campaign.budget_cny) == before  # nothing was stored
    page.locator("#trial-back").click()
    expect(stored).to_be_visible()
    expect(trial).to_be_hidden()
    assert float(slide.input_value()) == before
    assert len(names(page, "#stored")) == page.locator(".badge").count()


def test_locking_and_excluding_by_key_keeps_the_place_and_is_taken_back(bench: tuple[Page, Campaign]) -> None:
    page, campaign = bench
    first = names(page, "#stored")[0]
    page.locator("#stored .marks button[value=exclude]").first.press("Enter")
    expect(page.locator("#trial")).to_be_visible()
    expect(page.locator("#trial .picks")).not_to_contain_text(first)
    expect(page.locator("#trial .aside-marks")).to_contain_text(first)
    assert page.evaluate("document.activeElement.dataset.mark") == "free"
    second = names(page, "#trial")[0]
    page.locator("#trial [data-mark=lock]").first.press("Enter")
    expect(page.locator("#trial .picks .tag-law")).to_have_count(1)
    assert page.evaluate("document.activeElement.dataset.mark") == "free"
    page.locator("#trial [data-mark=off]").last.press("Enter")
    expect(page.get_by_role("heading", name="暂不计入的点位")).to_be_visible()
    undo = page.get_by_role("button", name="撤销")
    for _ in range(3):
        undo.click()
    expect(page.locator("#stored")).to_be_visible()
    page.get_by_role("button", name="重做").click()
    expect(page.locator("#trial .aside-marks")).to_contain_text(first)
    page.get_by_role("button", name="按此计算并保存").click()
    expect(page.locator("#job")).to_be_visible()
    assert [place.name for place in campaign.never.all()] == [first]
    assert second in {place.name for place in campaign.area.placements.all()}


def test_what_is_not_picked_is_locked_on_the_map_and_in_the_table(
    bench: tuple[Page, Campaign], site_server: Any
) -> None:
    page, campaign = bench
    place = campaign.area.placements.filter(format="shelter").exclude(name__in=names(page, "#stored")).first()
    assert place is not None
    page.goto(
        f"{site_server.url}/planner/{campaign.area.slug}/tables/?campaign={campaign.pk}&q={place.code}#placements"
    )
    page.get_by_role("button", name=f"锁定{place.name}").press("Enter")
    expect(page.locator(f"#placement-{place.pk} .tag")).to_have_text("已锁定")
    page.get_by_role("link", name="回到规划").click()
    expect(page.locator("#trial .picks")).to_contain_text(place.name)  # differs from the plan, so it is tried at once
    expect(page.locator("#canvas")).to_have_attribute("data-ready", "true")
    page.locator(".badge").first.press("Enter")
    card = page.locator("#pop")
    expect(card).to_be_visible()
    shown = card.locator("h3").inner_text()
    expect(card).to_contain_text("看到的人数")  # who sees it, and where most of them are
    assert card.locator(".part").count() > 0
    card.locator("[data-mark=exclude], [data-mark=free]").first.click()
    expect(page.locator("#trial")).to_be_visible()
    assert shown
