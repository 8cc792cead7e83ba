"""Counts requests, and answers `/metrics` to the addresses that the operator lists. To others there is no such page."""

import importlib.util
import ipaddress
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase

from trust.accounts.addresses import client_address

PATH = "/metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
FROM_STORE = "kept page"


def is_installed() -> bool:
    return importlib.util.find_spec("prometheus_client") is not None


class MetricsMiddleware:
    """Stands outside all but the health probes. Counts nothing where nobody may ask, or the extra is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.numbers = None
        if settings.METRICS_FROM and is_installed():
            from config.metrics import numbers  # noqa: PLC0415 - the extra may be missing

            self.numbers = numbers

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == PATH:
            return self._told(request)
        if self.numbers is None:
            return self.get_response(request)
        began = time.perf_counter()
        response = self.get_response(request)
        took_s = time.perf_counter() - began
        route = _route(request)
        method = request.method if request.method in METHODS else "other"
        self.numbers.REQUESTS.labels(route, method, str(response.status_code)).inc()
        self.numbers.SECONDS.labels(route).observe(took_s)
        if how := getattr(request, "public_page", ""):
            self.numbers.PAGES.labels(how).inc()
        return response

    def _told(self, request: HttpRequest) -> HttpResponse:
        if self.numbers is None or not may_ask(request):
            return HttpResponseNotFound(headers={"Cache-Control": "no-store"})
        return HttpResponse(
            self.numbers.written(),
            content_type="text/plain; version=0.0.4; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )


def _route(request: HttpRequest) -> str:
    """A name of the URLconf: few, and never what a visitor typed."""
    match: Any = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name or NO_ROUTE
    return FROM_STORE if getattr(request, "public_page", "") == "kept" else NO_ROUTE


def may_ask(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_FROM)
