"""A playlist's packages: what is in them, making one, handing it out, calling it back."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from media import packaging, playreports
from media.admin.views import crumbs, needs, private_file, said, status_of
from media.errors import FilmProblem
from media.models import MediaPackage, Playlist


@require_safe
@needs("view_playlist")
def playlist(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Playlist, pk=pk)
    problem = ""
    try:
        packaging.require_usable(found)
    except FilmProblem as error:
        problem = str(error)
    context = {
        "playlist": found,
        "problem": problem,
        "packages": found.packages.all(),
        "fulfilment": playreports.fulfilment(found),
        "may_make": request.user.has_perm("media.add_mediapackage"),
        "header_title": found.name,
        "breadcrumbs_items": crumbs(("playlists:index", _("Playlists")), found.name),
        "header_icon": "list-ol",
    }
    return render(request, "media/admin/playlist.html", context)


@require_POST
@needs("add_mediapackage")
def make_package(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Playlist, pk=pk)
    try:
        made = packaging.ask_for_package(found, user=request.user)
    except FilmProblem as error:
        said(request, "", str(error))
        return redirect("media_admin:playlist", pk)
    return redirect("media_admin:package", made.pk)


@require_safe
@needs("view_mediapackage")
def package(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(MediaPackage.objects.select_related("playlist"), pk=pk)
    context = {
        "package": made,
        "status": status_of(made),
        "may_withdraw": request.user.has_perm("media.withdraw_mediapackage"),
        "may_make": request.user.has_perm("media.add_mediapackage"),
        "header_title": made.code,
        "breadcrumbs_items": crumbs(("packages:index", _("Bus packages")), made.code),
        "header_icon": "download",
    }
    return render(request, "media/admin/package.html", context)


@require_safe
@needs("view_mediapackage")
def package_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    made = get_object_or_404(MediaPackage, pk=pk)
    if made.withdrawn:
        raise Http404
    return private_file(request, made.file, "application/zip", download_name=made.file_name)


@require_POST
@needs("withdraw_mediapackage")
def withdraw_package(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(MediaPackage, pk=pk)
    reason = request.POST.get("reason", "").strip()
    if reason:
        packaging.withdraw(made, reason=reason, user=request.user)
    said(request, _("The package is withdrawn. Tell the bus company to delete it."), "" if reason else _("Say why."))
    return redirect("media_admin:package", pk)


@require_safe
@needs("view_mediapackage")
def withdrawn(request: HttpRequest) -> HttpResponse:
    """The list of packages that must not be played, to send to the bus company."""
    response = HttpResponse(packaging.withdrawal_list(), content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = 'attachment; filename="WITHDRAWN.txt"'
    return response
