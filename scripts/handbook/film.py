"""Pictures of the film handbook (docs/handbook/视频.md): the sample film from its list to the screen on a bus."""

import re

from playwright.sync_api import Page

from scripts.handbook.shots import Scene, Shot

LIST = "/admin/films/list/"
LIMIT_MS = 120_000


def open_the_film(page: Page, scene: Scene) -> None:
    page.get_by_role("link", name="站台上的一堂法律课").first.click()
    page.wait_for_url(re.compile(r"/admin/film/\d+/$"))
    scene.notes["film"] = page.url


def edit_its_captions(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.notes['film']}captions/zh-Hans/")
    page.locator("textarea, [name=text]").first.wait_for()


def go_to_captions(page: Page, scene: Scene) -> None:
    page.goto(scene.notes["film"])
    page.get_by_role("heading", name="字幕").scroll_into_view_if_needed()


def read_its_reviews(page: Page, scene: Scene) -> None:
    number = scene.notes["film"].rstrip("/").rpartition("/")[2]
    page.goto(f"{scene.url}/admin/desk/film/{number}/")


def describe_a_screen(page: Page, scene: Scene) -> None:
    page.locator("[name=name]").fill("车内屏 720p·15秒（示例）")


def make_a_cut(page: Page, scene: Scene) -> None:
    describe_a_screen(page, scene)
    page.locator("form [type=submit]").last.click()
    page.wait_for_load_state()
    page.goto(scene.notes["film"])
    form = page.locator("form[action$='/cut/'], form[action*='cut']").last
    form.locator("[name=profile]").select_option(index=1)
    form.locator("[type=submit]").click()
    page.wait_for_load_state()
    for _time in range(LIMIT_MS // 2000):
        if page.locator("video").count():
            return
        page.wait_for_timeout(2000)
        page.reload()


SHOTS: list[Shot] = [
    Shot("film-list", "video-editor", LIST, height=420),
    Shot("film-add", "video-editor", f"{LIST}new/", height=820),
    Shot("film-desk", "video-editor", LIST, act=open_the_film, height=900),
    Shot("film-captions", "video-editor", LIST, act=edit_its_captions, height=900),
    Shot("film-reviews", "first-reviewer", "/admin/", act=read_its_reviews, height=820),
    Shot("film-profile", "video-editor", "/admin/films/profiles/new/", act=describe_a_screen, height=820),
    Shot("film-cut", "video-editor", "/admin/films/profiles/new/", act=make_a_cut, height=900),
]
