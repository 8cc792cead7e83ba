"""Periodic work that joins two apps which may not know each other."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from jobs.registry import periodic
from jobs.runs import Run
from search.misses import prune


@periodic("search.prune", every=timedelta(days=1), title=_("Forget old searches without results"))
def forget_old_misses(run: Run) -> None:
    prune()
