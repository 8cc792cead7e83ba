"""The jobs' screens in a real browser: readable, and used with one press."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from jobs.models import Job


@pytest.fixture
def at_the_desk(site_server, page):
    """A browser in which an administrator is logged in, and jobs of all sorts."""
    now = timezone.now()
    for kind, state, more in (
        ("media.process", "failed", {"error": "服务器磁盘已满。", "finished_at": now, "payload": {"video": 7}}),
        ("media.process", "queued", {}),
        ("media.stream", "running", {"progress": 42, "note": "720p", "leased_until": now + timedelta(minutes=1)}),
        ("campaigns.fold_scans", "done", {"finished_at": now}),
        ("jobs.publish_scheduled", "done", {"finished_at": now - timedelta(hours=2)}),
    ):
        Job.objects.create(kind=kind, state=state, run_after=now - timedelta(minutes=12), **more)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@example.cn", "x"))
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site_server.url}])
    return site_server.url


@pytest.mark.parametrize("width", [1280, 375])
def test_the_overview_is_readable_and_accessible(at_the_desk, page, axe, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{at_the_desk}/admin/jobs/")
    assert page.get_by_role("link", name="处理视频").count() >= 2
    assert page.get_by_text("服务器磁盘已满").first.is_visible()
    assert axe(page, ".jobs") == []


def test_a_failed_job_is_tried_again_with_one_press(at_the_desk, page, axe):
    page.goto(f"{at_the_desk}/admin/jobs/?state=failed")
    page.locator("#listing-results").get_by_role("link", name="处理视频").click()
    again = page.get_by_role("button", name="重试")
    again.wait_for()
    assert axe(page, ".jobs") == []
    again.click()
    page.get_by_text("已重新提交").wait_for()
    assert Job.objects.filter(kind="media.process", state="queued", payload={"video": 7}).count() == 1
