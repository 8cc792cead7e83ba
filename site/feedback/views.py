"""The public side: the form, the receipt, the way back to the answer. Nothing here is stored by browsers or proxies.

Number and code never stand in an address: a signed cookie of half an hour, sent to these pages only, carries them from
one page to the next.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from feedback import limits, terms
from feedback.forms import LookUpForm, MessageForm, local_path, new_token
from feedback.messages import Receipt, erase, held, look_up, record_quietly, submit
from feedback.models import Message

COOKIE = "receipt"
OPEN_S = 30 * 60
_SALT = "feedback.receipt"
View = Callable[..., HttpResponse]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Write a message. `?about=/law/…` says which page it is about, `?kind=correction` what it is."""
    if request.method != "POST":
        about = local_path(request.GET.get("about", ""))
        kind = request.GET.get("kind", Message.Kind.CORRECTION if about else "")
        initial = {"about": about, "kind": kind, "token": new_token()}
        return _show(request, MessageForm(initial=initial))
    if not limits.may(request, "message", limits.MESSAGES_A_DAY):
        return _show(request, _kept(MessageForm(request.POST)), 429, full=True)
    written = MessageForm(request.POST)
    if not written.is_valid():
        return _show(request, _kept(written), 422)
    limits.count(request, "message")
    receipt = submit(written.cleaned_data, written.submission, spam=written.looks_like_spam)
    return _open(receipt)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Open a receipt by its number and code."""
    crumbs = [_form_crumb(), (_("Read the answer"), None)]
    if request.method != "POST":
        return render(request, "feedback/lookup.html", {"form": LookUpForm(), "crumbs": crumbs})
    asked, status = LookUpForm(request.POST), 422
    if asked.is_valid():
        number, code = asked.cleaned_data["number"], asked.cleaned_data["code"]
        if not limits.may(request, "lookup", limits.MISSES_A_DAY):
            asked.add_error(None, _("Too many wrong attempts today. Try again tomorrow, or telephone us."))
            status = 429
        elif message := look_up(number, code):
            record_quietly("feedback.looked_up", message)
            return _open(Receipt(message.number, code))
        else:
            limits.count(request, "lookup")
            asked.add_error(None, _("There is no receipt with this number and code. Please compare both."))
    return render(request, "feedback/lookup.html", {"form": asked, "crumbs": crumbs}, status=status)


def with_receipt(view: View) -> View:
    """Hand `view` the message that this browser has opened within half an hour, or lead to the look-up."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        try:
            number, code = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=OPEN_S)
        except signing.BadSignature:
            return HttpResponseRedirect(reverse("feedback:lookup"))
        message = look_up(number, code)
        if message is None:
            return _shut("feedback:lookup")
        return view(request, message, Receipt(message.number, code))

    return inner


@with_receipt
def receipt(request: HttpRequest, message: Message, opened: Receipt) -> HttpResponse:
    """Number, code, what was written and what was answered; made to be printed."""
    # What the desk took for spam is told nothing of it, and who handles a message is nobody's business here.
    state = {Message.State.SPAM: Message.State.NEW}.get(Message.State(message.state), message.state)
    context = {
        "message": message,
        "about_url": _here(message.about),
        "receipt": opened,
        "state": Message.State(state).label,
        "terms": terms,
        "crumbs": [_form_crumb(), (_("Receipt"), None)],
    }
    return render(request, "feedback/receipt.html", context)


@require_POST
@with_receipt
def export(request: HttpRequest, message: Message, opened: Receipt) -> HttpResponse:
    """Everything that is kept, as a file: to read (`.txt`) or for a program (`.json`)."""
    record_quietly("feedback.exported", message)
    return held_file(message, as_json=request.POST.get("format") == "json")


@require_POST
@with_receipt
def delete(request: HttpRequest, message: Message, opened: Receipt) -> HttpResponse:
    """Erase what is kept, at once, after a second tick that says so."""
    if request.POST.get("sure") != "yes":
        return HttpResponseRedirect(f"{reverse('feedback:receipt')}#delete")
    erase(message, Message.Erased.REQUEST)
    record_quietly("feedback.erased", message)
    return _shut("feedback:deleted")


@never_cache
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/deleted.html", {"crumbs": [_form_crumb(), (_("Erased"), None)]})


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the receipt in this browser: for those who share one."""
    return _shut("feedback:lookup")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without its cookie; a message that somebody has written is not lost over it."""
    if request.path != reverse("feedback:form"):
        return csrf.csrf_failure(request, reason=reason)
    return never_cache(_show)(request, _kept(MessageForm(request.POST)), 403, no_cookie=True)


def held_file(message: Message, *, as_json: bool) -> HttpResponse:
    """What is kept of a message, as a download."""
    values = held(message)
    if as_json:
        content, kind = json.dumps(values, ensure_ascii=False, indent=2), "application/json"
    else:
        # Not text/plain: the traditional site would convert the words that somebody wrote.
        content, kind = "".join(f"{name}：{value}\r\n" for name, value in values.items()), "application/octet-stream"
    suffix = "json" if as_json else "txt"
    return HttpResponse(
        content if as_json else f"\ufeff{content}",
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="message-{message.number}.{suffix}"'},
    )


def _show(request: HttpRequest, shown: MessageForm, status: int = 200, **context: Any) -> HttpResponse:
    about = _about(shown)
    context |= {"form": shown, "terms": terms, "about": about, "about_url": _here(about)}
    context["crumbs"] = [(_("Write to us"), None)]
    return render(request, "feedback/form.html", context, status=status)


def _kept(written: MessageForm) -> MessageForm:
    """The form as it was sent, with a new token where the old one is no good."""
    written.errors  # noqa: B018 - validates
    if written.renew_token:
        renewed = QueryDict(mutable=True)
        renewed.update(written.data)
        renewed["token"] = new_token()
        written.data = renewed
    return written


def _about(shown: MessageForm) -> str:
    return local_path(str(shown["about"].value() or ""))


def _here(path: str) -> str:
    """The page at `path` in the script of this request: messages keep the one address that both scripts share."""
    return get_script_prefix().rstrip("/") + path


def _form_crumb() -> tuple[str, str]:
    return _("Write to us"), reverse("feedback:form")


def _open(receipt: Receipt) -> HttpResponse:
    response = HttpResponseRedirect(reverse("feedback:receipt"))
    response.set_cookie(
        COOKIE,
        signing.dumps([receipt.number, receipt.code], salt=_SALT),
        max_age=OPEN_S,
        path=reverse("feedback:form"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _shut(name: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse(name))
    response.delete_cookie(COOKIE, path=reverse("feedback:form"), samesite="Lax")
    return response
