"""The desk of one film and of one cut; each button is one POST that does one thing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.models import ReferenceIndex

from jobs.models import Job
from jobs.queue import cancel
from media import buscuts, films, serving, uploads
from media.admin.forms import BusCutForm, CaptionsForm, NewVersionForm
from media.errors import FilmProblem
from media.models import BusCut, BusProfile, CaptionRevision, MediaPackage, State, Upload, Video, VideoVersion
from media.models.captions import Language
from media.permissions import film_for, may

MADE = {"version": VideoVersion, "cut": BusCut, "package": MediaPackage}
View = Callable[..., HttpResponseBase]


def needs(*permissions: str) -> Callable[[View], View]:
    """Let in staff who have one of `permissions` (names without the app)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(holds(request.user, name) for name in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded: View = require_admin_access(inner)
        return guarded

    return wrap


def holds(user: Any, name: str) -> bool:
    """What concerns films is held by collection (of any film here; each view asks for its own), the rest by model."""
    action, _underscore, model = name.partition("_")
    return may(user, action) if model == "video" else bool(user.has_perm(f"media.{name}"))


def said(request: HttpRequest, sentence: str, problem: str = "") -> None:
    """One sentence at the top of the next page."""
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, sentence)


# ── One film ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
@needs("view_video", "change_video")
def film(request: HttpRequest, pk: int) -> HttpResponse:
    return film_page(request, film_for(request.user, pk, "view", "change"))


def film_page(request: HttpRequest, video: Video, **forms: Any) -> HttpResponse:
    user = request.user
    newest = video.newest_version
    revisions = [revision for track in video.caption_tracks.all() if (revision := track.latest_revision())]
    shown = revisions[0] if revisions else None
    context = {
        "film": video,
        "newest": newest,
        "status": status_of(newest) if newest else None,
        "stream_status": stream_status(newest) if newest else None,
        "versions": video.versions.all(),
        "twin": newest.twin() if newest else None,
        "file": video.film_file,
        "stream": video.stream,
        "missing": films.why_not_public(video),
        "revisions": revisions,
        "languages": Language.choices,
        "captions_form": forms.get("captions_form")
        or CaptionsForm(initial={"language": shown.track.language, "text": shown.vtt} if shown else None),
        "version_form": forms.get("version_form") or NewVersionForm(user=user),
        "cut_form": forms.get("cut_form") or BusCutForm(),
        "has_profiles": BusProfile.objects.exists(),
        "cuts": BusCut.objects.filter(version__video=video).select_related("profile", "version__video"),
        "may_change": may(user, "change", video),
        "may_publish": may(user, "publish", video),
        "uses": ReferenceIndex.get_grouped_references_to(video).count(),
        "may_review": user.has_perm("media.review_captionrevision"),
        "may_cut": user.has_perm("media.add_buscut"),
        "header_title": video.title,
        "breadcrumbs_items": crumbs(("films:index", _("Films")), video.title),
        "header_icon": "media",
    }
    return render(request, "media/admin/film.html", context)


def crumbs(parent: tuple[str, str], here: str) -> list[dict[str, str]]:
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    return [home, {"url": reverse(parent[0]), "label": parent[1]}, {"url": "", "label": here}]


def status_of(made: Any) -> dict[str, Any]:
    """What the page and its poll say about a row that the worker makes."""
    job = made.latest_job()
    failed = job is not None and job.state == Job.State.FAILED and made.state == State.READY  # made again, in vain
    message = job.error if failed else made.message
    return {"state": made.state, "label": made.get_state_display(), "message": message, **progress_of(job)}


def stream_status(version: VideoVersion) -> dict[str, Any] | None:
    """The same about a version's HLS stream; None where none was ever asked for."""
    job = version.stream_job()
    if job is None:
        return None
    state = {Job.State.DONE: State.READY, Job.State.FAILED: State.FAILED}.get(Job.State(job.state), job.state)
    return {"state": state, "label": job.get_state_display(), "message": job.error, **progress_of(job)}


def progress_of(job: Job | None) -> dict[str, Any]:
    is_open = job is not None and job.is_open
    if job is None or not is_open:
        return {"progress": 0, "note": "", "left": "", "open": False}
    return {"progress": round(job.progress), "note": job.note, "left": time_left(job), "open": True}


def time_left(job: Job) -> str:
    """How long a running job will take at the speed it had so far; empty while that says nothing."""
    if job.state != Job.State.RUNNING or job.started_at is None or job.progress < 5:
        return ""
    gone_s = (timezone.now() - job.started_at).total_seconds()
    left_s = gone_s * (100 - job.progress) / job.progress
    if left_s < 90:
        return _("about %(n)d s left") % {"n": max(1, round(left_s))}
    return _("about %(n)d min left") % {"n": round(left_s / 60)}


@require_safe
@needs("view_video", "change_video")
def status(request: HttpRequest, what: str, pk: int) -> JsonResponse:
    if what == "stream":
        return JsonResponse(stream_status(get_object_or_404(VideoVersion, pk=pk)) or progress_of(None))
    return JsonResponse(status_of(get_object_or_404(MADE[what], pk=pk)))


@require_POST
@needs("change_video")
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    video = film_for(request.user, pk, "change")
    form = NewVersionForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return film_page(request, video, version_form=form)
    uploads.keep(video, form.cleaned_data["file"], user=request.user)
    said(request, _("The new version is being prepared."))
    return redirect("media_admin:film", pk)


@require_POST
@needs("add_video", "change_video")
def discard_upload(request: HttpRequest, token: str) -> HttpResponse:
    """Without a script: the button beside an upload on its way."""
    get_object_or_404(Upload, owner=request.user, token=token).discard()
    said(request, _("The upload is deleted."))
    back = request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if fits else reverse("films:add"))


@require_POST
@needs("change_video")
def save_captions(request: HttpRequest, pk: int) -> HttpResponse:
    video = film_for(request.user, pk, "change")
    version = video.current_version or video.newest_version
    form = CaptionsForm(request.POST, request.FILES, duration_s=(version.duration_s or None) if version else None)
    if not form.is_valid():
        return film_page(request, video, captions_form=form)
    values = form.cleaned_data
    films.save_captions(video, values["language"], values["text"], file=form.file_name, user=request.user)
    said(request, _("The captions are saved. A second person has to check them."))
    return redirect("media_admin:film", pk)


@require_POST
@needs("review_captionrevision")
def review_captions(request: HttpRequest, pk: int) -> HttpResponse:
    revision = get_object_or_404(CaptionRevision.objects.select_related("track__video"), pk=pk)
    problem = ""
    try:
        films.review_captions(revision, user=request.user)
    except PermissionDenied as error:
        problem = str(error)
    said(request, _("The captions are marked as checked."), problem)
    return redirect("media_admin:film", revision.track.video_id)


@require_POST
@needs("publish_video")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    video = film_for(request.user, pk, "publish")
    if request.POST.get("withdraw"):
        films.withdraw(video, user=request.user)
        said(request, _("The film is no longer public."))
    else:
        missing = films.publish(video, user=request.user)
        said(request, _("The film is public."), " ".join(missing))
    return redirect("media_admin:film", pk)


@require_POST
@needs("change_video", "add_buscut", "add_mediapackage")
def again(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Ask the worker once more, or to stop."""
    if what == "stream":
        return stream_again(request, get_object_or_404(VideoVersion, pk=pk))
    made = get_object_or_404(MADE[what], pk=pk)
    job = made.latest_job()
    if request.POST.get("cancel"):
        stopped = job is not None and cancel(job)
        if stopped and made.state == State.WAITING:
            made.mark(state=State.FAILED, message=_("Cancelled."))
        said(request, _("The worker has been asked to stop."), "" if stopped else _("There is nothing left to stop."))
    elif isinstance(made, BusCut) and made.approved:
        said(request, "", _("An approved cut is never made again. Make a new one."))
    else:
        films.ask_for(made, user=request.user)
        said(request, _("It is being made again."))
    return redirect(desk_of(made))


def stream_again(request: HttpRequest, version: VideoVersion) -> HttpResponse:
    if request.POST.get("cancel"):
        job = version.stream_job()
        stopped = job is not None and cancel(job)
        said(request, _("The worker has been asked to stop."), "" if stopped else _("There is nothing left to stop."))
    else:
        films.ask_for_stream(version, user=request.user)
        said(request, _("It is being made again."))
    return redirect(desk_of(version))


def desk_of(made: Any) -> str:
    if isinstance(made, VideoVersion):
        return reverse("media_admin:film", args=[made.video_id])
    return reverse(f"media_admin:{'cut' if isinstance(made, BusCut) else 'package'}", args=[made.pk])


# ── Bus cuts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_POST
@needs("add_buscut")
def make_cut(request: HttpRequest, pk: int) -> HttpResponse:
    video = film_for(request.user, pk, "view", "change")
    form = BusCutForm(request.POST)
    if video.current_version is None or not form.is_valid():
        return film_page(request, video, cut_form=form)
    made = form.save(commit=False)
    made.version, made.made_by = video.current_version, request.user
    made.save()
    films.ask_for(made, user=request.user)
    return redirect("media_admin:cut", made.pk)


@require_safe
@needs("view_buscut", "approve_buscut")
def cut(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(BusCut.objects.select_related("version__video", "profile"), pk=pk)
    context = {
        "cut": made,
        "status": status_of(made),
        "signatures": buscuts.signatures(made),
        "may_approve": request.user.has_perm("media.approve_buscut"),
        "is_own_work": request.user in made.makers(),
        "may_cut": request.user.has_perm("media.add_buscut"),
        "plays": made.play_reports.aggregate(total=Sum("plays"))["total"] or 0,
        "header_title": str(made),
        "breadcrumbs_items": crumbs(("bus_cuts:index", _("Bus cuts")), str(made)),
        "header_icon": "cut",
    }
    return render(request, "media/admin/cut.html", context)


@require_POST
@needs("approve_buscut")
def approve_cut(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(BusCut, pk=pk)
    problem = ""
    try:
        buscuts.sign(made, sha256=request.POST.get("sha256", ""), user=request.user)
    except (FilmProblem, PermissionDenied) as error:
        problem = str(error)
    said(request, _("The cut is approved."), problem)
    return redirect("media_admin:cut", pk)


@require_safe
@needs("view_buscut", "approve_buscut")
def cut_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    made = get_object_or_404(BusCut, pk=pk)
    return private_file(request, made.file, "video/mp4")


def private_file(request: HttpRequest, file: Any, kind: str, *, download_name: str = "") -> HttpResponseBase:
    """A private file for somebody who may have it, with ranges, on any storage."""
    if not file:
        raise Http404
    held = serving.in_storage(file.storage, file.name)
    response = serving.respond(request, held, kind, download_name=download_name)
    response["Cache-Control"] = "private, no-store"
    return response
