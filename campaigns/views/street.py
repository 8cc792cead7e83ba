"""The page on a phone before one ad: what should hang there, and the photo. For staff, and for crews by link."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from campaigns.desk_forms import ProofForm
from campaigns.models import Booking, Campaign, CrewLink, PostingProof
from campaigns.services import crewlinks, postinglists, proofs
from campaigns.services.artwork import current_artwork


def for_photos(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With all that the page says of them; flights bought by hand have no page of this kind."""
    return bookings.filter(plan__isnull=False).select_related(
        "placement__stop", "placement__line", "plan__campaign__area"
    )


def campaign_of_flight(booking: Booking) -> Campaign:
    if booking.plan is None:
        raise Http404
    return booking.plan.campaign


def photo_page(request: HttpRequest, booking: Booking, deed: str, link: CrewLink | None) -> HttpResponse:
    """Show the page, or take a photo: from the person of the request, or from whoever holds `link`."""
    campaign, form, status, said = campaign_of_flight(booking), ProofForm(), 200, ""
    if request.method == "POST":
        form, status = ProofForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                proof = proofs.take_proof(
                    booking, deed, form.cleaned_data["photo"], None if link else request.user, link=link,
                    phone_place=form.phone_place, comment=form.cleaned_data["comment"],
                )  # fmt: skip
            except proofs.PhotoRefused as refused:
                said = str(refused)
            else:
                messages.success(request, _thanks(proof))
                return redirect(_address(booking, deed, link))
        form.mark_errors()
    tasks = postinglists.of_crew(postinglists.tasks(campaign, deed), booking.crew_name)
    number = next((task.number for task in tasks if task.booking.pk == booking.pk), 1)
    following = tasks[number] if number < len(tasks) else None
    artwork = current_artwork(campaign, booking.placement)
    context = {
        "booking": booking, "campaign": campaign, "deed": deed, "form": form, "said": said, "tasks": tasks,
        "deed_label": PostingProof.Deed(deed).label, "number": number, "artwork": artwork,
        "list_url": _list_address(booking, deed, link),
        "face_url": _face_address(booking, link, artwork.pk) if artwork is not None and artwork.is_print else "",
        "next": following and (following.booking.placement.name, _address(following.booking, deed, link)),
        "proofs": [
            (proof, proofs.say_doubts(proof), _photo_address(proof, link)) for proof in booking.proofs.filter(deed=deed)
        ],
    }  # fmt: skip
    return render(request, "campaigns/street.html", context, status=status)


def _thanks(proof: PostingProof) -> str:
    if proof.state == PostingProof.State.PROVED:
        return _("Received. Time and place fit.")
    return _("Received. A second person will look at it.")


def _address(booking: Booking, deed: str, link: CrewLink | None) -> str:
    if link is None:
        return reverse("campaigns:street", args=[booking.pk, deed])
    return reverse("crew:street", args=[crewlinks.token(link), booking.pk])


def _list_address(booking: Booking, deed: str, link: CrewLink | None) -> str:
    if link is not None:
        return reverse("crew:list", args=[crewlinks.token(link)])
    query = urlencode({"deed": deed, "crew": booking.crew_name})
    return f"{reverse('campaigns:posting', args=[campaign_of_flight(booking).pk])}?{query}"


def _face_address(booking: Booking, link: CrewLink | None, artwork: int) -> str:
    if link is None:
        return reverse("campaigns:artwork_face", args=[artwork])
    return reverse("crew:face", args=[crewlinks.token(link), booking.pk])


def _photo_address(proof: PostingProof, link: CrewLink | None) -> str:
    if link is None:
        return reverse("campaigns:proof_photo", args=[proof.pk])
    return reverse("crew:photo", args=[crewlinks.token(link), proof.pk])
