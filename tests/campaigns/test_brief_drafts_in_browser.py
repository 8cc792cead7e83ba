"""The brief is kept as it is typed, and every change can be taken back."""

from typing import Any

from playwright.sync_api import Page, expect

from campaigns.models import Campaign


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
