"""Periodic work that joins two apps which may not know each other."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from baking import generations
from jobs.registry import periodic
from jobs.runs import Run
from search.misses import prune


@periodic("search.prune", every=timedelta(days=1), title=_("Forget old searches without results"))
def forget_old_misses(run: Run) -> None:
    prune()


@periodic("baking.moments", every=timedelta(minutes=1), title=_("Renew the public pages when the time has come"))
def notice_moments(run: Run) -> None:
    """Where a web server answers from the store, no request tells us that mourning has begun or a day is over."""
    generations.current(fresh=True)
