"""Setting up the second factor and logging in with it, as a person does it."""

import re

import pytest
from django.contrib.auth.models import User
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from trust.roles import Role, group_of, sync_roles

PASSWORD = "Correct-horse-9"


@pytest.fixture
def reviewer(site_server, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sync_roles()
    user = User.objects.create_user("reviewer", password=PASSWORD)
    user.groups.add(group_of(Role.FIRST_REVIEWER))
    return user


def code_of(user: User) -> str:
    TOTPDevice.objects.filter(user=user).update(last_t=-1)
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key):06d}"


def log_in(page, site_server):
    page.goto(f"{site_server.url}/admin/")
    page.fill("#id_username", "reviewer")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")


def test_a_reviewer_sets_the_factor_up_and_needs_it_from_then_on(page, new_page, site_server, reviewer, axe):
    log_in(page, site_server)
    page.wait_for_url("**/security/set-up/")
    assert axe(page) == []
    page.fill("[name=token]", code_of(reviewer))
    page.press("[name=token]", "Enter")
    expect(page.get_by_text("我已保存好")).to_be_visible()
    code = page.locator("ol code").first.inner_text()
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code)
    page.click("text=我已保存好")
    page.wait_for_url("**/admin/")

    other = new_page(width=375)
    log_in(other, site_server)
    other.wait_for_url("**/security/verify/")
    assert axe(other) == []
    other.fill("[name=token]", code)
    other.press("[name=token]", "Enter")
    other.wait_for_url("**/admin/")
    other.goto(f"{site_server.url}/admin/security/")
    assert axe(other) == []
    expect(other.get_by_text("还剩 9 个备用码")).to_be_visible()
