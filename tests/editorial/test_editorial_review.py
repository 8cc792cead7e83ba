"""Three reviews by three people: the way through, and what each rule refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from editorial.desk import needs_today, returned_drafts
from editorial.models import Deputy, Release, ReviewTaskState
from editorial.queue import review_queue
from editorial.review import NotReady
from editorial.tasks import remind
from jobs.worker import work_once
from trust.approvals import AlreadyApproved, OwnWork
from trust.audit import boundary
from trust.models import Approval, AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut")]


def refused(action: str = "") -> list[AuditEvent]:
    found = AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED)
    return list(found.filter(action=action) if action else found)


def test_three_people_in_order_publish_it(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    for name in ("first", "second"):
        desk.passes(page, name)
        assert not desk.is_live(page)
    desk.passes(page, "final")
    assert desk.is_live(page)
    assert list(Approval.objects.values_list("step", "person__username")) == [
        ("review.first", "first"),
        ("review.second", "second"),
        ("review.final", "final"),
    ]
    release = Release.objects.get()
    assert release.used_at is not None
    assert set(Approval.objects.values_list("sha256", flat=True)) == {release.sha256}
    assert AuditEvent.objects.filter(action="publish", outcome="allowed", detail__how="review").count() == 1


def test_nobody_reviews_what_they_wrote(desk: Any) -> None:
    page = desk.draft(author="first")
    desk.submit(page, "writer")
    with pytest.raises(OwnWork):
        desk.passes(page, "first")
    assert desk.step(page).task.name == "初审"
    assert [event.detail["why"] for event in refused("approval")] == ["own work"]


def test_nobody_reviews_what_they_changed_before_it_was_sent_in(desk: Any) -> None:
    page = desk.draft()
    page.title = "到哪里报到"
    page.save_revision(user=desk.second)
    desk.submit(page)
    desk.passes(page, "first")
    with pytest.raises(OwnWork):
        desk.passes(page, "second")


def test_whoever_sends_it_in_is_no_reviewer_of_it(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page, by="first")
    with pytest.raises(OwnWork):
        desk.passes(page, "first")


def test_one_person_signs_one_step_though_they_hold_two_roles(desk: Any) -> None:
    desk.second.groups.add(*desk.first.groups.all())
    page = desk.draft()
    desk.submit(page)
    desk.passes(page, "second")
    with pytest.raises(AlreadyApproved):
        desk.passes(page, "second")
    assert desk.step(page).task.name == "复审"
    assert "twice" in [event.detail["why"] for event in refused("approval")]


def test_a_superuser_without_the_role_has_no_part_in_it(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    with pytest.raises(NotReady):
        desk.passes(page, "chief")
    assert [event.detail["why"] for event in refused("review")] == ["no reviewer"]


def test_both_tick_marks_are_needed(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    for missing in ("reviewed", "proofread"):
        with pytest.raises(NotReady):
            desk.passes(page, "first", **{missing: False})
    assert not Approval.objects.exists()


def test_a_return_needs_reasons_and_brings_the_draft_back(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    state = desk.step(page)
    with pytest.raises(NotReady):
        state.task.specific.on_action(state, desk.first, "reject", comment=" ")
    state.task.specific.on_action(state, desk.first, "reject", comment="第二段的日期不对")
    (item,) = returned_drafts(desk.writer)
    assert "第二段的日期不对" in item.note
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES


def test_a_return_from_the_second_step_begins_at_the_first_again(desk: Any) -> None:
    page = desk.draft()
    state = desk.submit(page)
    desk.passes(page, "first")
    step = desk.step(page)
    step.task.specific.on_action(step, desk.second, "reject", comment="改短一些")
    page.standfirst = "一句话说清。"
    page.save_revision(user=desk.writer)
    state.refresh_from_db()
    state.resume(desk.writer)
    assert desk.step(page).task.name == "初审"
    for name in ("first", "second", "final"):
        desk.passes(page, name)
    assert desk.is_live(page)


def test_a_change_during_the_review_stops_it(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    desk.passes(page, "first")
    page.title = "悄悄改了"
    page.save_revision(user=desk.second)
    with pytest.raises(NotReady):
        desk.passes(page, "second")
    assert "changed" in [event.detail["why"] for event in refused("review")]


def test_nobody_writes_while_it_is_read(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    page = type(page).objects.get(pk=page.pk)
    assert all(page.get_lock().for_user(desk.people[name]) for name in ("writer", "first", "chief"))


def test_a_deputy_signs_in_the_reviewers_place_and_it_is_noted(desk: Any) -> None:
    today = timezone.localdate()
    Deputy.objects.create(reviewer=desk.first, deputy=desk.auditor, from_day=today, to_day=today)
    page = desk.draft()
    desk.submit(page)
    assert [item.name for item in review_queue(desk.auditor)] == ["怎么报到"]
    desk.passes(page, "auditor")
    done = ReviewTaskState.objects.get(status=TaskState.STATUS_APPROVED)
    assert (done.finished_by, done.acted_for) == (desk.auditor, desk.first)


def test_a_deputys_time_ends(desk: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Deputy.objects.create(reviewer=desk.first, deputy=desk.auditor, from_day=yesterday, to_day=yesterday)
    page = desk.draft()
    desk.submit(page)
    with pytest.raises(NotReady):
        desk.passes(page, "auditor")


def test_a_deputy_of_two_reviewers_is_still_one_person(desk: Any) -> None:
    today = timezone.localdate()
    for reviewer in (desk.first, desk.second):
        Deputy.objects.create(reviewer=reviewer, deputy=desk.auditor, from_day=today, to_day=today)
    page = desk.draft()
    desk.submit(page)
    desk.passes(page, "auditor")
    assert review_queue(desk.auditor) == []
    with pytest.raises(AlreadyApproved):
        desk.passes(page, "auditor")


def test_a_case_story_needs_a_signature_that_it_is_anonymised(desk: Any) -> None:
    page = desk.draft("重新开始", kind="case")
    desk.submit(page)
    desk.passes(page, "first")
    desk.passes(page, "second")
    with pytest.raises(NotReady):
        desk.passes(page, "final")
    assert not desk.is_live(page)
    desk.passes(page, "final", anonymised=True)
    assert desk.is_live(page)
    assert Approval.objects.get(step="anonymised").person == desk.final


def test_the_queue_shows_what_one_may_sign_and_nothing_else(desk: Any) -> None:
    desk.submit(desk.draft("别人的"))
    desk.submit(desk.draft("自己的", author="first"))
    assert [item.name for item in review_queue(desk.first)] == ["别人的"]
    assert review_queue(desk.second) == []
    assert [heading for heading, _items in needs_today(desk.writer)] == ["审核中"]


def test_reviewers_get_a_mail_and_one_reminder_when_it_is_overdue(desk: Any) -> None:
    desk.submit(desk.draft())
    work_once()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["first@example.gov.cn"], "待审核：怎么报到")
    ReviewTaskState.objects.update(due_at=timezone.now() - timedelta(hours=1))
    for _time in range(2):
        remind(None)  # type: ignore[arg-type]
    work_once()
    assert [message.subject for message in mail.outbox[1:]] == ["已逾期：怎么报到"]


def test_the_writer_hears_of_a_return_with_its_reasons(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    step = desk.step(page)
    step.task.specific.on_action(step, desk.first, "reject", comment="缺少来源")
    work_once()
    (message,) = [message for message in mail.outbox if message.to == ["writer@example.gov.cn"]]
    assert "缺少来源" in message.body


def test_what_a_check_blocks_cannot_be_sent_in(desk: Any) -> None:
    page = desk.draft(standfirst="社区矫正人员要按时报到。")
    with boundary(), pytest.raises(NotReady, match="停用或错误的用语"):
        desk.submit(page)
    assert not WorkflowState.objects.exists()
    assert [event.detail["findings"] for event in refused("review")] == [["term.block"]]


def test_an_explanation_goes_the_same_way_and_is_signed_at_the_end(desk: Any, lamp_law: Any) -> None:
    from lawbook.models import Explanation

    words = Explanation.objects.create(law=lamp_law, number=3, gist="施行", meaning="从五月起。", live=False)
    words.save_revision(user=desk.writer)
    desk.submit(words)
    for name in ("first", "second", "final"):
        desk.passes(words, name)
    words.refresh_from_db()
    assert words.live
    assert words.signed
    assert words.reviewer == "final"
