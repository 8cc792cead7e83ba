"""One queue for a reviewer: every kind of thing that waits for a signature, by due date, and nothing of one's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from editorial import films, gate, notices
from editorial.models import Deputy
from editorial.queue import review_queue
from jobs.worker import work_once
from lawbook.models import Explanation
from media.models import BusCut, BusProfile, CaptionRevision, Video, VideoVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut")]
GOOD = {"reviewed": True, "proofread": True, "comment": "看过成片和字幕"}
CUES = "WEBVTT\n\n00:00.400 --> 00:03.800\n等一趟车的工夫。\n"


@pytest.fixture
def film(desk: Any) -> Video:
    video = Video.objects.create(title="站台上的一课", created_by=desk.writer, no_captions_reason="无对白")
    version = VideoVersion.objects.create(
        video=video, number=1, sha256="a" * 64, size_bytes=1, uploaded_by=desk.writer, state="ready"
    )
    Video.objects.filter(pk=video.pk).update(current_version=version)
    return Video.objects.get(pk=video.pk)


def names(user: Any) -> list[str]:
    return [item.name for item in review_queue(user)]


def test_a_film_waits_at_each_step_for_whoever_may_sign_it(desk: Any, film: Video) -> None:
    for name, then in (("first", "second"), ("second", "final"), ("final", "")):
        (item,) = review_queue(desk.people[name])
        assert item.name == "站台上的一课"
        assert item.url == reverse("editorial_admin:film", args=[film.pk])
        assert item.due is not None
        films.sign_film(film, desk.people[name], **GOOD)
        assert names(desk.people[name]) == []
        assert not then or names(desk.people[then]) == ["站台上的一课"]
    assert all(names(person) == [] for person in desk.people.values())


def test_a_film_is_due_by_the_days_of_its_step_from_when_the_step_began(desk: Any, film: Video) -> None:
    began = timezone.now() - timedelta(days=5)
    VideoVersion.objects.update(created_at=began)
    (item,) = review_queue(desk.first)
    assert (item.due, item.overdue) == (began + timedelta(days=2), True)
    films.sign_film(film, desk.first, **GOOD)
    (item,) = review_queue(desk.second)
    assert not item.overdue


def test_no_maker_of_a_film_and_nobody_who_signed_it_finds_it(desk: Any, film: Video) -> None:
    desk.writer.groups.add(*desk.first.groups.all())
    desk.first.groups.add(*desk.second.groups.all())
    assert names(desk.writer) == []
    films.sign_film(film, desk.first, **GOOD)
    assert names(desk.first) == []
    assert names(desk.second) == ["站台上的一课"]


def test_a_film_that_nobody_could_watch_waits_for_nobody(desk: Any, film: Video) -> None:
    Video.objects.update(no_captions_reason="")
    assert names(desk.first) == []
    Video.objects.update(no_captions_reason="无对白")
    VideoVersion.objects.update(state="processing")
    assert names(desk.first) == []
    VideoVersion.objects.update(state="ready")
    Video.objects.update(published=True)
    assert names(desk.first) == []


def test_a_deputy_finds_the_film_and_reads_for_whom(desk: Any, film: Video) -> None:
    today = timezone.localdate()
    assert names(desk.auditor) == []
    Deputy.objects.create(reviewer=desk.first, deputy=desk.auditor, from_day=today, to_day=today)
    (item,) = review_queue(desk.auditor)
    assert "代first" in item.note
    Deputy.objects.update(from_day=today - timedelta(days=9), to_day=today - timedelta(days=8))
    assert names(desk.auditor) == []


def test_captions_wait_for_a_second_person_with_a_date(desk: Any, film: Video, settings: Any) -> None:
    settings.DEMO = False
    track = film.caption_tracks.create(language="zh-Hans")
    track.add_revision(CUES, author=desk.first)
    assert "核对字幕" not in [item.what for item in review_queue(desk.first)]  # their own captions
    CaptionRevision.objects.update(created_at=timezone.now() - timedelta(days=3))
    late = [item for item in review_queue(desk.second) if item.what == "核对字幕"]
    assert [(item.name, item.overdue) for item in late] == [(f"站台上的一课 · {track.get_language_display()}", True)]


def test_a_cut_waits_once_its_film_has_passed(desk: Any, film: Video) -> None:
    profile = BusProfile.objects.create(name="车内屏", width=1280, height=720, fps=25, seconds=15, size_cap_mb=20)
    made = BusCut.objects.create(
        version=film.current_version,
        profile=profile,
        made_by=desk.writer,
        state="ready",
        sha256="b" * 64,
        specification=profile.specification,
    )

    def waits_for(name: str) -> bool:
        return made.get_admin_url() in [item.url for item in review_queue(desk.people[name])]

    assert not waits_for("second")
    for name in ("first", "second", "final"):
        films.sign_film(film, desk.people[name], **GOOD)
    assert waits_for("second")
    assert not waits_for("writer")
    BusCut.objects.update(made_by=desk.second)
    assert not waits_for("second")
    BusCut.objects.update(specification={})  # the screen's profile has changed since
    assert not waits_for("first")


def test_published_words_without_signature_are_named_or_counted(desk: Any, lamp_law: Any) -> None:
    with gate.door("test"):
        words = Explanation.objects.create(law=lamp_law, number=3, gist="施行", meaning="从五月起。")
    assert names(desk.first) == [str(words)]
    assert names(desk.writer) == []
    words.save_revision(user=desk.first)
    assert names(desk.first) == []  # one's own words
    with gate.door("test"):
        for number in (1, 2):
            for suffix in range(3):
                Explanation.objects.create(law=lamp_law, number=number, suffix=suffix, gist="亮", meaning="常亮。")
    (item,) = review_queue(desk.second)
    assert "7" in item.name
    assert desk.client("second").get(item.url).status_code == 200


def test_a_case_story_says_that_nobody_has_signed_its_anonymity(desk: Any) -> None:
    page = desk.draft("重新开始", kind="case")
    desk.submit(page)
    (item,) = review_queue(desk.first)
    assert "已匿名化" in item.note
    desk.passes(page, "first", anonymised=True)
    (item,) = review_queue(desk.second)
    assert "已匿名化" not in item.note


def test_the_dashboard_and_the_queue_show_all_of_it_the_most_urgent_first(desk: Any, film: Video) -> None:
    VideoVersion.objects.update(created_at=timezone.now() - timedelta(days=5))
    desk.submit(desk.draft())
    assert names(desk.first) == ["站台上的一课", "怎么报到"]
    for address in (reverse("editorial_admin:queue"), reverse("wagtailadmin_home")):
        text = desk.client("first").get(address).text
        assert text.index("站台上的一课") < text.index("怎么报到")
        assert "已超期" in text


def test_once_a_day_a_reviewer_gets_a_mail_of_all_that_waits(desk: Any, film: Video) -> None:
    VideoVersion.objects.update(created_at=timezone.now() - timedelta(days=5))
    desk.first.email = "first@example.gov.cn"
    desk.first.save()
    notices.mail_queues()
    while work_once():
        pass
    (message,) = [message for message in mail.outbox if message.to == ["first@example.gov.cn"]]
    assert message.subject == "今天有 1 项等你审校"
    assert "站台上的一课 已于" in message.body
    assert f"http://testserver{reverse('editorial_admin:film', args=[film.pk])}" in message.body
    films.sign_film(film, desk.first, **GOOD)
    notices.mail_queues()
    while work_once():
        pass
    assert len([message for message in mail.outbox if message.to == ["first@example.gov.cn"]]) == 1
