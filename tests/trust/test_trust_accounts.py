"""Logging in at the desk: lock-out, second factor, passwords, idle time, sessions."""

import re
import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from trust.accounts import factor, sessions
from trust.accounts.passwords import require_change
from trust.models import Account, AuditEvent, StaffSession
from trust.roles import Role, group_of, sync_roles

PASSWORD = "Correct-horse-9"
HOME = "/admin/"


@pytest.fixture
def roles(db):
    sync_roles()


def person(role: Role, name: str | None = None) -> User:
    user = User.objects.create_user(name or role.value, password=PASSWORD)
    user.groups.add(group_of(role))
    return user


def log_in(client: Client, user: User, password: str = PASSWORD):
    return client.post(reverse("wagtailadmin_login"), {"username": user.username, "password": password, "next": HOME})


def code_of(user: User) -> str:
    """What the telephone shows now; a code once used is not taken again, so the memory of it is wiped."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1)
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, step=device.step, t0=device.t0):06d}"


def give_factor(user: User) -> list[str]:
    factor.device_being_set_up(user)
    codes = factor.confirm(user, code_of(user))
    assert codes is not None
    return codes


def steps_seen(client: Client) -> str:
    """Where the desk sends `client`: the address of a step, or an empty text at the desk."""
    response = client.get(HOME)
    return response["Location"] if response.status_code == 302 else ""


# --- lock-out


@pytest.fixture
def lockout(settings):
    settings.AXES_ENABLED = True


def test_five_wrong_passwords_lock_the_pair_out_and_the_sixth_right_one_does_not_help(roles, client, lockout):
    user = person(Role.EDITOR)
    answers = [log_in(client, user, "wrong").status_code for _ in range(5)]
    assert answers[:4] == [200] * 4
    assert answers[4] == 429
    refused = log_in(client, user)
    assert refused.status_code == 429
    assert "15 分钟" in refused.content.decode()
    assert AuditEvent.objects.filter(action="account.lock", outcome="refused").exists()


def test_a_stranger_elsewhere_locks_nobody_out(roles, lockout):
    user = person(Role.EDITOR)
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        log_in(stranger, user, "wrong")
    assert log_in(Client(REMOTE_ADDR="203.0.113.10"), user)["Location"] == HOME


def test_a_lock_ends_by_itself(roles, client, lockout, settings):
    user = person(Role.EDITOR)
    for _ in range(6):
        log_in(client, user, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=settings.LOCK_MINUTES + 1))
    assert log_in(client, user).status_code == 302


def test_an_administrator_unlocks(roles, client, lockout):
    user = person(Role.EDITOR)
    for _ in range(6):
        log_in(client, user, "wrong")
    admin = Client(REMOTE_ADDR="203.0.113.20")
    log_in(admin, person(Role.ADMIN))
    page = reverse("trust_account:person", args=[user.pk])
    assert "因多次输错密码暂时锁定" in admin.get(page).content.decode()
    admin.post(page, {"act": "unlock"})
    assert log_in(client, user).status_code == 302
    assert AuditEvent.objects.filter(action="account.unlock").exists()


def test_behind_a_proxy_the_last_hop_counts_not_the_senders_claim(rf, settings):
    from trust.accounts.addresses import client_address

    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.5")
    assert client_address(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address(request) == "203.0.113.5"


# --- second factor


def test_whoever_signs_must_set_a_factor_up_before_anything_else(roles, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = person(Role.FIRST_REVIEWER)
    log_in(client, user)
    assert steps_seen(client) == reverse("trust_account:set_up")
    assert client.post(reverse("wagtailadmin_account")).status_code in {302, 403}
    shown = client.get(reverse("trust_account:set_up")).content.decode()
    assert "<svg" in shown
    answer = client.post(reverse("trust_account:set_up"), {"token": code_of(user)})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", answer.content.decode())
    assert len(set(codes)) == factor.CODES
    assert steps_seen(client) == ""


def test_an_editor_may_do_without(roles, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    log_in(client, person(Role.EDITOR))
    assert steps_seen(client) == ""


def test_a_password_alone_opens_nothing_once_there_is_a_factor(roles, client):
    user = person(Role.EDITOR)
    give_factor(user)
    log_in(client, user)
    assert steps_seen(client) == reverse("trust_account:verify")
    assert client.get("/planner/")["Location"] == reverse("trust_account:verify")
    assert client.get(reverse("trust_account:set_up"))["Location"] == reverse("trust_account:verify")
    assert client.post(reverse("trust_account:turn_off"), {"token": "1"}).status_code in {302, 403}
    assert TOTPDevice.objects.filter(user=user).exists()
    before = client.session.session_key
    assert client.post(reverse("trust_account:verify"), {"token": code_of(user)})["Location"] == HOME
    assert client.session.session_key != before
    assert steps_seen(client) == ""


def test_a_wrong_code_is_refused_slowed_down_and_kept_in_the_trail(roles, client):
    user = person(Role.EDITOR)
    give_factor(user)
    log_in(client, user)
    right = code_of(user)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answer = client.post(reverse("trust_account:verify"), {"token": wrong}).content.decode()
    assert "验证码不正确" in answer
    assert "秒后再试" in client.post(reverse("trust_account:verify"), {"token": right}).content.decode()
    assert AuditEvent.objects.filter(action="account.second_factor", outcome="refused").exists()


def test_a_paper_code_is_good_once(roles):
    user = person(Role.EDITOR)
    code = give_factor(user)[0]
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, user)
    assert first.post(reverse("trust_account:verify"), {"token": code.upper()}).status_code == 302
    assert second.post(reverse("trust_account:verify"), {"token": code}).status_code == 200
    assert factor.paper_codes_left(user) == factor.CODES - 1


def test_a_role_that_must_hold_the_factor_cannot_turn_it_off(roles, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = person(Role.FINAL_REVIEWER)
    give_factor(user)
    log_in(client, user)
    client.post(reverse("trust_account:verify"), {"token": code_of(user)})
    client.post(reverse("trust_account:turn_off"), {"token": code_of(user)})
    assert TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    assert AuditEvent.objects.filter(action="account.second_factor.remove", outcome="refused").exists()


def test_others_turn_it_off_with_a_code(roles, client):
    user = person(Role.EDITOR)
    give_factor(user)
    log_in(client, user)
    client.post(reverse("trust_account:verify"), {"token": code_of(user)})
    client.post(reverse("trust_account:turn_off"), {"token": code_of(user)})
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert steps_seen(client) == ""


def test_an_administrator_resets_a_lost_factor_and_that_ends_every_session(roles):
    user, admin = person(Role.EDITOR), person(Role.ADMIN)
    give_factor(user)
    inside, desk = Client(), Client()
    log_in(inside, user)
    inside.post(reverse("trust_account:verify"), {"token": code_of(user)})
    log_in(desk, admin)
    desk.post(reverse("trust_account:person", args=[user.pk]), {"act": "factor"})
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert "login" in steps_seen(inside)


def test_nobody_resets_their_own_factor_that_way(roles, client):
    admin = person(Role.ADMIN)
    give_factor(admin)
    log_in(client, admin)
    client.post(reverse("trust_account:verify"), {"token": code_of(admin)})
    client.post(reverse("trust_account:person", args=[admin.pk]), {"act": "factor"})
    assert TOTPDevice.objects.filter(user=admin).exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_sees_anothers_security(roles, client, role):
    client.force_login(person(role))
    other = person(Role.ADMIN)
    assert client.get(reverse("trust_account:person", args=[other.pk])).status_code in {302, 403}


# --- passwords


def test_a_given_password_is_good_for_one_log_in(roles, client):
    user = person(Role.EDITOR)
    require_change(user)
    log_in(client, user)
    assert steps_seen(client) == reverse("trust_account:password")
    url = reverse("trust_account:password")
    same = client.post(url, {"new_password1": PASSWORD, "new_password2": PASSWORD}).content.decode()
    assert "不能与现用密码相同" in same
    weak = client.post(url, {"new_password1": "onlysmallletters", "new_password2": "onlysmallletters"}).content.decode()
    assert "至少包含" in weak
    done = client.post(url, {"new_password1": "Another-horse-10", "new_password2": "Another-horse-10"})
    assert done["Location"] == HOME
    assert steps_seen(client) == ""


def test_what_an_administrator_creates_or_resets_has_to_be_changed(roles, client):
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    fields = {"first_name": "示", "last_name": "例", "email": "new@example.org", "is_active": "on"}
    client.post(
        reverse("wagtailusers_users:add"),
        {**fields, "username": "new", "password1": "Given-by-root-1", "password2": "Given-by-root-1"},
    )
    user = User.objects.get(username="new")
    assert Account.objects.get(user=user).must_change_password
    own = Client()
    log_in(own, user, "Given-by-root-1")
    Account.objects.filter(user=user).update(must_change_password=False)
    client.post(
        reverse("wagtailusers_users:edit", args=[user.pk]),
        {**fields, "username": "new", "password1": "Given-by-root-2", "password2": "Given-by-root-2"},
    )
    assert Account.objects.get(user=user).must_change_password
    assert "login" in steps_seen(own)


def test_an_old_password_is_due(roles, client, settings):
    settings.PASSWORD_DAYS = 180
    user = person(Role.EDITOR)
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=181))
    log_in(client, user)
    assert steps_seen(client) == reverse("trust_account:password")
    client.post(
        reverse("trust_account:password"), {"new_password1": "Another-horse-10", "new_password2": "Another-horse-10"}
    )
    assert steps_seen(client) == ""
    assert (timezone.now() - Account.objects.get(user=user).password_changed_at).days == 0


# --- sessions and idle time


def test_half_an_hour_without_a_deed_ends_the_session(roles, client, settings):
    log_in(client, person(Role.EDITOR))
    assert steps_seen(client) == ""
    session = client.session
    session[sessions.SEEN] -= settings.IDLE_MINUTES + 1
    session.save()
    response = client.get(HOME)
    assert response["Location"].startswith(reverse("wagtailadmin_login"))
    assert "长时间没有操作" in client.get(response["Location"]).content.decode()


def test_whoever_keeps_working_stays(roles, client, settings):
    log_in(client, person(Role.EDITOR))
    for _ in range(3):
        session = client.session
        session[sessions.SEEN] -= settings.IDLE_MINUTES - 1
        session.save()
        assert steps_seen(client) == ""


def test_an_open_editor_alone_keeps_nobody_in(roles, client, settings):
    user = User.objects.create_superuser("root", password=PASSWORD)
    log_in(client, user)
    session = client.session
    session[sessions.SEEN] = before = session[sessions.SEEN] - 10
    session.save()
    client.post(reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", 1, 1]))
    assert client.session[sessions.SEEN] == before


def test_a_person_sees_their_sessions_and_ends_one(roles):
    user = person(Role.EDITOR)
    here, elsewhere = Client(HTTP_USER_AGENT="Desk"), Client(HTTP_USER_AGENT="Train", REMOTE_ADDR="203.0.113.7")
    for client in (here, elsewhere):
        log_in(client, user)
    page = here.get(reverse("trust_account:security")).content.decode()
    assert "Train" in page
    assert "203.0.113.7" in page
    key = elsewhere.session.session_key
    here.post(reverse("trust_account:end_session"), {"session": key})
    assert "login" in steps_seen(elsewhere)
    assert steps_seen(here) == ""


def test_nobody_ends_anothers_session(roles, client):
    log_in(client, person(Role.EDITOR))
    victim = Client()
    log_in(victim, person(Role.EDITOR, "victim"))
    response = client.post(reverse("trust_account:end_session"), {"session": victim.session.session_key})
    assert response.status_code == 404
    assert steps_seen(victim) == ""


def test_ending_all_others_keeps_this_one(roles):
    user = person(Role.EDITOR)
    here, there = Client(), Client()
    for client in (here, there):
        log_in(client, user)
    here.post(reverse("trust_account:end_session"), {"session": "others"})
    assert steps_seen(here) == ""
    assert "login" in steps_seen(there)
    assert StaffSession.objects.filter(user=user).count() == 1


def test_a_reader_without_a_session_is_asked_nothing(client, db, django_assert_num_queries):
    response = client.get("/admin/login/")
    assert sessions.SEEN not in client.session
    assert response.status_code == 200


def test_being_let_through_costs_no_query_of_its_own(roles, client, django_assert_num_queries):
    log_in(client, person(Role.EDITOR))
    url = reverse("wagtailadmin_sprite")
    client.get(url)
    with django_assert_num_queries(2):  # the session and the person
        client.get(url)


def test_codes_follow_rfc_6238():
    key = b"12345678901234567890"
    assert totp(key, digits=8, t0=int(time.time()) - 59) == 94287082


def test_a_shell_on_the_machine_is_the_last_way_back(roles, capsys):
    user = person(Role.ADMIN)
    give_factor(user)
    call_command("reset_second_factor", user.username)
    assert not TOTPDevice.objects.filter(user=user).exists()
    assert AuditEvent.objects.filter(action="account.second_factor.reset").exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody")
