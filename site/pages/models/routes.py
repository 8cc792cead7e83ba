"""Pages with more than one address: a feed, a calendar, a file of figures."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from pages import feeds

__all__ = ["FeedMixin", "ManyAddressesMixin", "attachment", "path"]


def attachment(content: str | bytes, content_type: str, file_name: str) -> HttpResponse:
    """A response that a browser saves under `file_name`, which is ASCII."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


class ManyAddressesMixin(RoutablePageMixin):
    """A page with files beside it, each at a fixed address below its own."""

    def get_route_paths(self) -> list[str]:
        """Every address that a redirect must lead on from when the page moves: a feed has subscribers."""
        return [f"/{url.pattern}" for url in self.get_subpage_urls()]


class FeedMixin(ManyAddressesMixin):
    """Adds `feed/`: the newest pages of a list as Atom. The page says what with `feed_items()`."""

    feed_items: Callable[[], Any]

    @path("feed/", name="feed")
    def serve_feed(self, request: HttpRequest) -> HttpResponse:
        text = feeds.atom(self, self.feed_items()[: feeds.MOST], request)
        return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
