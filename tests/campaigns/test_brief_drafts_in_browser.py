"""The brief is kept as it is typed, and every change can be taken back."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from campaigns import examples
from campaigns.models import Campaign
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"


@pytest.fixture
def bench(page: Page, site_server: Any) -> tuple[Page, Campaign]:
    """The workbench with the example's brief, opened by a planner."""
    sync_roles()
    campaign = examples.campaign()
    user = get_user_model().objects.create_user("planner-li", password=PASSWORD)
    user.groups.add(group_of(Role.PLANNER))
    page.goto(f"{site_server.url}/planner/{campaign.area.slug}/")
    page.locator("[name=username]").fill("planner-li")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"**/planner/{campaign.area.slug}/")
    return page, campaign


def test_changes_are_taken_back_one_by_one_and_done_again(bench: tuple[Page, Campaign], axe: Any) -> None:
    page, _campaign = bench
    budget, deep = page.locator("#id_budget_cny"), page.locator("[name=mode][value=impressions]")
    before = budget.input_value()
    budget.fill("88000")
    budget.blur()
    deep.check()
    undo, redo = page.get_by_role("button", name="撤销"), page.get_by_role("button", name="重做")
    undo.click()
    expect(deep).not_to_be_checked()
    expect(budget).to_have_value("88000")
    undo.press("Enter")  # by keyboard too
    expect(budget).to_have_value(before)
    expect(undo).to_be_disabled()
    redo.click()
    expect(budget).to_have_value("88000")
    assert axe(page, "#brief") == []


def test_what_was_typed_is_there_after_the_page_was_left_and_gone_once_computed(bench: tuple[Page, Campaign]) -> None:
    page, campaign = bench
    page.locator("#id_budget_cny").fill("77000")
    page.locator("#id_budget_cny").blur()
    page.goto("about:blank")
    page.go_back()
    page.reload()
    expect(page.locator("#id_budget_cny")).to_have_value("77000")
    expect(page.locator("#drafts")).to_contain_text("上次没有提交的修改")
    page.get_by_role("button", name="放弃修改").click()
    expect(page.locator("#id_budget_cny")).not_to_have_value("77000")
    page.locator("#id_budget_cny").fill("66000")
    page.locator(".go button").click()
    expect(page.locator("#job")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('pufa-brief')).length") == 0
    campaign.refresh_from_db()
    assert campaign.budget_cny == 66000
