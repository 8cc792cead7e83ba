"""From a draft to the public site by screens: a writer, three reviewers, each with the tools that they have."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import GroupPagePermission, Revision, WorkflowPage
from wagtail.models import Page as SitePage

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


# ── every shortcut, from the browser of somebody who is logged in ────────────────────────────────────────────────────

POST = """async ([address, fields]) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({csrfmiddlewaretoken: token, ...fields});
    const response = await fetch(address, {method: "POST", body, headers: {"X-CSRFToken": token}});
    return response.status;
}"""
FORM = """() => Object.fromEntries([...new FormData(document.querySelector("#page-edit-form, [data-edit-form]"))]
    .filter(([name, value]) => typeof value === "string"))"""


class Shortcuts:
    """Ways past the reviews, each with what a browser has: forms, addresses, a session, a token."""

    def __init__(self, page: Page, url: str, column: ColumnPage) -> None:
        self.page = page
        self.url = url
        self.column = column

    def post(self, path: str, fields: dict[str, str]) -> int:
        status: int = self.page.evaluate(POST, [f"{self.url}{path}", fields])
        return status

    def edit_form(self, draft: ContentPage) -> dict[str, str]:
        self.page.goto(f"{self.url}/admin/pages/{draft.pk}/edit/")
        expect(self.page.locator("[name=action-publish]")).to_have_count(0)
        fields: dict[str, str] = self.page.evaluate(FORM)
        assert fields["title"] == draft.title
        return fields

    def by_address(self, draft: ContentPage) -> None:
        self.post(f"/admin/pages/{draft.pk}/edit/", {**self.edit_form(draft), "action-publish": "1"})

    def by_schedule(self, draft: ContentPage) -> None:
        soon = f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%d %H:%M}"
        fields = {**self.edit_form(draft), "go_live_at": soon, "action-publish": "1"}
        self.post(f"/admin/pages/{draft.pk}/edit/", fields)
        assert not Revision.objects.exclude(approved_go_live_at=None).exists()

    def in_bulk(self, draft: ContentPage) -> None:
        self.page.goto(f"{self.url}/admin/bulk/wagtailcore/page/publish/?id={draft.pk}")
        self.page.locator("form[method=post] [type=submit]").last.click()
        self.page.wait_for_load_state()

    def by_the_interface_for_programs(self, draft: ContentPage) -> None:
        self.page.goto(f"{self.url}/admin/pages/{draft.pk}/edit/")
        assert self.post(f"/admin/api/main/pages/{draft.pk}/action/publish/", {}) != 200

    def by_moving(self, draft: ContentPage) -> None:
        """To where no workflow reaches, and then by address."""
        WorkflowPage.objects.all().delete()
        home = self.column.get_parent()
        self.page.goto(f"{self.url}/admin/pages/{draft.pk}/move/{home.pk}/confirm/")
        self.page.locator("main form [type=submit]").click()
        self.page.wait_for_load_state()
        assert SitePage.objects.get(pk=draft.pk).get_parent().pk == home.pk
        self.by_address(ContentPage.objects.get(pk=draft.pk))

    def by_copying(self, draft: ContentPage) -> None:
        """What is public, copied as public under another name."""
        with gate.door("a public page to copy"):
            draft.get_latest_revision().publish()
        self.page.goto(f"{self.url}/admin/pages/{draft.pk}/copy/")
        self.page.locator("[name=new_title]").fill("副本")
        self.page.locator("[name=new_slug]").fill("copy-of-it")
        self.page.locator("[name=publish_copies]").check()
        self.page.locator("main form [type=submit]").click()
        self.page.wait_for_load_state()
        assert not SitePage.objects.filter(slug="copy-of-it", live=True).exists()
        ContentPage.objects.get(pk=draft.pk).unpublish()


def refusals(action: str = "publish") -> int:
    return AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED, action=action).count()


def draft_in(column: ColumnPage, title: str, slug: str, author: str = "writer") -> ContentPage:
    draft = ContentPage(title=title, slug=slug, live=False, source="示例单位", standfirst="一句话。")
    draft.body = [("text", "<p>每月到司法所报到一次。</p>")]
    column.add_child(instance=draft)
    draft.save_revision(user=get_user_model().objects.get(username=author))
    return ContentPage.objects.get(pk=draft.pk)


def test_no_shortcut_in_the_browser_publishes_and_each_is_in_the_trail(
    page: Page, site_server: Any, column: ColumnPage
) -> None:
    """Even where the permission to publish was given by mistake."""
    permission = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group_of(Role.EDITOR), page=column.get_parent(), permission=permission)
    log_in(page, site_server.url, "writer")
    shortcuts = Shortcuts(page, site_server.url, column)
    ways = ("by_address", "by_schedule", "in_bulk", "by_the_interface_for_programs", "by_copying", "by_moving")
    for number, way in enumerate(ways):
        draft, before = draft_in(column, f"想走近路{number}", f"shortcut-{number}"), refusals()
        getattr(shortcuts, way)(draft)
        assert not ContentPage.objects.get(pk=draft.pk).live, way
        assert refusals() == before + 1, way
        assert page.request.get(f"{site_server.url}/guide/shortcut-{number}/").status == 404, way
    names = AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED).values_list("actor_name", flat=True)
    assert set(names) == {"writer"}


def test_nobody_reviews_their_own_page_or_signs_twice_in_the_browser(
    page: Page, site_server: Any, column: ColumnPage
) -> None:
    people = {name: get_user_model().objects.get(username=name) for name in PEOPLE}
    people["second"].groups.add(group_of(Role.FIRST_REVIEWER))
    ticks = {"reviewed": "on", "proofread": "on", "comment": "自己审自己", "pass-on": "1"}

    own = draft_in(column, "自己写的", "own", author="first")
    own.get_workflow().start(own, people["writer"])
    step = f"/admin/desk/review/{ContentPage.objects.get(pk=own.pk).current_workflow_task_state.pk}/"
    log_in(page, site_server.url, "first")
    page.goto(site_server.url + step)
    expect(page.locator("[name=pass-on]")).to_have_count(0)
    before = refusals("approval")
    page.evaluate(POST, [site_server.url + step, ticks])
    assert refusals("approval") == before + 1
    assert not Approval.objects.exists()

    twice = draft_in(column, "一人签两次", "twice")
    twice.get_workflow().start(twice, people["writer"])
    log_in(page, site_server.url, "second")
    for signed in (1, 1):  # the second time by another step, and in vain
        state = ContentPage.objects.get(pk=twice.pk).current_workflow_task_state
        page.goto(f"{site_server.url}/admin/desk/review/{state.pk}/")
        page.evaluate(POST, [page.url, ticks])
        assert Approval.objects.filter(object_id=str(twice.pk)).count() == signed
    assert refusals("approval") == before + 2
    assert not ContentPage.objects.filter(pk__in=[own.pk, twice.pk], live=True).exists()
