"""How the message desk stands: asked by the dashboard here, and by the site-health report upstairs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from feedback.models import Message
from feedback.terms import SOON_DAYS


@dataclass(frozen=True)
class Waiting:
    """Messages without an answer: `new` of them nobody has taken, `soon` are due within 30 days, `overdue` are late.

    `waiting` counts all of them; `oldest` is when the oldest came in, None where nothing waits.
    """

    waiting: int
    new: int
    soon: int
    overdue: int
    oldest: datetime | None


def waiting(now: datetime) -> Waiting:
    """Count what waits for an answer at `now` (aware), in one query. Spam, answered and closed messages do not."""
    today = timezone.localdate(now)
    counts = Message.objects.filter(state__in=Message.WAITING).aggregate(
        waiting=Count("pk"),
        new=Count("pk", filter=Q(state=Message.State.NEW)),
        soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON_DAYS))),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        oldest=Min("received_at"),
    )
    return Waiting(**counts)
