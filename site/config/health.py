"""What a load balancer and a monitor ask: `/healthz` (is the process up?) and `/readyz` (can it serve?).

Answered before everything else: no host check, since probes ask by address; no redirect, no cookie, no database for the
first. The words say what is wrong and nothing about who or where; deploy/nginx.conf lets neither out.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from jobs.heartbeat import LATE_S, silent_for_s

OK = "ok"
LEAST_FREE_BYTES = 512 * 1024 * 1024

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return _answer({"process": OK}, 200)
        if request.path_info == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> JsonResponse:
    """503 where this node must get no requests. A worker that is late is told, but pages are served without one."""
    found: dict[str, object] = {"data_folder": _data_folder(), "database": OK, "migrations": OK}
    try:
        found["migrations"] = _migrations()
        silent_s = silent_for_s(timezone.now())
    except DatabaseError as error:
        logger.error("The database cannot be read: %s", error)
        found |= {"database": "unreachable", "migrations": "unknown"}
        silent_s = None
    good = all(value == OK for value in found.values())
    found["worker"] = OK if silent_s is not None and silent_s < LATE_S else "late"
    found["worker_silent_s"] = None if silent_s is None else round(silent_s)
    return _answer(found, 200 if good else 503)


def _answer(found: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})


def _data_folder() -> str:
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR):
            pass
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        logger.error("The data folder cannot be written: %s", error.strerror)
        return "not writable"
    return OK if free >= LEAST_FREE_BYTES else "full"


def _migrations() -> str:
    """Newer ones than this release's do no harm: old and new code run on one schema during an upgrade."""
    missing = _newest() - set(MigrationRecorder(connection).applied_migrations())
    return "missing" if missing else OK


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """The last migration of every app of this release, read from disk once."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
