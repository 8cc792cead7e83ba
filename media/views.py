"""The public pages of films: the list, the player with its transcript, captions as WebVTT and as plain text."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from media.captions import clock, to_transcript
from media.models import CaptionRevision, Video
from media.models.films import VideoQuerySet
from media.sprites import Sprite

PER_PAGE = 12
MORE_FILMS = 4
SECOND = re.compile(r"\d{1,5}(\.\d{1,3})?")


def public_films() -> VideoQuerySet:
    return Video.public_objects().prefetch_related("current_version__renditions", "caption_tracks")


@require_safe
def video_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(public_films(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "media/video_list.html", {"films": page, "crumbs": [(_("Films"), None)]})


@require_safe
def video(request: HttpRequest, slug: str) -> HttpResponse:
    """The film's page. `?t=66` starts the player there, for links into the film without JavaScript."""
    film = get_object_or_404(public_films(), slug=slug)
    captions = film.served_captions()
    asked = request.GET.get("t", "")
    start = asked if SECOND.fullmatch(asked) and float(asked) < film.duration_s else ""
    sheet = film.sprite
    scenes = Sprite(**sheet.facts).scenes() if sheet and sheet.facts else []
    context: dict[str, Any] = {
        "film": film,
        "sheet": sheet,
        "scenes": [{**scene, "clock": clock(scene["start_s"])} for scene in scenes],
        "file": film.film_file,
        "captions": captions,
        "cues": captions[0].cues() if captions else [],
        "cues_revision": captions[0] if captions else None,
        "start": start,
        "more": public_films().exclude(pk=film.pk)[:MORE_FILMS],
        "crumbs": [(_("Films"), reverse("media:list")), (film.title, None)],
    }
    return render(request, "media/video.html", context)


def _served(slug: str, language: str | None = None) -> CaptionRevision:
    film = get_object_or_404(Video.public_objects(), slug=slug)
    served: list[CaptionRevision] = film.served_captions()
    for revision in served:
        if language in (None, revision.track.language):
            return revision
    raise Http404


@require_safe
def captions(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    return HttpResponse(_served(slug, language).vtt, content_type="text/vtt; charset=utf-8")


@require_safe
def transcript(request: HttpRequest, slug: str) -> HttpResponse:
    revision = _served(slug)
    text = f"{revision.track.video.title}\n\n{to_transcript(revision.cues())}"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.txt"'
    return response
