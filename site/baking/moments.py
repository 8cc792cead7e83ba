"""When the public site changes though nobody writes: mourning begins, an event is over, a law takes effect."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone


def next_moment(now: datetime) -> datetime:
    """The first moment after `now` at which public output changes by itself: one that a model names, else midnight.

    A model says so by a class method, `baking_times() -> Iterable[datetime]`: aware, in any order, past ones allowed.
    Whatever depends on the day alone (a law in force, an event) is covered by midnight.
    """
    moments = [_midnight_after(now)]
    for model in apps.get_models():
        times: Any = getattr(model, "baking_times", None)
        if times is not None:
            named: Iterable[datetime] = times()
            moments.extend(moment for moment in named if moment > now)
    return min(moments)


def _midnight_after(now: datetime) -> datetime:
    here = timezone.localtime(now)
    return (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
