"""Nobody at the desk who has not taken every step, and nobody who has gone home."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from trust.accounts.sessions import touch
from trust.accounts.steps import STEP, take_stock
from trust.audit import record

#: Reachable on the way in.
OPEN_TO_ALL = frozenset(
    {"wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
)
STEP_URLS = "trust_account"
#: What an open editor asks for by itself says nothing about its person.
NOT_A_PERSON = frozenset({"wagtailadmin_editing_sessions:ping"})


class AccountMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        # Asking a session that is not there would make every public answer vary by cookie.
        if match is None or settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        if match.view_name not in NOT_A_PERSON and not touch(request.session):
            return _log_out_idle(request)
        step = request.session.get(STEP)
        if step is None:
            step = take_stock(request.user, request.session)
        if not step or match.view_name in OPEN_TO_ALL or match.view_name == f"{STEP_URLS}:{step}":
            return None
        if request.method in {"GET", "HEAD"}:
            return redirect(f"{STEP_URLS}:{step}")
        raise PermissionDenied(_("Finish logging in first."))


def _log_out_idle(request: HttpRequest) -> HttpResponse:
    record("account.log_out", actor=request.user, subject=request.user, detail={"reason": "idle"})  # type: ignore[arg-type]
    logout(request)
    messages.info(request, _("You were logged out because nothing was done for a while. Log in again to go on."))
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("wagtailadmin_home")
    return redirect_to_login(back, reverse("wagtailadmin_login"))
