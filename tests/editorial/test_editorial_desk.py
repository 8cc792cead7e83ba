"""The desk's screens, the site's health, and films on their way through the three reviews."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Workflow

from editorial import films, gate
from editorial.examples import adopt_what_is_public, set_up_review, starter_terms
from editorial.health import inspect, newest_report, write_report
from editorial.models import HealthReport, ReviewDate, ReviewTask, UrgentCorrection, WatchedName
from editorial.review import NotReady
from jobs.worker import work_once
from media.films import publish
from media.models import Video, VideoVersion
from pages.models import ContentPage, NewsPage
from trust.approvals import AlreadyApproved, OwnWork
from trust.audit import boundary
from trust.models import AuditEvent
from trust.waiting import Waiting, waiting_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut")]
GOOD = {"reviewed": True, "proofread": True, "comment": "看过成片和字幕"}


def rules(now: Any = None) -> set[str]:
    return {item.rule for item in inspect(now)}


class TestSetUp:
    def test_it_can_be_repeated_and_keeps_what_was_changed(self, desk: Any) -> None:
        ReviewTask.objects.filter(step="first").update(days=5)
        for _time in range(2):
            set_up_review()
        workflow = Workflow.objects.active().get()
        assert [(task.name, task.specific.days) for task in workflow.tasks] == [("初审", 5), ("复审", 2), ("终审", 1)]
        assert desk.home.get_workflow() == workflow
        assert starter_terms() == 0

    def test_the_command_says_what_stands(self, desk: Any, capsys: Any) -> None:
        call_command("set_up_review")
        assert "初审 → 复审 → 终审" in capsys.readouterr().out

    def test_starter_pages_are_public_and_no_drafts(self, desk: Any) -> None:
        page = ContentPage(title="示例", slug="sample", live=True, body=[])
        with gate.door("test"):
            desk.column.add_child(instance=page)
        page.save_revision()
        assert adopt_what_is_public() >= 1
        page.refresh_from_db()
        assert page.live_revision_id == page.latest_revision_id
        assert not page.has_unpublished_changes


class TestHealth:
    @pytest.fixture
    def site(self, desk: Any) -> Any:
        """A site on which everything is new."""
        Page.objects.filter(depth__gt=1).update(last_published_at=timezone.now())
        return desk

    def test_a_home_page_without_an_update_for_two_weeks(self, site: Any) -> None:
        assert "home.stale" not in rules()
        assert "home.stale" in rules(timezone.now() + timedelta(days=15))

    def test_an_empty_column_and_a_stale_one(self, site: Any) -> None:
        assert "column.empty" in rules()
        news = NewsPage(title="动态", slug="n", live=True, source="示例单位", body=[])
        with gate.door("test"):
            site.column.add_child(instance=news)
        Page.objects.filter(pk=news.pk).update(last_published_at=timezone.now())
        assert not {"column.empty", "column.stale"} & rules()
        assert "column.stale" in rules(timezone.now() + timedelta(days=15))

    def test_what_an_editor_would_be_told_is_found_on_public_pages(self, site: Any) -> None:
        bad = ContentPage(title="社区服刑人员报到", slug="bad", live=True, body=[])
        with gate.door("test"):
            site.column.add_child(instance=bad)
        (item,) = [item for item in inspect() if item.rule == "term.block"]
        assert item.where.startswith("社区服刑人员报到 › ")
        assert item.url == reverse("wagtailadmin_pages:edit", args=[bad.pk])

    def test_a_review_date_that_has_come(self, site: Any) -> None:
        ReviewDate.objects.create(page=site.column, due_on=timezone.localdate(), note="政策可能调整")
        assert [item.remedy for item in inspect() if item.rule == "review.due"] == ["政策可能调整"]

    def test_an_identity_that_lacks_something_and_searches_in_vain(self, site: Any) -> None:
        from search.misses import note

        for _time in range(3):
            note("社区矫正 补贴")
        assert {"identity.empty", "search.miss"} <= rules()

    def test_an_urgent_correction_that_nobody_reviewed_since(self, site: Any) -> None:
        page = site.draft()
        with gate.door("test"):
            page.get_latest_revision().publish()
        UrgentCorrection.objects.create(
            content_type=gate.base_type(page),
            object_id=str(page.pk),
            revision=page.get_latest_revision(),
            reason="值班电话写错了一位",
            state=UrgentCorrection.State.DONE,
            asked_by=site.writer,
            answered_by=site.first,
            answered_at=timezone.now(),
        )
        assert "urgent.unreviewed" not in rules()
        assert "urgent.unreviewed" in rules(timezone.now() + timedelta(days=4))

    def test_unsigned_words_are_named_or_counted(self, site: Any, lamp_law: Any) -> None:
        from lawbook.models import GlossaryTerm

        with gate.door("test"):
            for number in range(5):
                GlossaryTerm.objects.create(term=f"词{number}", meaning="意思。")
            named = [item.where for item in inspect() if item.rule == "words.unsigned"]
            GlossaryTerm.objects.create(term="词6", meaning="意思。")
        assert len(named) == 5
        (counted,) = [item for item in inspect() if item.rule == "words.unsigned"]
        assert "6" in counted.where
        assert site.client("chief").get(counted.url).status_code == 200

    def test_the_nightly_job_keeps_a_report_that_staff_read(self, site: Any) -> None:
        site.client("writer").post(reverse("editorial_admin:inspect_now"))
        work_once()
        report = newest_report()
        assert report is not None
        text = site.client("writer").get(reverse("editorial_admin:health")).content.decode()
        assert report.items[0]["problem"] in text
        for _time in range(31):
            HealthReport.objects.create(items=[], seconds=0)
        write_report()
        assert HealthReport.objects.count() == 30


class TestScreens:
    def test_a_reviewer_reads_the_version_its_findings_and_the_makers(self, desk: Any) -> None:
        page = desk.draft(standfirst="一" * 61)
        desk.submit(page)
        url = reverse("editorial_admin:review", args=[desk.step(page).pk])
        text = desk.client("first").get(url).content.decode()
        assert "怎么报到" in text
        assert "writer" in text
        assert "一句话有61个字" in text
        assert 'name="reviewed"' in text

    def test_a_maker_sees_it_without_the_form(self, desk: Any) -> None:
        page = desk.draft()
        desk.submit(page)
        url = reverse("editorial_admin:review", args=[desk.step(page).pk])
        assert 'name="reviewed"' not in desk.client("writer").get(url).content.decode()

    def test_the_tick_marks_are_asked_for_by_name(self, desk: Any) -> None:
        page = desk.draft()
        desk.submit(page)
        url = reverse("editorial_admin:review", args=[desk.step(page).pk])
        response = desk.client("first").post(url, {"reviewed": "on", "comment": "只审没校"})
        assert response.status_code == 200
        assert desk.step(page).task.name == "初审"

    def test_the_dashboard_answers_what_needs_me_today(self, desk: Any) -> None:
        desk.submit(desk.draft())
        text = desk.client("first").get(reverse("wagtailadmin_home")).content.decode()
        assert "今天有什么需要我处理" in text
        assert "怎么报到" in text
        assert "怎么报到" not in desk.client("final").get(reverse("wagtailadmin_home")).content.decode()

    def test_other_rooms_say_what_waits_too(self, desk: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr("trust.waiting._sources", [])
        waiting_source(lambda user: [Waiting("待批", "冬季方案", "/planner/plans/1/")])
        assert "冬季方案" in desk.client("first").get(reverse("editorial_admin:queue")).content.decode()

    def test_the_editor_shows_findings_beside_the_page_and_no_publish_button(self, desk: Any) -> None:
        page = desk.draft(standfirst="社区服刑人员")
        for name in ("writer", "chief"):
            text = desk.client(name).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
            assert 'data-side-panel="findings"' in text
            assert "停用或错误的用语" in text
            assert "action-publish" not in text

    def test_sending_in_what_is_blocked_keeps_the_draft_and_says_why(self, desk: Any) -> None:
        page = desk.draft()
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        data = desk.form_of(page, standfirst="社区服刑人员按时报到", **{"action-submit": "1"})
        response = desk.client("writer").post(url, data, follow=True)
        assert "停用或错误的用语" in response.content.decode()
        assert desk.step(page) is None
        assert ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object().standfirst == "社区服刑人员按时报到"

    def test_names_are_entered_once_and_never_shown(self, desk: Any) -> None:
        url = desk_url("watchedname", "add")
        desk.client("final").post(url, {"name": "钱小豆", "hint": "2024年第3号"})
        assert WatchedName.objects.get().length == 3
        assert "钱小豆" not in desk.client("final").get(desk_url("watchedname", "index")).content.decode()

    def test_every_list_of_the_desk_opens_for_those_who_keep_it(self, desk: Any) -> None:
        for name in ("termrule", "allowance", "watchedname", "deputy", "reviewdate"):
            assert desk.client("final").get(desk_url(name, "index")).status_code == 200
        assert "社区服刑人员" in desk.client("final").get(desk_url("termrule", "index")).content.decode()


def desk_url(name: str, view: str) -> str:
    from editorial.wagtail_hooks import desk_lists

    (viewset,) = [each for each in desk_lists().registerables if each.model._meta.model_name == name]
    return reverse(viewset.get_url_name(view))


class TestFilm:
    @pytest.fixture
    def film(self, desk: Any, tmp_path: Path) -> Video:
        video = Video.objects.create(title="站台上的一课", created_by=desk.writer, no_captions_reason="无对白")
        version = VideoVersion.objects.create(
            video=video, number=1, sha256="a" * 64, size_bytes=1, uploaded_by=desk.writer, state="ready"
        )
        video.current_version = version
        video.save()
        return video

    def test_it_is_not_published_without_three_people(self, desk: Any, film: Video) -> None:
        assert any("三审三校" in reason for reason in publish(film, user=desk.chief))
        for name in ("first", "second", "final"):
            assert publish(film, user=desk.chief)
            films.sign_film(film, desk.people[name], **GOOD)
        assert publish(film, user=desk.final) == []

    def test_its_maker_signs_nothing_and_nobody_signs_twice(self, desk: Any, film: Video) -> None:
        desk.writer.groups.add(*desk.first.groups.all())
        with boundary(), pytest.raises(OwnWork):
            films.sign_film(film, desk.writer, **GOOD)
        desk.second.groups.add(*desk.first.groups.all())
        films.sign_film(film, desk.second, **GOOD)
        with boundary(), pytest.raises(AlreadyApproved):
            films.sign_film(film, desk.second, **GOOD)
        with boundary(), pytest.raises(NotReady):
            films.sign_film(film, desk.chief, **GOOD)
        assert len(AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED)) == 3

    def test_a_change_of_its_words_begins_the_reviews_anew(self, desk: Any, film: Video) -> None:
        for name in ("first", "second", "final"):
            films.sign_film(film, desk.people[name], **GOOD)
        film.title = "改了名的一课"
        film.save()
        assert publish(film, user=desk.final)

    def test_the_screen_signs_the_step_that_waits(self, desk: Any, film: Video) -> None:
        url = reverse("editorial_admin:film", args=[film.pk])
        client = desk.client("first")
        assert "三审三校" in client.get(url).content.decode()
        client.post(url, {"reviewed": "on", "proofread": "on", "comment": "看过"})
        assert films.next_step(film) == "second"
