"""上刊 and 下刊: lists and links for crews, and a second person's look at doubtful photos."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Booking, CrewLink, PostingProof
from campaigns.services import crewlinks, postinglists, proofs
from campaigns.services.artwork import current_artwork
from campaigns.views.access import planners_only
from campaigns.views.artwork import campaign_of, desk
from campaigns.views.street import campaign_of_flight, for_photos, photo_page
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
    shown = postinglists.of_crew(tasks, crew) if "crew" in request.GET else tasks
    context = desk(
        campaign, "posting", tasks=shown, deed=deed, deeds=PostingProof.Deed.choices, crew=crew,
        one_crew="crew" in request.GET, crews=sorted({task.booking.crew_name for task in tasks}),
        sketch=postinglists.sketch(shown), counts=postinglists.counts(tasks),
        waiting=PostingProof.objects.filter(
            booking__plan__campaign=campaign, state=PostingProof.State.WAITING
        ).select_related("booking__placement"),
        links=[(one, crewlinks.address(one), crewlinks.picture(one)) for one in campaign.crew_links.filter(deed=deed)],
        last_day=_last_day(tasks),
    )  # fmt: skip
    return render(request, "campaigns/posting.html", context)


def _last_day(tasks: list[postinglists.Task]) -> date:
    """Until when a link is wanted: a week after the last day on the list, within what links may last."""
    today = timezone.localdate()
    last = max((task.due for task in tasks), default=today) + timedelta(days=7)
    return min(max(last, today + timedelta(days=7)), today + timedelta(days=crewlinks.MOST_DAYS))


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
    """The phone page of one placement, for the staff's own phones; crews have theirs by link."""
    booking = get_object_or_404(for_photos(Booking.objects.live()), pk=pk)
    return photo_page(request, booking, _deed(deed), link=None)


def _proof(pk: int) -> PostingProof:
    found: PostingProof = get_object_or_404(
        PostingProof.objects.select_related(
            "booking__placement__stop", "booking__plan__campaign__area", "uploaded_by", "crew_link__created_by"
        ),
        pk=pk,
    )
    return found


@require_safe
@planners_only("campaigns.view_postingproof")
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proof(pk)
    campaign = campaign_of_flight(found.booking)
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


@require_POST
@planners_only("campaigns.change_booking")
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for a crew's phones to its list."""
    campaign = campaign_of(pk)
    deed, crew = _deed(request.POST.get("deed", "")), request.POST.get("crew", "")
    try:
        last_day = parse_date(request.POST.get("last_day", "")) or timezone.localdate() - timedelta(days=1)
        crewlinks.make_link(campaign, crew, deed, last_day, request.user)
    except (ValidationError, ValueError) as refused:
        messages.error(request, " ".join(getattr(refused, "messages", [_("This is no day.")])))
    else:
        messages.success(request, _("The link is made. Send it to the crew, or let them scan the code below."))
    return redirect(f"{reverse('campaigns:posting', args=[pk])}?deed={deed}#links")


@require_POST
@planners_only("campaigns.change_booking")
def revoke_link(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(CrewLink.objects.select_related("campaign"), pk=pk)
    if link.opens:
        crewlinks.revoke(link, request.user)
        messages.success(request, _("The link opens nothing any more. The photos stay."))
    return redirect(f"{reverse('campaigns:posting', args=[link.campaign_id])}?deed={link.deed}#links")
