"""Every request is a boundary of the trail, and every denial in it a line."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from trust.approvals import AlreadyApproved, OwnWork
from trust.audit import Outcome, boundary, noted_in_this_request, record

# What Wagtail's admin tells a person whom it turns away: it catches the exception and redirects, so that the words
# are all that is left of a denial (wagtail.admin.auth).
WAGTAIL_DENIALS = (
    "Sorry, you do not have permission to access this area.",
    "You do not have permission to access the admin.",
)


class TrailMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and not request.COOKIES:
            return self.get_response(request)  # the anonymous reader leaves no trace, and costs nothing
        with boundary(request):
            response = self.get_response(request)
            if response.status_code == 302 and turned_away_by_wagtail(request):
                record_denial(request)
            elif is_export(request, response) and not noted_in_this_request():
                record("export", detail={"path": request.path, "query": request.META.get("QUERY_STRING", "")[:300]})
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        # Approvals record their own refusals, with the reason.
        if isinstance(exception, PermissionDenied) and not isinstance(exception, OwnWork | AlreadyApproved):
            record_denial(request)


def is_export(request: HttpRequest, response: HttpResponse) -> bool:
    """A table, list or report that a member of staff took away as a file."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or response.status_code != 200:
        return False
    return response.get("Content-Disposition", "").startswith("attachment")


def record_denial(request: HttpRequest) -> None:
    record("access", outcome=Outcome.REFUSED, detail={"path": request.path, "method": request.method})


def turned_away_by_wagtail(request: HttpRequest) -> bool:
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    denials = {gettext(text) for text in WAGTAIL_DENIALS}
    return any(str(message.message).strip() in denials for message in queued)
