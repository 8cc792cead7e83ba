"""What the worker does for the law book."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from jobs.registry import periodic
from lawbook.linking import relink_everything


@periodic("lawbook.relink", every=timedelta(hours=24), title=_("Look for citations of articles again"))
def relink_nightly(run: Any) -> None:
    """A text that takes effect today is cited, and cites, from today on."""
    run.result = {"citations": relink_everything(run.check)}
