"""Every shortcut past the three reviews leaves the page unpublished and a line in the trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Revision, Workflow

from editorial import gate, urgent
from editorial.gate import NotReviewed
from editorial.models import UrgentCorrection
from editorial.review import NotReady
from pages.models import ContentPage
from trust.approvals import OwnWork
from trust.audit import boundary
from trust.models import Approval, AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut")]


def refused(action: str = "publish") -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(outcome=AuditEvent.Outcome.REFUSED, action=action))


def give_publishing(desk: Any, name: str) -> None:
    """Grant the permission by mistake, on the whole tree."""
    group = desk.people[name].groups.first()
    permission = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.get_or_create(group=group, page=Page.get_first_root_node(), permission=permission)


def publish_by_form(desk: Any, who: str, page: Any) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    desk.client(who).post(url, desk.form_of(page, **{"action-publish": "1"}))


def publish_in_bulk(desk: Any, who: str, page: Any) -> None:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    desk.client(who).post(f"{url}?id={page.pk}", {"include_descendants": ""})


def copy_as_published(desk: Any, who: str, page: Any) -> None:
    with gate.door("a page that is public"):
        page.get_latest_revision().publish()
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {
        "new_title": "副本",
        "new_slug": "copy",
        "new_parent_page": str(desk.column.pk),
        "publish_copies": "on",
        "copy_subpages": "",
        "alias": "",
    }
    desk.client(who).post(url, data)
    assert not Page.objects.filter(slug="copy", live=True).exists()
    with gate.door("back to a draft"):
        page.refresh_from_db()
        page.unpublish()


def copy_as_alias(desk: Any, who: str, page: Any) -> None:
    with gate.door("a page that is public"):
        page.get_latest_revision().publish()
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    data = {"new_title": "影子", "new_slug": "shadow", "new_parent_page": str(desk.column.pk), "alias": "on"}
    desk.client(who).post(url, {**data, "publish_copies": "on"})
    assert not Page.objects.filter(slug="shadow", live=True).exists()
    with gate.door("back to a draft"):
        page.refresh_from_db()
        page.unpublish()


def move_out_and_publish(desk: Any, who: str, page: Any) -> None:
    """Where no workflow reaches, publishing is refused all the same."""
    Workflow.objects.get(name="三审三校").workflow_pages.all().delete()
    desk.client(who).post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, desk.home.pk]), {"slug": page.slug})
    page.refresh_from_db()
    assert page.get_parent().pk == desk.home.pk
    publish_by_form(desk, who, page)


def schedule(desk: Any, who: str, page: Any) -> None:
    """A time to go live is a publication that waits."""
    soon = (timezone.localtime() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    desk.client(who).post(url, desk.form_of(page, **{"action-publish": "1", "go_live_at": soon}))
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def create_as_published(desk: Any, who: str, page: Any) -> None:
    url = reverse("wagtailadmin_pages:add", args=["pages", "contentpage", desk.column.pk])
    desk.client(who).post(url, desk.form_of(page, title="直接发", slug="straight", **{"action-publish": "1"}))
    assert not Page.objects.filter(slug="straight", live=True).exists()


def publish_an_old_version(desk: Any, who: str, page: Any) -> None:
    """Reverting to what was public once, with publishing."""
    old = page.get_latest_revision()
    page.title = "改了又改"
    page.save_revision(user=desk.writer)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    desk.client(who).post(url, desk.form_of(page, revision=str(old.pk), **{"action-publish": "1"}))


SHORTCUTS: list[Callable[[Any, str, Any], None]] = [
    publish_by_form,
    publish_in_bulk,
    copy_as_published,
    copy_as_alias,
    move_out_and_publish,
    schedule,
    create_as_published,
    publish_an_old_version,
]


@pytest.mark.parametrize("who", ["writer", "chief"])
@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.__name__)
def test_a_shortcut_publishes_nothing_and_is_in_the_trail(
    desk: Any, shortcut: Callable[[Any, str, Any], None], who: str
) -> None:
    """Neither with the permission given by mistake nor as a superuser."""
    give_publishing(desk, "writer")
    page = desk.draft()
    shortcut(desk, who, page)
    assert not ContentPage.objects.get(pk=page.pk).live
    assert [event.actor_name for event in refused()] == [who]
    assert Page.find_problems() == ([], [], [], [], [])


def test_whoever_writes_is_turned_away_before_that(desk: Any) -> None:
    page = desk.draft()
    publish_by_form(desk, "writer", page)
    publish_in_bulk(desk, "writer", page)
    assert not desk.is_live(page)


def test_the_interface_for_programs_publishes_nothing(desk: Any) -> None:
    """Wagtail's writing interface uses the same actions; it is not served here, and would be refused as well."""
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    page = desk.draft()
    revision = page.get_latest_revision()
    with boundary(), pytest.raises(NotReviewed):
        PublishPageRevisionAction(revision, user=desk.chief).execute()
    assert not desk.is_live(page)
    assert len(refused()) == 1


def test_saving_it_as_public_by_hand_is_refused_too(desk: Any) -> None:
    page = desk.draft()
    page.live = True
    with boundary(), pytest.raises(NotReviewed):
        page.save()
    assert not desk.is_live(page)


def test_reviewing_ones_own_page_by_the_screen_is_refused_with_the_reason(desk: Any) -> None:
    page = desk.draft(author="first")
    desk.submit(page, "writer")
    url = reverse("editorial_admin:review", args=[desk.step(page).pk])
    response = desk.client("first").post(
        url, {"reviewed": "on", "proofread": "on", "comment": "我写的我放心"}, follow=True
    )
    assert "自己" in response.content.decode()
    assert not Approval.objects.exists()
    assert [event.actor_name for event in refused("approval")] == ["first"]


def test_reviewing_ones_own_page_by_wagtails_address_is_refused_too(desk: Any) -> None:
    page = desk.draft(author="first")
    desk.submit(page, "writer")
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", desk.step(page).pk])
    desk.client("first").post(url, {"reviewed": "on", "proofread": "on", "comment": "绕一下"})
    assert not Approval.objects.exists()
    assert refused("approval")


def test_a_workflow_of_ones_own_making_publishes_nothing(desk: Any) -> None:
    """Whoever may edit workflows can set up an easier one; its end is refused without the three signatures."""
    from wagtail.models import GroupApprovalTask, WorkflowPage, WorkflowTask

    easy = Workflow.objects.create(name="一审")
    task = GroupApprovalTask.objects.create(name="点一下")
    task.groups.set(desk.first.groups.all())
    WorkflowTask.objects.create(workflow=easy, task=task)
    page = desk.draft()
    WorkflowPage.objects.create(page=page, workflow=easy)
    easy.start(page, desk.writer)
    with boundary(), pytest.raises(NotReviewed):
        desk.step(page).approve(user=desk.first)
    assert not desk.is_live(page)
    assert refused()


def test_a_signed_version_is_published_once(desk: Any) -> None:
    page = desk.draft()
    desk.submit(page)
    for name in ("first", "second", "final"):
        desk.passes(page, name)
    page.refresh_from_db()
    page.unpublish(user=desk.final)
    with boundary(), pytest.raises(NotReviewed):
        page.get_latest_revision().publish(user=desk.final)
    assert not desk.is_live(page)


def test_taking_a_page_off_needs_no_review(desk: Any) -> None:
    page = desk.draft()
    with gate.door("test"):
        page.get_latest_revision().publish()
    desk.client("final").post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert not desk.is_live(page)


def test_the_door_is_a_line_in_the_trail_for_each_thing(desk: Any) -> None:
    page = desk.draft()
    with gate.door("import of 2024", actor=desk.chief):
        page.get_latest_revision().publish()
    event = AuditEvent.objects.filter(action="publish", outcome="allowed").first()
    assert event is not None
    assert (event.actor, event.detail["door"], event.subject_id) == (desk.chief, "import of 2024", str(page.pk))


def test_a_door_that_stands_open_outside_is_shut_in_a_request(desk: Any) -> None:
    page = desk.draft()
    with gate.door("left open"):
        publish_by_form(desk, "chief", page)
    assert not desk.is_live(page)


@pytest.fixture
def public_page(desk: Any) -> Any:
    page = desk.draft()
    with gate.door("test"):
        page.get_latest_revision().publish()
    page = ContentPage.objects.get(pk=page.pk)
    page.title = "怎么报到（电话已改）"
    page.save_revision(user=desk.writer)
    return ContentPage.objects.get(pk=page.pk)


class TestUrgent:
    def test_two_people_and_a_reason_publish_it(self, desk: Any, public_page: Any) -> None:
        client = desk.client("writer")
        type_id = gate.ContentType.objects.get_for_model(ContentPage).pk
        url = reverse("editorial_admin:ask_urgent", args=[type_id, public_page.pk])
        assert client.get(url).status_code == 200
        client.post(url, {"reason": "值班电话写错了一位，已有居民打错。"})
        correction = UrgentCorrection.objects.get()
        screen = reverse("editorial_admin:urgent", args=[correction.pk])
        desk.client("first").post(screen, {"reviewed": "on", "proofread": "on", "comment": "已核对号码"})
        public_page.refresh_from_db()
        assert public_page.title == "怎么报到（电话已改）"
        event = AuditEvent.objects.get(action="publish.urgent", outcome="allowed")
        assert event.detail["reason"] == "值班电话写错了一位，已有居民打错。"
        assert [each.pk for each in urgent.not_reviewed_since()] == [correction.pk]

    def test_one_person_cannot_do_it(self, desk: Any, public_page: Any) -> None:
        for name in ("first", "chief"):
            correction = urgent.ask(public_page, desk.people[name], "自己申请自己确认，看看行不行。")
            with boundary(), pytest.raises(OwnWork):
                urgent.confirm(correction, desk.people[name])
        public_page.refresh_from_db()
        assert public_page.title == "怎么报到"
        assert len(refused("approval")) == 2

    def test_whoever_changed_it_is_no_second_person(self, desk: Any, public_page: Any) -> None:
        public_page.save_revision(user=desk.second)
        correction = urgent.ask(public_page, desk.first, "值班电话写错了一位，已有居民打错。")
        with boundary(), pytest.raises(OwnWork):
            urgent.confirm(correction, desk.second)

    def test_it_needs_a_reason_and_something_public(self, desk: Any, public_page: Any) -> None:
        with boundary(), pytest.raises(NotReady):
            urgent.ask(public_page, desk.writer, "急")
        with boundary(), pytest.raises(NotReady):
            urgent.ask(desk.draft("新的"), desk.writer, "还没公开过的页面不能走紧急更正。")

    def test_a_writer_cannot_confirm(self, desk: Any, public_page: Any) -> None:
        correction = urgent.ask(public_page, desk.first, "值班电话写错了一位，已有居民打错。")
        with boundary(), pytest.raises(NotReady):
            urgent.confirm(correction, desk.writer)
        assert "no reviewer" in [event.detail["why"] for event in refused("publish.urgent")]

    def test_a_change_after_it_was_asked_for_stops_it(self, desk: Any, public_page: Any) -> None:
        correction = urgent.ask(public_page, desk.writer, "值班电话写错了一位，已有居民打错。")
        ContentPage.objects.get(pk=public_page.pk).save_revision(user=desk.writer)
        with boundary(), pytest.raises(NotReady):
            urgent.confirm(correction, desk.first)

    def test_the_second_person_may_decline(self, desk: Any, public_page: Any) -> None:
        correction = urgent.ask(public_page, desk.writer, "值班电话写错了一位，已有居民打错。")
        screen = reverse("editorial_admin:urgent", args=[correction.pk])
        desk.client("first").post(screen, {"send-back": "1", "return-comment": "号码没有错"})
        correction.refresh_from_db()
        assert correction.state == UrgentCorrection.State.REFUSED
        public_page.refresh_from_db()
        assert public_page.title == "怎么报到"


def test_an_explanation_cannot_be_published_around_it(desk: Any, lamp_law: Any) -> None:
    from lawbook.models import Explanation

    words = Explanation.objects.create(law=lamp_law, number=3, gist="施行", meaning="从五月起。", live=False)
    words.save_revision(user=desk.writer)
    url = reverse(Explanation.snippet_viewset.get_url_name("edit"), args=[words.pk])
    data = {"law": str(lamp_law.pk), "number": "3", "suffix": "0", "gist": "施行", "meaning": "从五月起。"}
    data |= {"who": "", "steps": "", "example": "", "note": "", "author": "", "action-publish": "1"}
    for name in ("writer", "chief"):
        desk.client(name).post(url, data)
    words.refresh_from_db()
    assert not words.live
    assert [event.actor_name for event in refused()] == ["chief", "writer"]
