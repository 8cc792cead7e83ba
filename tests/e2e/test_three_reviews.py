"""From a draft to the public site by screens: a writer, three reviewers, each with the tools that they have."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from editorial import gate
from editorial.examples import set_up_review, starter_terms
from pages.models import ColumnPage, ContentPage
from pages.starter.build import site_root
from trust.models import Approval, AuditEvent
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
PEOPLE = {
    "writer": Role.EDITOR,
    "first": Role.FIRST_REVIEWER,
    "second": Role.SECOND_REVIEWER,
    "final": Role.FINAL_REVIEWER,
}


@pytest.fixture
def column(site_server: Any) -> ColumnPage:
    sync_roles()
    for name, role in PEOPLE.items():
        user = get_user_model().objects.create_user(name, password=PASSWORD, first_name=str(role.label))
        user.groups.add(group_of(role))
    with gate.door("a site for the browser"):
        column = ColumnPage(title="办事指南", slug="guide", live=True)
        site_root().add_child(instance=column)
    set_up_review()
    starter_terms()
    return column


def log_in(page: Page, url: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/admin/login/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/$"))


def test_a_draft_passes_three_people_and_is_public(
    page: Page, no_foreign_requests: set[str], site_server: Any, column: ColumnPage
) -> None:
    draft = ContentPage(
        title="社区服刑人员怎么报到", slug="report", live=False, source="示例单位", standfirst="一句话。"
    )
    draft.body = [("text", "<p>每月到司法所报到一次。</p>")]
    column.add_child(instance=draft)
    draft.save_revision(user=get_user_model().objects.get(username="writer"))
    edit = f"{site_server.url}/admin/pages/{draft.pk}/edit/"

    # The writer sees what is wrong beside the editor, is held up, mends it and sends it in.
    log_in(page, site_server.url, "writer")
    page.goto(edit)
    page.locator("[data-side-panel-toggle=findings]").click()
    finding = page.locator(".desk-finding--block")
    expect(finding).to_contain_text("社区服刑人员")
    expect(finding).to_contain_text("社区矫正对象")
    expect(page.locator("[name=action-publish]")).to_have_count(0)
    submit = page.locator("[name=action-submit]")

    def send_in() -> None:
        page.locator("footer [data-w-dropdown-target=toggle]").last.click()
        submit.click()
        page.wait_for_load_state()

    send_in()
    expect(page.locator(".messages, [role=alert]").first).to_contain_text("社区服刑人员")
    page.goto(edit)
    page.locator("[name=title]").fill("社区矫正对象怎么报到")
    send_in()
    assert ContentPage.objects.get(pk=draft.pk).current_workflow_task_state is not None

    # Three people, each from their own list.
    for name in ("first", "second", "final"):
        log_in(page, site_server.url, name)
        page.locator("#today, .w-panel").get_by_role("link", name="社区矫正对象怎么报到").first.click()
        expect(page.get_by_role("heading", name="社区矫正对象怎么报到").first).to_be_visible()
        preview = page.frame_locator(".desk-preview")
        expect(preview.get_by_text("每月到司法所报到一次。").first).to_be_visible()
        page.locator("[name=reviewed]").check()
        page.locator("[name=proofread]").check()
        page.locator("form:has([name=pass-on]) [name=comment]").fill("已对照条文，文字无误")
        assert not ContentPage.objects.get(pk=draft.pk).live
        page.locator("[name=pass-on]").click()
        page.wait_for_load_state()

    assert ContentPage.objects.get(pk=draft.pk).live
    assert Approval.objects.values("person").distinct().count() == 3
    page.context.clear_cookies()
    page.goto(f"{site_server.url}/guide/report/")
    expect(page.get_by_role("heading", name="社区矫正对象怎么报到")).to_be_visible()
    assert AuditEvent.objects.filter(action="review", outcome="refused").count() == 1
