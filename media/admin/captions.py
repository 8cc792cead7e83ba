"""The caption editor: the film beside its cues. Saving adds a revision, which a second person has to check."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from media import films, readability
from media.admin.views import crumbs, needs, said
from media.captions import Row, read_rows, stamp, to_vtt
from media.models import CaptionRevision, Video
from media.models.captions import Language
from media.permissions import film_for
from trust.errors import InputError
from trust.imports import say_problems

SPARE_ROWS = 2  # for those without the script


@require_http_methods(["GET", "HEAD", "POST"])
@needs("change_video")
def edit(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    if language not in Language.values:
        raise Http404
    video = film_for(request.user, pk, "change")
    track = video.caption_tracks.filter(language=language).first()
    latest = track.latest_revision() if track else None
    if request.method != "POST":
        return page(request, video, language, latest, rows=rows_of(latest))
    rows = posted_rows(request)
    if request.POST.get("base") != str(latest.number if latest else 0):
        problem = _("Somebody has saved these captions meanwhile. Open the page anew and bring your changes in.")
        return page(request, video, language, latest, rows=rows, problems=[problem])
    version = video.current_version or video.newest_version
    duration_s = (version.duration_s or None) if version else None
    name = Language(language).label
    try:
        cues = read_rows(rows, file=str(name), duration_s=duration_s)
        revision = films.save_captions(video, language, to_vtt(cues), file=str(name), user=request.user)
    except InputError as error:
        return page(request, video, language, latest, rows=rows, problems=say_problems(error))
    remarks = sum(bool(found) for found in readability.remarks(cues, language))
    sentence = _("Saved as revision %(number)d. A second person has to check it.") % {"number": revision.number}
    if remarks:
        sentence += " " + _("%(n)d cues are hard to read in their time.") % {"n": remarks}
    said(request, sentence)
    return redirect("media_admin:edit_captions", pk, language)


def posted_rows(request: HttpRequest) -> list[Row]:
    columns = [request.POST.getlist(name) for name in ("start", "end", "who", "text")]
    return [row for parts in zip(*columns, strict=False) if not (row := Row(*parts)).is_blank]


def rows_of(revision: CaptionRevision | None) -> list[Row]:
    cues = revision.cues() if revision else []
    return [Row(stamp(cue.start_ms), stamp(cue.end_ms), cue.who, cue.text) for cue in cues]


def page(
    request: HttpRequest,
    video: Video,
    language: str,
    latest: CaptionRevision | None,
    *,
    rows: list[Row],
    problems: list[str] | None = None,
) -> HttpResponse:
    try:
        remarks = readability.remarks(read_rows(rows, file=""), language)
    except InputError:
        remarks = [[] for _row in rows]
    blank: list[Row] = [Row("", "", "", "")] * SPARE_ROWS
    context: dict[str, Any] = {
        "film": video,
        "file": video.film_file,
        "language": language,
        "language_name": Language(language).label,
        "base": latest.number if latest else 0,
        "latest": latest,
        "rows": [*zip(rows, remarks, strict=True), *((row, []) for row in blank)],
        "problems": problems or [],
        "limits": asdict(readability.limits_of(language)),
        "header_title": _("Captions of “%(title)s”") % {"title": video.title},
        "breadcrumbs_items": [
            *crumbs(("films:index", _("Films")), video.title)[:-1],
            {"url": reverse("media_admin:film", args=[video.pk]), "label": video.title},
            {"url": "", "label": _("Captions: %(language)s") % {"language": Language(language).label}},
        ],
        "header_icon": "openquote",
    }
    return render(request, "media/admin/captions.html", context)
