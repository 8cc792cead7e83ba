"""Who may open the planner: staff with the permission, after logging in."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponseBase]


def planners_only(permission: str) -> Callable[[View], Any]:
    """Log in first, then hold `permission` or be refused. Nothing of it is ever cached."""

    def wrap(view: View) -> Any:
        return never_cache(login_required(permission_required(permission, raise_exception=True)(view)))

    return wrap
