"""What `manage.py check` says of figures that were asked for and cannot be given."""

from typing import Any

from django.conf import settings
from django.core import checks

from config.metrics.middleware import is_installed


@checks.register()
def metrics_can_be_given(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.METRICS_FROM and not is_installed():
        return [
            checks.Warning(
                "PUFA_METRICS_FROM is set, but prometheus-client is not installed: /metrics answers 404",
                hint="Install the extra `metrics`: pip install prometheus-client. `make bundle` brings it along.",
                id="config.W001",
            )
        ]
    return []
