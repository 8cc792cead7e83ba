"""The admin's way in: upload, name the columns, look at the check, import. Every step is a page without scripts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from geo import file_imports
from geo.import_forms import ColumnsForm, LayersForm, UploadForm
from geo.intake import remembered
from geo.models import FileImport, Source
from trust.audit import record
from trust.errors import InputError
from trust.imports import say_problems

MAY_SEE, MAY_IMPORT = "geo.view_fileimport", "geo.add_fileimport"
State = FileImport.State
SYSTEM_NAMES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
HINTS = {
    Source.Kind.NETWORK: ("arrow-right", gettext_lazy("Lines, routes, stops and timetable")),
    Source.Kind.HOTSPOTS: ("group", gettext_lazy("Places with people")),
    Source.Kind.BOUNDARY: ("globe", gettext_lazy("The outline by which coordinates are checked")),
    Source.Kind.BASE_MAP: ("site", gettext_lazy("Roads, water, green and names")),
}


@require_safe
@permission_required(MAY_SEE, raise_exception=True)
def index(request: HttpRequest) -> HttpResponse:
    """What was uploaded, newest first, and the four kinds of import."""
    items = FileImport.objects.select_related("area", "created_by")
    kinds = [
        {"value": kind.value, "label": kind.label, "icon": icon, "hint": hint} for kind, (icon, hint) in HINTS.items()
    ]
    context = {
        "items": Paginator(items, 30).get_page(request.GET.get("p")),
        "kinds": kinds,
        "may_import": request.user.has_perm(MAY_IMPORT),
    }
    return _page(request, "imports.html", _("Import data"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_IMPORT, raise_exception=True)
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Step 1: the file, its coordinate system, its provenance."""
    if kind not in Source.Kind.values:
        raise Http404
    label = Source.Kind(kind).label
    form = UploadForm(kind, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name = str(file.name).replace("\\", "/").rpartition("/")[2]
        item = FileImport.objects.create(
            area=form.cleaned_data["area"],
            kind=kind,
            file=file,
            file_name=name,
            answers=form.answers(),
            created_by=request.user if request.user.is_authenticated else None,
        )
        record("geo.upload", subject=item, detail={"file": name, "bytes": file.size, "kind": kind})
        return _after_upload(request, item)
    return _page(request, "import_upload.html", _("Import data: %(kind)s") % {"kind": label}, {"form": form, "step": 1})


def _after_upload(request: HttpRequest, item: FileImport) -> HttpResponse:
    try:
        asks = file_imports.look_into(item)
    except InputError as error:
        for line in say_problems(error):
            messages.error(request, line)
        file_imports.discard(item)
        item.delete()
        return redirect("geo-imports:upload", kind=item.kind)
    if asks:
        return redirect("geo-imports:columns", pk=item.pk)
    file_imports.request_run(item, apply=False, user=request.user)
    return redirect("geo-imports:show", pk=item.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_IMPORT, raise_exception=True)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: of a table which column is what; of a GeoPackage which layers."""
    item = _unfinished(pk)
    try:
        asks = file_imports.look_into(item)
    except InputError as error:
        for line in say_problems(error):
            messages.error(request, line)
        return redirect("geo-imports:index")
    posted = request.POST or None
    form: LayersForm | ColumnsForm
    if "layers" in asks:
        form = LayersForm(asks["layers"], posted)
    elif "columns" in asks:
        earlier = item.answer("replaces") or item.file_name
        known = item.answer("mapping", None) or remembered(item.area, item.kind, earlier)
        form = ColumnsForm(item.kind, asks["columns"], known, posted, located=asks.get("located", False))
    else:
        raise Http404
    if request.method == "POST" and form.is_valid():
        if isinstance(form, LayersForm):
            item.answers["layers"] = form.cleaned_data["layers"]
            item.save(update_fields=["answers"])
            return _after_upload(request, item)
        item.answers["mapping"] = form.mapping(form.cleaned_data)
        options = {name: form.cleaned_data[name] for name in ("basis", "skip_incomplete") if name in form.cleaned_data}
        item.answers["options"] = {**item.answer("options", {}), **options}
        item.save(update_fields=["answers"])
        file_imports.request_run(item, apply=False, user=request.user)
        return redirect("geo-imports:show", pk=item.pk)
    context = {"item": item, "form": form, "asks": asks, "step": 2, "by_layer": isinstance(form, LayersForm)}
    return _page(request, "import_columns.html", _title(item), context)


@require_safe
@permission_required(MAY_SEE, raise_exception=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3 and 4: waiting, then what the check or the import said."""
    item = get_object_or_404(FileImport.objects.select_related("area", "job"), pk=pk)
    stuck = item.is_busy and (item.job is None or not item.job.is_open)
    if stuck:
        item.refresh_from_db()  # the job may have ended between the two reads
        stuck = item.is_busy
    guess = item.outcome.get("guess")
    shares = []
    if guess:
        for system, share in guess["share"].items():
            name = SYSTEM_NAMES.get(system, system.upper())
            shares.append((name, f"{share:.1%}", system == guess["given"], system == guess["best"]))
    context = {
        "item": item,
        "step": 4 if item.state == State.APPLIED else 3,
        "stuck": stuck,
        "waiting": item.is_busy and not stuck,
        "shares": shares,
        "better": guess["best"] if guess and guess["best"] != guess["given"] else "",
        "better_name": SYSTEM_NAMES.get(guess["best"], "") if guess else "",
        "may_import": request.user.has_perm(MAY_IMPORT) and bool(item.file),
        "asks_columns": bool(item.answer("mapping", None)),
        "area_has_map": item.state == State.APPLIED,
    }
    response = _page(request, "import_check.html", _title(item), context)
    if context["waiting"]:
        response["Refresh"] = "2"
    return response


@require_POST
@permission_required(MAY_IMPORT, raise_exception=True)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check once more, in another coordinate system where one is posted."""
    item = _unfinished(pk)
    system = request.POST.get("system", "")
    if system in SYSTEM_NAMES:
        item.answers["system"] = system
        item.save(update_fields=["answers"])
    file_imports.request_run(item, apply=False, user=request.user)
    return redirect("geo-imports:show", pk=item.pk)


@require_POST
@permission_required(MAY_IMPORT, raise_exception=True)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what was checked."""
    item = _unfinished(pk)
    if item.state != State.CHECKED:
        raise PermissionDenied
    file_imports.request_run(item, apply=True, user=request.user)
    return redirect("geo-imports:show", pk=item.pk)


@require_safe
@permission_required(MAY_SEE, raise_exception=True)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The map to check the coordinate system by."""
    item = get_object_or_404(FileImport, pk=pk)
    if not item.picture:
        raise Http404
    return HttpResponse(item.picture, content_type="image/svg+xml")


def _unfinished(pk: int) -> FileImport:
    """The upload, whose file is still there and which nobody is working on. 404 otherwise."""
    item = get_object_or_404(FileImport.objects.select_related("area", "job"), pk=pk)
    busy = item.is_busy and item.job is not None and item.job.is_open
    if busy or not item.file:
        raise Http404
    return item


def _title(item: FileImport) -> str:
    return _("Import data: %(kind)s") % {"kind": item.get_kind_display()}


def _page(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
    steps = [_("File"), _("Columns"), _("Check"), _("Import")]
    return render(
        request,
        f"geo/admin/{template}",
        {"header_title": title, "page_title": title, "header_icon": "upload", "steps": steps, **context},
    )
