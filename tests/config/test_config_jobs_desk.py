"""The jobs in the admin: an overview by kind, reasons, and retry and cancel for administrators alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from config.jobs_desk import overview
from jobs.models import Job
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db


def make(state, *, kind="media.process", **values):
    now = timezone.now()
    ended = {} if state in Job.OPEN else {"finished_at": now}
    return Job.objects.create(kind=kind, state=state, run_after=now, **{**ended, **values})


@pytest.fixture
def admin(client):
    user = get_user_model().objects.create_superuser("boss", "boss@example.cn", "x")
    client.force_login(user)
    return client


@pytest.fixture
def film_editor(client):
    sync_roles()
    user = get_user_model().objects.create_user("film", password="x")
    user.groups.add(group_of(Role.VIDEO_EDITOR))
    client.force_login(user)
    return client


def test_the_overview_counts_by_kind_and_puts_trouble_first():
    make("done", kind="search.prune")
    make("queued")
    make("failed", error="older", finished_at=timezone.now() - timedelta(hours=1))
    make("failed", error="the file is empty")
    make("running", kind="no.such.handler")
    rows = overview()
    assert [row.name for row in rows[-1:]] == ["search.prune"]
    film = next(row for row in rows if row.name == "media.process")
    assert (film.title, film.waiting, film.running, film.failed) == ("处理视频", 1, 0, 2)
    assert film.error == "the file is empty"
    assert next(row.title for row in rows if row.name == "no.such.handler") == "no.such.handler"


def test_the_list_shows_kinds_in_words_reasons_and_a_silent_worker(admin):
    make("failed", error="磁盘已满")
    text = admin.get("/admin/jobs/").content.decode()
    assert "磁盘已满" in text
    assert "处理视频</a>" in text.replace("\n", "").replace(" ", "")
    assert "还没有后台进程工作过" in text
    make("done", kind="jobs.publish_scheduled", finished_at=timezone.now() - timedelta(minutes=7))
    assert "7 分钟没有动静" in admin.get("/admin/jobs/").content.decode()


def test_a_failed_job_is_tried_again_with_its_input_and_the_trail_says_who(admin):
    job = make("failed", payload={"video": 7}, error="磁盘已满")
    assert "重试" in admin.get(f"/admin/jobs/inspect/{job.pk}/").content.decode()
    answer = admin.post(f"/admin/jobs/retry/{job.pk}/")
    again = Job.objects.exclude(pk=job.pk).get()
    assert answer.url == f"/admin/jobs/inspect/{again.pk}/"
    assert (again.state, again.payload, again.kind) == ("queued", {"video": 7}, job.kind)
    event = AuditEvent.objects.get(action="job.retry")
    assert (event.actor_name, event.detail["again_as"]) == ("boss", again.pk)


def test_one_job_is_told_in_words_and_in_the_time_of_this_place(admin):
    at = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    job = make("failed", payload={"片名": "示例"}, finished_at=at)
    text = admin.get(f"/admin/jobs/inspect/{job.pk}/").content.decode()
    assert "2026-11-25 04:30:00" in text
    assert "处理视频 #" in text
    assert "片名" in text
    assert "None" not in text[text.index("<dl>") : text.index("</dl>")]


@pytest.mark.parametrize("state", ["queued", "running", "done"])
def test_what_has_not_failed_is_not_done_twice(admin, state):
    job = make(state)
    admin.post(f"/admin/jobs/retry/{job.pk}/")
    assert Job.objects.count() == 1


def test_a_waiting_job_is_cancelled_and_a_running_one_asked_to_stop(admin):
    soon = timezone.now() + timedelta(minutes=1)
    waiting, running = make("queued"), make("running", leased_by="w", leased_until=soon)
    for job in (waiting, running):
        admin.post(f"/admin/jobs/cancel/{job.pk}/")
        job.refresh_from_db()
    assert (waiting.state, running.state, running.cancel_requested) == ("cancelled", "running", True)
    assert "已要求停止" in admin.get(f"/admin/jobs/inspect/{running.pk}/").content.decode()
    assert AuditEvent.objects.filter(action="job.cancel").count() == 2


def test_a_job_of_a_kind_that_this_release_does_not_know_is_not_tried_again(admin):
    job = make("failed", kind="no.such.handler")
    admin.post(f"/admin/jobs/retry/{job.pk}/")
    assert Job.objects.count() == 1


def test_who_may_only_look_sees_no_button_and_gets_nowhere(film_editor):
    job = make("failed")
    text = film_editor.get(f"/admin/jobs/inspect/{job.pk}/").content.decode()
    assert "/admin/jobs/retry/" not in text
    film_editor.post(f"/admin/jobs/retry/{job.pk}/")
    film_editor.post(f"/admin/jobs/cancel/{job.pk}/")
    assert Job.objects.get().state == "failed"


def test_looking_changes_nothing(admin):
    job = make("queued")
    assert admin.get(f"/admin/jobs/cancel/{job.pk}/").status_code == 405
    job.refresh_from_db()
    assert job.state == "queued"
