"""What still stands between a person who gave the right password and the desk."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from trust.models import Account
from trust.roles import Role, roles_of

#: Who signs or rules must hold a second factor (where `SECOND_FACTOR_REQUIRED`); others may.
MUST_HOLD = frozenset({Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER, Role.ADMIN})
VERIFIED = "trust.second_factor"  # in the session: the second factor was shown
STEP = "trust.step"  # in the session: what comes next; empty at the desk


class Step(models.TextChoices):
    """Names of the screens (`trust_account:<step>`)."""

    VERIFY = "verify", _("Second factor")
    CHANGE_PASSWORD = "password", _("New password")
    SET_UP = "set_up", _("Set up the second factor")


def must_hold_second_factor(user: Any) -> bool:
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return user.is_superuser or not MUST_HOLD.isdisjoint(roles_of(user))


def holds_second_factor(user: Any) -> bool:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def password_is_due(user: Any) -> bool:
    """Whether the password was given by somebody else, or is older than `PASSWORD_DAYS` (0: never)."""
    account = Account.objects.filter(user=user).first() or Account(user=user)
    if account.must_change_password:
        return True
    age = timezone.now() - (account.password_changed_at or user.date_joined)
    return bool(settings.PASSWORD_DAYS) and age > timedelta(days=settings.PASSWORD_DAYS)


def next_step(user: Any, session: Any) -> str:
    """The step that comes next, or an empty text at the desk."""
    if not session.get(VERIFIED) and holds_second_factor(user):
        return Step.VERIFY.value
    if password_is_due(user):
        return Step.CHANGE_PASSWORD.value
    if not session.get(VERIFIED) and must_hold_second_factor(user):
        return Step.SET_UP.value
    return ""


def take_stock(user: Any, session: Any) -> str:
    """Work the next step out anew and keep it in the session: a request then costs no query to be let through."""
    session[STEP] = next_step(user, session)
    return session[STEP]
