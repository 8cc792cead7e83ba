"""The steps of logging in, a person's own security page, and what an administrator does for another."""

from typing import Any

import segno
from axes.utils import reset as unlock
from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import require_admin_access

from trust.accounts import factor, lockouts, sessions, steps
from trust.accounts.forms import TokenForm
from trust.accounts.guards import refuse_superusers
from trust.accounts.passwords import require_change
from trust.audit import Outcome, record
from trust.models import StaffSession

PAGES = require_http_methods(["GET", "HEAD", "POST"])


@require_admin_access
@never_cache
@PAGES
@sensitive_post_parameters("token")
def verify(request: HttpRequest) -> HttpResponse:
    """Step: show the second factor."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _shown(request, form, "account.second_factor"):
        request.session.cycle_key()
        request.session[steps.VERIFIED] = True
        sessions.begin(request, request.user)
        return _go_on(request)
    return render(request, "trust/verify.html", {"form": form})


@require_admin_access
@never_cache
@PAGES
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Step: choose a password of one's own."""
    user: Any = request.user
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        record("account.password", actor=user, subject=user)
        sessions.begin(request, user)
        return _go_on(request)
    return render(request, "trust/password.html", {"form": form})


@require_admin_access
@never_cache
@PAGES
@sensitive_post_parameters("token")
def set_up(request: HttpRequest) -> HttpResponse:
    """Step, or by choice: put a key on one's telephone."""
    user: Any = request.user
    if steps.holds_second_factor(user):
        return redirect("trust_account:security")
    form = TokenForm(request.POST or None)
    form.fields["token"].help_text = _("The six digits that the telephone shows now.")
    if request.method == "POST" and form.is_valid():
        codes = factor.confirm(user, form.cleaned_data["token"])
        if codes is not None:
            record("account.second_factor.set_up", actor=user, subject=user)
            request.session[steps.VERIFIED] = True
            steps.take_stock(user, request.session)
            return render(request, "trust/codes.html", {"codes": codes})
        form.add_error("token", _("This code does not fit. Check the telephone's clock and type the newest code."))
    device = factor.device_being_set_up(user)
    picture = segno.make(device.config_url, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return render(request, "trust/set_up.html", {"form": form, "picture": picture, "secret": factor.secret_of(device)})


@require_admin_access
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """One's own account: the factor, paper codes, where one is logged in."""
    user: Any = request.user
    context = {
        "holds": steps.holds_second_factor(user),
        "must_hold": steps.must_hold_second_factor(user),
        "codes_left": factor.paper_codes_left(user),
        "sessions": sessions.sessions_of(user),
        "this_session": request.session.session_key,
        "form": TokenForm(),
    }
    return render(request, "trust/security.html", context)


@require_admin_access
@never_cache
@require_POST
@sensitive_post_parameters("token")
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new paper codes, for whoever shows the factor once more."""
    form = TokenForm(request.POST)
    user: Any = request.user
    if not form.is_valid() or not _shown(request, form, "account.paper_codes"):
        messages.error(request, _first_error(form))
        return redirect("trust_account:security")
    return render(request, "trust/codes.html", {"codes": factor.new_paper_codes(user)})


@require_admin_access
@never_cache
@require_POST
@sensitive_post_parameters("token")
def turn_off(request: HttpRequest) -> HttpResponse:
    """Give the factor up, where the role allows it."""
    form = TokenForm(request.POST)
    user: Any = request.user
    if steps.must_hold_second_factor(user):
        record("account.second_factor.remove", subject=user, outcome=Outcome.REFUSED)
        messages.error(request, _("Your role needs a second factor."))
    elif not form.is_valid() or not _shown(request, form, "account.second_factor.remove"):
        messages.error(request, _first_error(form))
    else:
        factor.remove(user)
        request.session.pop(steps.VERIFIED, None)
        messages.success(request, _("The second factor is off."))
    return redirect("trust_account:security")


@require_admin_access
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Log out one of one's own sessions, or all the others."""
    user: Any = request.user
    key = request.POST.get("session", "")
    if key == "others":
        ended = sessions.end_all(user, but=request.session.session_key)
    else:
        row = get_object_or_404(StaffSession, pk=key, user=user)
        sessions.end(row)
        ended = 1
    record("account.sessions.end", subject=user, detail={"ended": ended})
    messages.success(request, _("Sessions ended: %(n)d") % {"n": ended})
    return redirect("trust_account:security")


@permission_required("auth.change_user", raise_exception=True)
@never_cache
@PAGES
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What an administrator can do for another: unlock, reset the factor, end sessions, ask for a new password."""
    user: Any = get_object_or_404(get_user_model(), pk=pk)
    if request.method == "POST":
        refuse_superusers(request.user, [user])
        act = ACTS.get(request.POST.get("act", ""))
        if act is not None and user.pk != request.user.pk:
            action, done, deed = act
            deed(user)
            record(action, subject=user)
            messages.success(request, done)
        return redirect("trust_account:person", pk=pk)
    context = {
        "person": user,
        "is_self": user.pk == request.user.pk,
        "holds": steps.holds_second_factor(user),
        "must_hold": steps.must_hold_second_factor(user),
        "codes_left": factor.paper_codes_left(user),
        "locked": lockouts.is_locked(user.get_username()),
        "sessions": sessions.sessions_of(user),
        "back": reverse("wagtailusers_users:edit", args=[pk]),
    }
    return render(request, "trust/person.html", context)


def _reset_factor(user: Any) -> None:
    factor.remove(user)
    sessions.end_all(user)


def _ask_for_password(user: Any) -> None:
    require_change(user)
    sessions.end_all(user)


ACTS = {
    "unlock": (
        "account.unlock",
        gettext_lazy("The account is unlocked."),
        lambda user: unlock(username=user.get_username()),
    ),
    "factor": ("account.second_factor.reset", gettext_lazy("The second factor was reset."), _reset_factor),
    "sessions": ("account.sessions.end", gettext_lazy("All sessions were ended."), sessions.end_all),
    "password": (
        "account.password.ask",
        gettext_lazy("A new password is asked for at the next log-in."),
        _ask_for_password,
    ),
}


def _shown(request: HttpRequest, form: TokenForm, action: str) -> bool:
    """Whether the form holds a right code; the trail keeps either answer, the form says what to do."""
    user: Any = request.user
    wait = factor.seconds_to_wait(user)
    if wait:
        form.add_error("token", _("Too many wrong codes. Try again in %(n)d seconds.") % {"n": wait})
        return False
    right = factor.accepts(user, form.cleaned_data["token"])
    record(action, subject=user, outcome=Outcome.ALLOWED if right else Outcome.REFUSED)
    if not right:
        form.add_error("token", _("This code is wrong or was used already."))
    return right


def _first_error(form: TokenForm) -> str:
    return str(next(iter(form.errors.get("token", [])), "")) or _("This code is wrong or was used already.")


def _go_on(request: HttpRequest) -> HttpResponse:
    step = steps.take_stock(request.user, request.session)
    return redirect(f"trust_account:{step}" if step else "wagtailadmin_home")
