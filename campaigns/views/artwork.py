"""Artwork comes in, is seen on a mock-up, is signed; codes go out as files for the printer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.artwork.codes import side_for
from campaigns.desk_forms import ArtworkForm
from campaigns.models import AdCode, Artwork, Campaign, Format
from campaigns.models.artwork import PRINTS
from campaigns.services import artwork as service
from campaigns.services import codefiles
from campaigns.views.access import planners_only
from trust.approvals import AlreadyApproved, OwnWork, approvals_of


def campaign_of(pk: int) -> Campaign:
    found: Campaign = get_object_or_404(Campaign.objects.select_related("area"), pk=pk)
    return found


def desk(campaign: Campaign, here: str, **more: Any) -> dict[str, Any]:
    """What every page behind a campaign needs: its names, and which of its pages this one is."""
    return {"step": "desk", "here": here, "campaign": campaign, "area": campaign.area, **more}


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.view_artwork")
def artworks(request: HttpRequest, pk: int) -> HttpResponse:
    """What has come in, what is still wanted, and the form for the next file."""
    campaign = campaign_of(pk)
    form, refused, status = ArtworkForm(initial=_first_values(campaign, request), campaign=campaign), [], 200
    if request.method == "POST":
        if not request.user.has_perm("campaigns.add_artwork"):
            return HttpResponse(status=403)
        form = ArtworkForm(request.POST, request.FILES, campaign=campaign)
        status = 422
        if form.is_valid():
            try:
                made = service.accept(form.instance, form.cleaned_data.get("file"), request.user)
            except service.Refused as error:
                refused = service.sentences(error.verdict.problems)
            except ValidationError as error:
                refused = error.messages
            else:
                messages.success(request, _("The artwork is accepted. A second person has to approve it."))
                return redirect("campaigns:artwork", made.pk)
        form.mark_errors()
    rows = [(artwork, service.artwork_is_approved(artwork)) for artwork in campaign.artworks.select_related("cut")]
    return render(
        request,
        "campaigns/artworks.html",
        desk(
            campaign, "artwork", form=form, refused=refused, rows=rows, wanted=_wanted(campaign, rows),
            prints=[(Format(name).label, spec) for name, spec in PRINTS.items()],
            codes=codefiles.campaign_codes(campaign),
        ),
        status=status,
    )  # fmt: skip


def _wanted(campaign: Campaign, rows: list[tuple[Artwork, bool]]) -> list[dict[str, Any]]:
    found = []
    for format_name, width, height, count in service.wanted_faces(campaign):
        fitting = [
            approved
            for artwork, approved in rows
            if artwork.format == format_name and (not width or (artwork.width_mm, artwork.height_mm) == (width, height))
        ]
        state = "approved" if any(fitting) else "waiting" if fitting else "missing"
        found.append({"format": Format(format_name), "width": width, "height": height, "count": count, "state": state})
    return found


def _first_values(campaign: Campaign, request: HttpRequest) -> dict[str, Any]:
    """The first face that is still without artwork, with its code in the lower right corner of the safe area."""
    faces = service.wanted_faces(campaign)
    asked = request.GET.get("face", "")
    format_name, width, height, _count = next(
        (face for face in faces if f"{face[0]}-{face[1]}-{face[2]}" == asked),
        faces[0] if faces else (str(Format.SHELTER), 1200, 1800, 0),
    )
    values: dict[str, Any] = {"format": format_name, "title": campaign.name, "scale": 1}
    spec = PRINTS.get(format_name)
    if spec is not None:
        side = int(side_for(service.longest_url(), spec.scan_distance_mm))
        values |= {
            "width_mm": width, "height_mm": height, "code_side_mm": side,
            "code_left_mm": max(0, width - spec.safe_mm - side), "code_top_mm": max(0, height - spec.safe_mm - side),
        }  # fmt: skip
    return values


def _artwork(pk: int) -> Artwork:
    found: Artwork = get_object_or_404(Artwork.objects.select_related("campaign__area", "uploaded_by", "cut"), pk=pk)
    return found


@require_safe
@planners_only("campaigns.view_artwork")
def artwork(request: HttpRequest, pk: int) -> HttpResponse:
    found = _artwork(pk)
    codes = [
        code
        for code in codefiles.campaign_codes(found.campaign)
        if code.placement.format == found.format
        and (not found.is_print or service.face_mm(code.placement) == (found.width_mm, found.height_mm))
    ]
    context = desk(
        found.campaign, "artwork", artwork=found, codes=codes,
        hints=service.sentences(found.facts.get("hints", [])),
        approved=service.artwork_is_approved(found),
        approvals=approvals_of(found, sha256=found.sha256).select_related("person"),
        mockup=_mockup(found),
    )  # fmt: skip
    return render(request, "campaigns/artwork.html", context)


def _mockup(artwork: Artwork) -> dict[str, float]:
    """Where the face lies on our drawing of a shelter or a bus, keeping its own shape, in the drawing's units."""
    if not artwork.is_print:
        return {}
    left, top, width, height = (104.0, 118.0, 392.0, 204.0) if artwork.format == Format.SHELTER else (92, 212, 500, 92)
    scale = min(width / (artwork.width_mm or 1), height / (artwork.height_mm or 1))
    across, down = (artwork.width_mm or 1) * scale, (artwork.height_mm or 1) * scale
    return {"x": left + (width - across) / 2, "y": top + (height - down) / 2, "width": across, "height": down}


@require_safe
@planners_only("campaigns.view_artwork")
def face(request: HttpRequest, pk: int) -> HttpResponse:
    """The face with a code in it, as it will hang: `?code=` names a booked one."""
    found = _artwork(pk)
    if not found.is_print:
        raise Http404
    code = AdCode.objects.filter(code=request.GET.get("code", ""), booking__plan__campaign=found.campaign).first()
    return HttpResponse(service.face_with_code(found, code), content_type="image/png")


@require_safe
@planners_only("campaigns.view_artwork")
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The delivered file, byte for byte, for the printer."""
    found = _artwork(pk)
    if not found.file:
        raise Http404
    kind = str(found.file.name).rsplit(".", 1)[-1]
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=f"artwork-{found.sha256[:12]}.{kind}")


@require_POST
@planners_only("campaigns.approve_artwork")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    found = _artwork(pk)
    if request.POST.get("sha256") != found.sha256:
        messages.error(request, _("This is not the picture that you looked at. Look again."))
        return redirect("campaigns:artwork", pk)
    try:
        service.approve_artwork(found, request.user)
    except (OwnWork, AlreadyApproved) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The artwork is approved. It can be printed now."))
    return redirect("campaigns:artwork", pk)


@require_safe
@planners_only("campaigns.view_adcode")
def code_archive(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = campaign_of(pk)
    response = HttpResponse(codefiles.archive(campaign), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="codes-campaign{campaign.pk}.zip"'
    return response


@require_safe
@planners_only("campaigns.view_adcode")
def code_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = get_object_or_404(AdCode.objects.select_related("placement", "booking__plan__campaign"), code=code)
    if kind not in codefiles.KINDS:
        raise Http404
    campaign = found.booking.plan.campaign if found.booking and found.booking.plan else None
    content, content_type = codefiles.code_file(campaign, found, kind)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="code-{found.code}.{kind}"'
    return response
