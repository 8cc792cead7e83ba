"""Our own admin screens with axe: nothing from our templates bars anybody."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from editorial import gate
from editorial.examples import set_up_review
from editorial.health import write_report
from feedback.examples import starter_messages
from feedback.models import Message
from media.models import Video, VideoRendition, VideoVersion
from pages.models import ColumnPage, ContentPage
from pages.starter.build import site_root
from trust.audit import record
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
CUES = "WEBVTT\n\n00:00.400 --> 00:03.800\n等一趟车的工夫。\n"


@pytest.fixture
def everything(site_server: Any) -> dict[str, str]:
    """A site on which every screen of ours has something to show: name → address."""
    sync_roles()
    user = get_user_model().objects.create_user("everybody", password=PASSWORD, first_name="示例")
    user.groups.add(*(group_of(role) for role in Role))
    writer = get_user_model().objects.create_user("writer", password=PASSWORD)
    with gate.door("a site for the browser"):
        column = ColumnPage(title="办事指南", slug="guide", live=True)
        site_root().add_child(instance=column)
    set_up_review()
    draft = ContentPage(title="怎么报到", slug="report", live=False, source="示例单位", standfirst="一" * 70)
    draft.body = [("text", "<p>每月报到一次。</p>")]
    column.add_child(instance=draft)
    draft.save_revision(user=writer)
    draft.get_workflow().start(draft, writer)
    step = ContentPage.objects.get(pk=draft.pk).current_workflow_task_state
    video = Video.objects.create(title="站台上的一课", created_by=writer, slug="lesson")
    version = VideoVersion.objects.create(
        video=video, number=1, sha256="a" * 64, size_bytes=1, state="ready", probe={"duration_s": 16.0}
    )
    for kind in (VideoRendition.Kind.MP4, VideoRendition.Kind.POSTER):
        name = "films/none.mp4" if kind == VideoRendition.Kind.MP4 else "films/none.jpg"
        version.renditions.create(kind=kind, file=name, width=1280, height=720, sha256="b" * 64, size_bytes=1)
    Video.objects.filter(pk=video.pk).update(current_version=version)
    video.caption_tracks.create(language="zh-Hans").add_revision(CUES, author=writer)
    starter_messages()
    record("film.publish", actor=writer, subject=video)
    write_report()
    return {
        "dashboard": "/admin/",
        "queue": "/admin/desk/",
        "review": f"/admin/desk/review/{step.pk}/",
        "film's reviews": f"/admin/desk/film/{video.pk}/",
        "site health": "/admin/desk/health/",
        "trail": "/admin/audit/",
        "trail's export": "/admin/audit/export/",
        "security": "/admin/security/",
        "messages": "/admin/messages/",
        "message": f"/admin/messages/{Message.objects.order_by('pk')[0].pk}/",
        "films": "/admin/films/list/",
        "film's desk": f"/admin/film/{video.pk}/",
        "caption editor": f"/admin/film/{video.pk}/captions/zh-Hans/",
    }


def is_wagtails(problem: str) -> bool:
    """Wagtail's side bar and its lists each have a search form of one name; neither is ours to rename."""
    return problem.startswith("landmark-unique") and 'action="/admin/pages/search/"' in problem


def test_no_screen_of_ours_bars_anybody(
    page: Page, site_server: Any, everything: dict[str, str], axe: Callable[..., list[str]]
) -> None:
    page.goto(f"{site_server.url}/admin/login/")
    page.locator("[name=username]").fill("everybody")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/admin/$"))
    found: dict[str, list[str]] = {}
    for name, address in everything.items():
        response = page.goto(f"{site_server.url}{address}")
        assert response is not None
        assert response.ok, f"{name}: {address} answers {response.status}"
        page.wait_for_load_state("networkidle")
        if problems := [problem for problem in axe(page) if not is_wagtails(problem)]:
            found[name] = problems
    assert not found, "\n".join(f"{name}: {problem}" for name, problems in found.items() for problem in problems)
