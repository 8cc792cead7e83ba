"""Whoever administers the system reads no messages: no superuser without the role, and each attempt is on record."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from feedback import desk
from feedback.models import Message
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> Any:
    sync_roles()
    return get_user_model().objects.create_superuser("chief")


@pytest.fixture
def browser_of_chief(chief: Any) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def refusals() -> list[str]:
    events = AuditEvent.objects.filter(action="access", outcome=AuditEvent.Outcome.REFUSED).order_by("sequence")
    assert {event.actor_name for event in events} <= {"chief"}
    return [event.detail["path"] for event in events]


def test_a_superuser_opens_neither_the_list_nor_a_message(message: Message, browser_of_chief: Client) -> None:
    addresses = [reverse("feedback_inbox"), reverse("feedback_message", args=[message.pk])]
    for address in addresses:
        response = browser_of_chief.get(address, follow=True)
        assert message.number not in response.text
        assert message.text not in response.text
    assert refusals() == addresses
    assert not AuditEvent.objects.filter(action="feedback.read").exists()


@pytest.mark.parametrize("deed", ["contact", "export", "erase", "answer", "assign"])
def test_nor_does_anything_with_one(message: Message, browser_of_chief: Client, deed: str) -> None:
    address = reverse("feedback_act", args=[message.pk])
    response = browser_of_chief.post(address, {"do": deed, "sure": "yes", "text": "答复"})
    assert response.status_code == 302
    assert refusals() == [address]
    message.refresh_from_db()
    assert not message.is_erased
    assert message.reply == ""


def test_nothing_of_it_is_on_their_first_page_or_in_their_menu(message: Message, browser_of_chief: Client) -> None:
    text = browser_of_chief.get(reverse("wagtailadmin_home")).text
    assert message.number not in text
    assert reverse("feedback_inbox") not in text


def test_nobody_hands_a_message_to_them(chief: Any) -> None:
    editor = get_user_model().objects.create_user("editor")
    editor.groups.add(group_of(Role.EDITOR))
    assert list(desk.policy.users_with_permission("answer")) == [editor]


def test_a_superuser_who_is_an_editor_reads_as_an_editor(
    message: Message, chief: Any, browser_of_chief: Client
) -> None:
    chief.groups.add(group_of(Role.EDITOR))
    assert message.text in browser_of_chief.get(reverse("feedback_message", args=[message.pk])).text


def test_a_permission_that_was_given_in_person_counts_until_the_account_is_switched_off(chief: Any) -> None:
    chief.user_permissions.add(Permission.objects.get(codename="view_message"))
    assert desk.policy.user_has_permission(chief, "view")
    assert not desk.policy.user_has_permission(chief, "contact")
    assert desk.policy.user_has_any_permission(chief, ["contact", "view"])
    chief.is_active = False
    assert not desk.policy.user_has_permission(chief, "view")
