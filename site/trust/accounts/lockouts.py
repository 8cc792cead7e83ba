"""Lock-out after wrong passwords (django-axes): one account from one address; a stranger elsewhere locks nobody out."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from trust.audit import Outcome, record


def is_locked(username: str) -> bool:
    """Whether tries on this account from any address have reached the limit and are still being waited out."""
    since = timezone.now() - timedelta(minutes=settings.LOCK_MINUTES)
    attempts = AccessAttempt.objects.filter(username=username, attempt_time__gt=since)
    return attempts.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()


def locked_page(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """What a locked-out person sees; the answer is the same whether the account exists or not."""
    return render(request, "trust/locked.html", {"minutes": settings.LOCK_MINUTES}, status=429)


@receiver(user_locked_out)
def note_lock(username: str | None = None, **kwargs: Any) -> None:
    record("account.lock", outcome=Outcome.REFUSED, detail={"account": str(username or "")[:150]})
