"""Going live and going off by the clock: only what three people signed, not before its time, and nothing left baked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from baking import generations, store
from editorial import gate
from editorial.desk import needs_today
from editorial.health import inspect
from editorial.models import Release
from jobs import timetable
from jobs.errors import JobFailed
from jobs.queue import enqueue
from jobs.tasks import publish_scheduled
from jobs.worker import work_once
from pages.models import ContentPage
from trust.audit import boundary
from trust.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut")]
REVIEWERS = ("first", "second", "final")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: from now on it is then."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


def work() -> timetable.Done:
    with boundary():
        return timetable.run()


def approved(desk: Any, title: str = "怎么报到", **times: datetime) -> ContentPage:
    page = desk.draft(title, **times)
    desk.submit(page)
    for name in REVIEWERS:
        desk.passes(page, name)
    return ContentPage.objects.get(pk=page.pk)


def test_it_goes_live_at_its_time_and_not_before_and_off_at_the_other(desk: Any, at: Any) -> None:
    now = timezone.now()
    page = approved(desk, go_live_at=now + timedelta(hours=1), expire_at=now + timedelta(hours=2))
    assert not page.live
    assert Release.objects.get().used_at is None
    for minutes, live in ((59, False), (61, True), (119, True), (121, False)):
        at(now + timedelta(minutes=minutes))
        work()
        assert desk.is_live(page) is live, minutes
    page.refresh_from_db()
    assert page.expired
    assert Release.objects.get().used_at == now + timedelta(minutes=61)
    deeds = ["wagtail.publish.schedule", "wagtail.publish.scheduled", "wagtail.unpublish.scheduled"]
    found = AuditEvent.objects.filter(action__in=deeds, subject_id=str(page.pk)).order_by("sequence")
    assert [event.action for event in found] == deeds


def test_the_worker_does_it_by_itself(desk: Any, at: Any) -> None:
    now = timezone.now()
    page = approved(desk, go_live_at=now + timedelta(hours=1))
    at(now + timedelta(hours=1, minutes=1))
    enqueue("jobs.publish_scheduled")  # as the worker does every half minute
    work_once()
    assert desk.is_live(page)


def test_finished_pages_follow_the_clock(desk: Any, at: Any, settings: Any, tmp_path: Path) -> None:
    settings.BAKED_PAGES, settings.BAKED_ROOT = True, tmp_path / "baked"
    Site.objects.update(hostname="testserver", port=80)
    Site.clear_site_root_paths_cache()
    generations.forget()
    store._state.generation = ""
    now = timezone.now()
    page = approved(desk, go_live_at=now + timedelta(hours=1), expire_at=now + timedelta(hours=2))

    def seen() -> int:
        generations.forget()
        return Client().get(f"/guide/{page.slug}/").status_code

    def moved() -> None:
        work()
        # The test's own transaction stays open: do what the commit would have done.
        todo, connection.run_on_commit = connection.run_on_commit, []
        for _savepoints, after, _robust in todo:
            after()

    assert seen() == 404
    at(now + timedelta(minutes=61))
    moved()
    assert [seen(), seen()] == [200, 200]
    assert list((tmp_path / "baked").rglob(f"{page.slug}/index.html"))
    at(now + timedelta(minutes=121))
    moved()
    assert seen() == 404
    generations.forget()


def test_a_time_written_into_the_database_publishes_nothing_and_holds_nobody_up(desk: Any, at: Any) -> None:
    """Neither a hole in a screen nor a hand in the database goes round the reviews."""
    now = timezone.now()
    smuggled = desk.draft("没有审过的")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtailcore_revision SET approved_go_live_at = %s WHERE id = %s",
            [now + timedelta(minutes=30), smuggled.latest_revision_id],
        )
    honest = approved(desk, "审过的", go_live_at=now + timedelta(hours=1))
    at(now + timedelta(hours=2))
    done = work()
    assert (done.published, done.refused, done.failed) == (1, 1, 0)
    assert not desk.is_live(smuggled)
    assert desk.is_live(honest)
    (event,) = AuditEvent.objects.filter(action="publish", outcome=AuditEvent.Outcome.REFUSED)
    assert event.subject_id == str(smuggled.pk)
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()
    assert work() == timetable.Done()  # it is not tried again and again


def test_a_later_draft_changes_nothing_of_what_was_signed(desk: Any, at: Any) -> None:
    now = timezone.now()
    page = approved(desk, go_live_at=now + timedelta(hours=1))
    page.title, page.go_live_at = "偷偷改了", now + timedelta(minutes=1)
    page.save_revision(user=desk.writer)
    at(now + timedelta(minutes=30))
    work()
    assert not desk.is_live(page)
    at(now + timedelta(minutes=61))
    work()
    page = ContentPage.objects.get(pk=page.pk)
    assert (page.live, page.title, page.draft_title) == (True, "怎么报到", "偷偷改了")


def test_a_time_that_has_passed_before_the_reviews_are_done_publishes_nothing(desk: Any, at: Any) -> None:
    now = timezone.now()
    page = desk.draft(go_live_at=now + timedelta(hours=1))
    desk.submit(page)
    desk.passes(page, "first")
    at(now + timedelta(hours=2))
    work()
    assert not desk.is_live(page)
    assert [item.where for item in inspect() if item.rule == "timetable.missed"] == ["怎么报到"]
    for name in ("second", "final"):
        desk.passes(page, name)
    assert desk.is_live(page)


def test_words_beside_the_law_are_signed_when_they_go_live(desk: Any, lamp_law: Any, at: Any) -> None:
    from lawbook.models import Explanation

    now = timezone.now()
    words = Explanation(law=lamp_law, number=3, gist="施行", meaning="从五月起。", live=False)
    words.go_live_at = now + timedelta(hours=1)
    words.save()
    words.save_revision(user=desk.writer)
    desk.submit(words)
    for name in REVIEWERS:
        desk.passes(words, name)
    words.refresh_from_db()
    assert (words.live, words.signed) == (False, False)
    at(now + timedelta(minutes=61))
    work()
    words.refresh_from_db()
    assert (words.live, words.signed, words.reviewer) == (True, True, "final")


def test_what_fails_is_left_for_the_next_run_and_the_rest_goes_on(
    desk: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    stuck = approved(desk, "卡住的", go_live_at=now + timedelta(minutes=10))
    fine = approved(desk, "没事的", go_live_at=now + timedelta(minutes=20))
    publish = Revision.publish

    def sometimes(self: Revision, *args: Any, **kwargs: Any) -> None:
        if self.object_id == str(stuck.pk):
            raise OSError("disk full")
        publish(self, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", sometimes)
    at(now + timedelta(hours=1))

    class Run:
        result: Any = None

        def check(self) -> None: ...

    run = Run()
    with pytest.raises(JobFailed):
        publish_scheduled(run)  # type: ignore[arg-type]
    assert (run.result["published"], run.result["failed"]) == (1, 1)
    assert desk.is_live(fine)
    monkeypatch.setattr(Revision, "publish", publish)
    work()
    assert desk.is_live(stuck)


def test_the_screens_say_when_it_goes_live(desk: Any) -> None:
    soon = timezone.now() + timedelta(hours=1)
    page = desk.draft(go_live_at=soon, expire_at=soon + timedelta(days=1))
    desk.submit(page)
    for name in ("first", "second"):
        desk.passes(page, name)
    url = reverse("editorial_admin:review", args=[desk.step(page).pk])
    client = desk.client("final")
    time = f"{timezone.localtime(soon):%Y-%m-%d %H:%M}"
    assert time in client.get(url).text
    signed = client.post(url, {"reviewed": "on", "proofread": "on", "comment": "已核对"}, follow=True)
    assert f"将于{time}公开" in signed.text
    (item,) = dict(needs_today(desk.writer))["定时发布"]
    assert (item.name, item.note) == ("怎么报到", time)


def test_taking_the_time_back_lets_the_signed_version_be_published_by_hand(desk: Any) -> None:
    page = approved(desk, go_live_at=timezone.now() + timedelta(hours=1))
    url = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.latest_revision_id])
    desk.client("final").post(url)
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()
    assert gate.release_of(page, page.latest_revision) is not None
    assert not Page.objects.get(pk=page.pk).live
