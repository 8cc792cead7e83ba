"""Somebody scanned an ad: write that down, then show the page. Nothing is kept but the code and the time."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.models import AdCode
from campaigns.scans import append_scan, is_person
from zh.scripts import TRADITIONAL_PREFIX, prefers_traditional

log = logging.getLogger(__name__)


def in_readers_script(address: str, accept_language: str) -> str:
    """The page that the ad names, in the script that the phone asks for."""
    if address.startswith("/") and prefers_traditional(accept_language):
        return TRADITIONAL_PREFIX + address
    return address


@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    ad = get_object_or_404(AdCode.objects.select_related("landing_page"), code=code.lower())
    if is_person(request):
        try:
            append_scan(ad.code, timezone.now())
        except OSError:
            # Whoever stands in the street gets the page all the same; the operator gets the error.
            log.exception("a scan of %s could not be written down", ad.code)
    response = HttpResponseRedirect(in_readers_script(ad.target(), request.headers.get("Accept-Language", "")))
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Language"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
