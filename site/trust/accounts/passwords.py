"""Rules for passwords beside Django's own, and the note of when one was changed."""

import string
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from trust.models import Account

KINDS_NEEDED = 3


class PasswordRules:
    """Three of four kinds of characters, and never the present password again.

    Django calls `password_changed` after every `set_password` that is saved; nothing else has to remember to.
    """

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        present = sum(any(char in kind for char in password) for kind in kinds)
        present += any(char not in string.ascii_letters + string.digits for char in password)
        if present < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_kinds")
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("This is the present password; choose another."), code="password_same")

    def password_changed(self, password: str, user: Any = None) -> None:
        if user is not None and user.pk:
            Account.objects.update_or_create(
                user=user, defaults={"password_changed_at": timezone.now(), "must_change_password": False}
            )

    def get_help_text(self) -> str:
        return _("Use at least three of: lower-case letters, capitals, digits, other signs.")


def require_change(user: Any) -> None:
    """Let `user` past the next log-in only to choose a password of their own."""
    Account.objects.update_or_create(user=user, defaults={"must_change_password": True})
