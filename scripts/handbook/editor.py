"""Pictures of the editors' handbook (docs/handbook/编辑手册.md): one page on its way from a draft to the public."""

import re

from playwright.sync_api import Page

from scripts.handbook.shots import Scene, Shot

WRONG = "社区服刑人员每月到司法所报到一次。有事请打13800000000。"
RIGHT = "社区矫正对象每月到司法所报到一次，说说近况。"
LIMIT_MS = 60_000


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("footer [data-w-progress], footer [type=submit]").first.click()


def change_a_page(page: Page, scene: Scene) -> None:
    """A retired word and a telephone number in a page's summary, and what the checks say of them."""
    pages = page.evaluate("fetch('/admin/api/main/pages/?limit=20').then(answer => answer.json())")
    chosen = next(each for each in pages["items"] if each["meta"]["type"] == "pages.ContentPage")
    scene.notes["title"] = chosen["title"]
    scene.notes["draft"] = f"{scene.url}/admin/pages/{chosen['id']}/edit/"
    page.goto(scene.notes["draft"])
    page.locator("[name=standfirst]").fill(WRONG)
    save(page)
    page.locator("[data-side-panel-toggle=findings]").click()
    page.locator(".desk-finding").first.wait_for()


def open_the_timetable(page: Page, scene: Scene) -> None:
    page.goto(scene.notes["draft"])
    page.locator("[name=standfirst]").fill(RIGHT)
    save(page)
    page.locator("[data-side-panel-toggle=status]").click()
    page.get_by_role("button", name=re.compile("发布计划|定时|计划")).first.click()
    page.locator("#schedule-publishing-dialog [name=go_live_at]").wait_for()


def open_the_menu(page: Page, scene: Scene) -> None:
    """Where it is sent in. It stays open for the picture; the next shot presses it."""
    page.goto(scene.notes["draft"])
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("[name=action-submit]").wait_for()


def send_in_and_show(page: Page, scene: Scene) -> None:
    open_the_menu(page, scene)
    with page.expect_navigation():
        page.locator("[name=action-submit]").click()
    page.goto(f"{scene.url}/admin/desk/")


def read_it(page: Page, scene: Scene) -> None:
    if not scene.notes.get("review"):
        page.locator(".desk-waiting a", has_text=scene.notes["title"]).first.click()
        page.wait_for_url(re.compile(r"/review/\d+/$"))
        scene.notes["review"] = page.url
    page.goto(scene.notes["review"])
    page.frame_locator(".desk-preview").locator("h1").first.wait_for()
    page.locator("[name=reviewed]").check()
    page.locator("[name=proofread]").check()
    page.locator("form:has([name=pass-on]) [name=comment]").fill("已对照条文逐句核对，文字无误。")


def pass_it_on(page: Page, scene: Scene) -> None:
    read_it(page, scene)
    with page.expect_navigation():
        page.locator("[name=pass-on]").click()
    page.goto(f"{scene.url}/admin/desk/")


def inspect_the_site(page: Page, scene: Scene) -> None:
    page.locator("form[action$='/health/now/'] button").click()
    for _time in range(LIMIT_MS // 2000):
        page.goto(f"{scene.url}/admin/desk/health/")
        if page.locator("table.listing").count():
            return
        page.wait_for_timeout(2000)


SHOTS: list[Shot] = [
    Shot("editor-findings", "editor", act=change_a_page, height=760),
    Shot("editor-timetable", "editor", act=open_the_timetable, height=640),
    Shot("editor-send-in", "editor", act=open_the_menu, height=640),
    Shot("editor-on-its-way", "editor", act=send_in_and_show, height=360),
    Shot("editor-today", "first-reviewer", height=620),
    Shot("editor-review", "first-reviewer", act=read_it, height=900),
    Shot("editor-queue", "first-reviewer", act=pass_it_on, height=420),
    Shot("editor-health", "final-reviewer", "/admin/desk/health/", act=inspect_the_site, height=760),
    Shot("editor-terms", "final-reviewer", "/admin/termrule/", height=620),
    Shot("editor-trail", "auditor", "/admin/audit/", height=760),
]
