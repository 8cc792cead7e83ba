"""What an auditor sees of the trail: words instead of verbs, and any part of it by person, verb, outcome, period."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from trust.audit import Outcome, record
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings):
    settings.KEYS_ROOT = tmp_path


@pytest.fixture
def people():
    sync_roles()
    users = get_user_model().objects
    auditor, editor = users.create_user("auditor"), users.create_user("editor")
    auditor.groups.add(group_of(Role.AUDITOR))
    return auditor, editor


@pytest.fixture
def ask(people):
    """`ask(**filters)`: numbers of the rows that the auditor's list shows."""
    auditor, editor = people
    record("film.publish", actor=editor)
    record("film.publish", actor=auditor, outcome=Outcome.REFUSED)
    record("feedback.contact", actor=editor)
    client = Client()
    client.force_login(auditor)
    rows = list(AuditEvent.objects.order_by("sequence"))[:3]

    def get(**filters):
        response = client.get(reverse("audit:index"), filters)
        assert response.status_code == 200
        shown = {event.sequence for event in response.context["object_list"]}
        return [event in shown for event in [row.sequence for row in rows]], response.text

    return get


def test_verbs_are_shown_in_chinese(ask):
    _shown, text = ask()
    assert "公开视频" in text
    assert "查看留言人联系方式" in text
    assert "<td" in text
    assert "film.publish</" not in text.partition("<tbody")[2]


def test_rows_are_found_by_person_verb_and_outcome(ask):
    assert ask(actor_name="editor")[0] == [True, False, True]
    assert ask(action="film.publish")[0] == [True, True, False]
    assert ask(action=["film.publish", "feedback.contact"])[0] == [True, True, True]
    assert ask(outcome="refused")[0] == [False, True, False]
    assert ask(actor_name="editor", action="film.publish", outcome="allowed")[0] == [True, False, False]


def test_rows_are_found_by_period(ask):
    today = timezone.localdate()
    assert ask(happened_at_from=today.isoformat(), happened_at_to=today.isoformat())[0] == [True, True, True]
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert ask(happened_at_from=tomorrow)[0] == [False, False, False]
    assert ask(happened_at_to=(today - timedelta(days=1)).isoformat())[0] == [False, False, False]


def test_one_row_says_the_words_and_the_verb(people):
    auditor, editor = people
    record("film.publish", actor=editor)
    client = Client()
    client.force_login(auditor)
    event = AuditEvent.objects.get(action="film.publish")
    text = client.get(reverse("audit:inspect", args=[event.pk])).text
    assert "公开视频 (film.publish)" in text


def test_the_export_has_both_columns(people):
    auditor, editor = people
    record("film.publish", actor=editor)
    client = Client()
    client.force_login(auditor)
    today = timezone.localdate().isoformat()
    response = client.post(reverse("trust_audit_export"), {"start": today, "end": today})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert any("film.publish,公开视频" in line for line in lines)
    heading = next(line for line in lines if "操作名称" in line)
    assert heading.split(",").index("操作名称") == 3


def test_one_rows_time_is_that_of_this_place(people):
    auditor, editor = people
    record("film.publish", actor=editor)
    event = AuditEvent.objects.latest("sequence")
    client = Client()
    client.force_login(auditor)
    text = client.get(reverse("audit:inspect", args=[event.pk])).text
    assert f"{timezone.localtime(event.happened_at):%Y-%m-%d %H:%M:%S}" in text
    assert f"#{event.sequence} 公开视频" in text
    assert "校验码" in text
