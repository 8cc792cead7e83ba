"""What the tests of the message desk share: people with roles, a filled-in form, a client that has opened the form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from feedback import forms
from feedback.messages import Receipt, look_up, submit
from feedback.models import Message
from trust.roles import Role, group_of, sync_roles

WORDS = {
    "kind": "question",
    "about": "/law/flower-care/article-2/",
    "text": "示例：请问浇水的日子改期了，到哪里看新的安排？",
    "name": "示例居民",
    "contact": "13800000000",
    "age": "self",
}
VALUES = {
    **{name: WORDS[name] for name in ("kind", "about", "text", "name", "contact")},
    "by_guardian": False,
    "sensitive_consent": False,
}


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Any, settings: Any) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"


def token_of_age(seconds: float) -> str:
    """A token that was handed out `seconds` ago."""
    moment = timezone.now() - timedelta(seconds=seconds)
    with mock.patch("django.core.signing.time.time", return_value=moment.timestamp()):
        return forms.new_token()


@pytest.fixture
def age_token() -> Callable[[float], str]:
    """`age_token(60)`: a token that was handed out a minute ago."""
    return token_of_age


@pytest.fixture
def token() -> str:
    """A form's token that was handed out a minute ago."""
    return token_of_age(60)


@pytest.fixture
def filled(token: str) -> dict[str, str]:
    """The form as a person fills it in."""
    return {**WORDS, "token": token}


@pytest.fixture
def sent(db: None) -> Receipt:
    """A message that has come in, by its receipt."""
    return submit(VALUES, "a form")


@pytest.fixture
def message(sent: Receipt) -> Message:
    found = look_up(sent.number, sent.code)
    assert found is not None
    return found


@pytest.fixture
def opened(sent: Receipt) -> Client:
    """A browser in which the receipt is open."""
    client = Client()
    client.post("/contact/answer/", {"number": sent.number, "code": sent.code})
    return client


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """`person("editor")`: somebody with that role alone."""
    sync_roles()

    def make(role: str, name: str = "") -> Any:
        user = get_user_model().objects.create_user(name or f"{role}-person", password="示例口令 2026")
        user.groups.add(group_of(Role(role)))
        return user

    return make


@pytest.fixture
def desk(person: Callable[..., Any]) -> Client:
    """The admin as an editor sees it."""
    client = Client()
    client.force_login(person("editor", "editor"))
    return client
