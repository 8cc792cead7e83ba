"""Log-ins, log-outs and failed attempts go to the trail."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from trust.accounts.sessions import begin
from trust.accounts.steps import take_stock
from trust.audit import Outcome, record


@receiver(user_logged_in)
def note_log_in(user: Any, request: Any = None, **kwargs: Any) -> None:
    record("account.log_in", actor=user, subject=user)
    if request is not None and hasattr(request, "session"):
        begin(request, user)
        take_stock(user, request.session)


@receiver(user_logged_out)
def note_log_out(user: Any, **kwargs: Any) -> None:
    if user is not None:
        record("account.log_out", actor=user, subject=user)


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **kwargs: Any) -> None:
    name = str(credentials.get("username", ""))[:150]
    record("account.log_in", outcome=Outcome.REFUSED, detail={"account": name})
