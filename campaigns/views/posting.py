"""上刊 and 下刊: lists for the crew, the phone page in the street, and a second person's look at doubtful photos."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.desk_forms import ProofForm
from campaigns.models import Booking, Campaign, PostingProof
from campaigns.services import postinglists, proofs
from campaigns.services.artwork import current_artwork
from campaigns.views.access import planners_only
from campaigns.views.artwork import campaign_of, desk
from media.admin.views import private_file
from trust.approvals import AlreadyApproved, OwnWork


@require_safe
@planners_only("campaigns.view_booking")
def posting(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a campaign, of one crew with `?crew=`, of take-downs with `?deed=take_down`; prints well."""
    campaign = campaign_of(pk)
    deed = _deed(request.GET.get("deed", PostingProof.Deed.POSTING))
    crew = request.GET.get("crew", "")
    tasks = postinglists.tasks(campaign, deed)
    shown = [task for task in tasks if task.booking.crew_name == crew] if "crew" in request.GET else tasks
    context = desk(
        campaign, "posting", tasks=shown, deed=deed, deeds=PostingProof.Deed.choices, crew=crew,
        one_crew="crew" in request.GET, crews=sorted({task.booking.crew_name for task in tasks}),
        sketch=postinglists.sketch(shown), counts=postinglists.counts(tasks),
        waiting=PostingProof.objects.filter(
            booking__plan__campaign=campaign, state=PostingProof.State.WAITING
        ).select_related("booking__placement", "uploaded_by"),
    )  # fmt: skip
    return render(request, "campaigns/posting.html", context)


def _deed(said: str) -> str:
    if said not in PostingProof.Deed.values:
        raise Http404
    return said


@require_POST
@planners_only("campaigns.change_booking")
def crews(request: HttpRequest, pk: int) -> HttpResponse:
    """Which crew does which placement, from the fields of the list."""
    campaign = campaign_of(pk)
    changed = 0
    with transaction.atomic():
        for booking in Booking.objects.live().filter(plan__campaign=campaign):
            name = request.POST.get(f"crew-{booking.pk}")
            if name is not None and name.strip()[:40] != booking.crew_name:
                booking.crew = name.strip()[:40]
                booking.save(update_fields=["crew"])
                changed += 1
    messages.success(request, _("Crews saved, %(n)d changed.") % {"n": changed})
    return redirect("campaigns:posting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.add_postingproof")
def street(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """The phone page of one placement: what hangs there, and the photo."""
    booking = get_object_or_404(
        Booking.objects.live().select_related("placement__stop", "placement__line", "plan__campaign__area"),
        pk=pk, plan__isnull=False,
    )  # fmt: skip
    campaign, form, status, said = _campaign(booking), ProofForm(), 200, ""
    deed = _deed(deed)
    if request.method == "POST":
        form, status = ProofForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                proof = proofs.take_proof(
                    booking, deed, form.cleaned_data["photo"], request.user,
                    phone_place=form.phone_place, comment=form.cleaned_data["comment"],
                )  # fmt: skip
            except proofs.PhotoRefused as refused:
                said = str(refused)
            else:
                messages.success(request, _thanks(proof))
                return redirect("campaigns:street", pk, deed)
        form.mark_errors()
    tasks = [task for task in postinglists.tasks(campaign, deed) if task.booking.crew_name == booking.crew_name]
    number = next((index for index, task in enumerate(tasks, 1) if task.booking.pk == pk), 1)
    context = {
        "booking": booking, "campaign": campaign, "deed": deed, "form": form, "said": said, "tasks": tasks,
        "deed_label": PostingProof.Deed(deed).label, "number": number,
        "next": tasks[number] if number < len(tasks) else None,
        "artwork": current_artwork(campaign, booking.placement),
        "proofs": [(proof, proofs.say_doubts(proof)) for proof in booking.proofs.filter(deed=deed)],
    }  # fmt: skip
    return render(request, "campaigns/street.html", context, status=status)


def _campaign(booking: Booking) -> Campaign:
    """The campaign that a flight belongs to; flights bought by hand have no page of this kind."""
    if booking.plan is None:
        raise Http404
    return booking.plan.campaign


def _thanks(proof: PostingProof) -> str:
    if proof.state == PostingProof.State.PROVED:
        return _("Received. Time and place fit.")
    return _("Received. A second person will look at it.")


def _proof(pk: int) -> PostingProof:
    found: PostingProof = get_object_or_404(
        PostingProof.objects.select_related("booking__placement__stop", "booking__plan__campaign__area", "uploaded_by"),
        pk=pk,
    )
    return found


@require_safe
@planners_only("campaigns.view_postingproof")
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proof(pk)
    campaign = _campaign(found.booking)
    context: dict[str, Any] = desk(
        campaign, "posting", proof=found, doubts=proofs.say_doubts(found),
        artwork=current_artwork(campaign, found.booking.placement),
    )  # fmt: skip
    return render(request, "campaigns/proof_of_posting.html", context)


@require_safe
@planners_only("campaigns.view_postingproof")
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The derivative, without metadata. The original never leaves the store through a page."""
    return private_file(request, _proof(pk).shown, "image/jpeg")


@require_POST
@planners_only("campaigns.confirm_postingproof")
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proof(pk)
    try:
        proofs.judge(found, request.user, confirmed=request.POST.get("answer") == "confirm")
    except (OwnWork, AlreadyApproved) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: %(state)s.") % {"state": found.get_state_display()})
    return redirect("campaigns:proof", pk)
