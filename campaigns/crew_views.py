"""What a crew sees on its phones without an account: its list, each placement, and what it sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import CrewLink, PostingProof
from campaigns.services import artwork as artworks
from campaigns.services import crewlinks, postinglists
from campaigns.views.street import for_photos, photo_page
from media.admin.views import private_file

GONE = 410


def by_link(view: Callable[..., HttpResponseBase]) -> Any:
    """Let in whoever holds a link that is good now; say so where it was good once. Nothing of it is ever cached."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **more: Any) -> HttpResponseBase:
        try:
            link = crewlinks.open_link(token)
        except crewlinks.LinkClosed as closed:
            return render(request, "campaigns/crew_closed.html", {"link": closed.link}, status=GONE)
        if link is None:
            raise Http404
        response = view(request, link, **more)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(opened)


@require_safe
@by_link
def list_page(request: HttpRequest, link: CrewLink) -> HttpResponse:
    tasks = postinglists.of_crew(postinglists.tasks(link.campaign, link.deed), link.crew)
    context = {
        "link": link, "token": crewlinks.token(link), "campaign": link.campaign, "tasks": tasks, "deed": link.deed,
        "counts": postinglists.counts(tasks), "sketch": postinglists.sketch(tasks),
    }  # fmt: skip
    return render(request, "campaigns/crew_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def street(request: HttpRequest, link: CrewLink, pk: int) -> HttpResponse:
    return photo_page(request, get_object_or_404(for_photos(crewlinks.flights(link)), pk=pk), link.deed, link)


@require_safe
@by_link
def face(request: HttpRequest, link: CrewLink, pk: int) -> HttpResponse:
    """What should hang there, with this placement's own code in it."""
    booking = get_object_or_404(for_photos(crewlinks.flights(link)), pk=pk)
    found = artworks.current_artwork(link.campaign, booking.placement)
    if found is None or not found.is_print:
        raise Http404
    return HttpResponse(artworks.face_with_code(found, booking.codes.first()), content_type="image/png")


@require_safe
@by_link
def photo(request: HttpRequest, link: CrewLink, pk: int) -> HttpResponseBase:
    """A photo of the crew's own list, reduced and without metadata."""
    found = get_object_or_404(PostingProof, pk=pk, deed=link.deed, booking__in=crewlinks.flights(link))
    return private_file(request, found.shown, "image/jpeg")
