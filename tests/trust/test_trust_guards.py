"""Whoever manages accounts cannot make a superuser, take one over, or give themselves a role."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

PASSWORD = "a-long-Passphrase-9"


@pytest.fixture
def manager(db, tmp_path, monkeypatch, client):
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path)
    sync_roles()
    user = get_user_model().objects.create_user("manager", email="m@example.cn", first_name="管", last_name="理")
    user.groups.add(group_of(Role.ADMIN))
    client.force_login(user)
    return user


@pytest.fixture
def root(db):
    return get_user_model().objects.create_superuser("root", email="r@example.cn", password=PASSWORD)


def form(name, **more):
    return {"username": name, "email": f"{name}@example.cn", "first_name": "甲", "last_name": "乙", **more}


def test_an_account_is_made_with_a_role_but_not_as_superuser(manager, client):
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/users/new/", form("wang", is_superuser="on", **passwords))
    assert not get_user_model().objects.filter(username="wang").exists()
    assert AuditEvent.objects.filter(action="access", outcome="refused").exists()
    client.post("/admin/users/new/", form("wang", groups=[group_of(Role.EDITOR).pk], **passwords))
    made = get_user_model().objects.get(username="wang")
    assert (made.is_superuser, [str(group) for group in made.groups.all()]) == (False, ["编辑"])


def test_a_superusers_account_is_out_of_reach(manager, root, client):
    client.post(
        f"/admin/users/edit/{root.pk}/",
        form("root", password1="another-Passphrase-1", password2="another-Passphrase-1"),
    )
    root.refresh_from_db()
    assert root.check_password(PASSWORD)
    assert client.post(f"/admin/security/people/{root.pk}/", {"act": "password"}).status_code in {302, 403}
    assert not AuditEvent.objects.filter(action="account.password.ask").exists()
    client.post(f"/admin/bulk/auth/user/set_active_state/?id={root.pk}", {"mark_as_active": "False"})
    root.refresh_from_db()
    assert root.is_active


def test_nobody_gives_themselves_a_role(manager, client):
    mine = group_of(Role.ADMIN).pk
    wanted = form("manager", groups=[mine, group_of(Role.FINAL_REVIEWER).pk])
    client.post(f"/admin/users/edit/{manager.pk}/", wanted)
    client.post(f"/admin/bulk/auth/user/assign_role/?id={manager.pk}", {"role": group_of(Role.AUDITOR).pk})
    assert [group.pk for group in manager.groups.all()] == [mine]
    client.post(f"/admin/users/edit/{manager.pk}/", form("manager", groups=[mine]))
    manager.refresh_from_db()
    assert manager.first_name == "甲"
