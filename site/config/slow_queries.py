"""A line in the log for every query that takes too long: its SQL with placeholders, never its values."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LONGEST_SQL = 1000  # characters

logger = logging.getLogger(__name__)


def watch() -> None:
    connection_created.connect(_follow, dispatch_uid="config.slow_queries")
    for connection in connections.all(initialized_only=True):
        _follow(connection=connection)


def _follow(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _time not in connection.execute_wrappers:
        connection.execute_wrappers.append(_time)


def _time(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        took_ms = (time.monotonic() - began) * 1000
        if settings.SLOW_QUERY_MS and took_ms >= settings.SLOW_QUERY_MS:
            logger.warning("%d ms: %s", took_ms, str(sql)[:LONGEST_SQL])
