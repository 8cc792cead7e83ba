"""Rate cards and inventory leave and come in as tables."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import RateCard
from campaigns.services.pricefiles import INVENTORY, PRICES, as_csv, as_xlsx, exported, take_in
from campaigns.views.access import planners_only
from geo.models import Area
from trust.audit import Outcome, record
from trust.errors import InputError
from trust.imports import DryRun, Report, say_problems

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only("campaigns.view_ratecard")
def prices(request: HttpRequest, area: str) -> HttpResponse:
    """Download either table; upload it again, first as a dry run if wished."""
    place = get_object_or_404(Area, slug=area)
    problems: list[str] = []
    if request.method == "POST":
        if not request.user.has_perms(["campaigns.change_ratecard", "campaigns.change_placement"]):
            return HttpResponse(status=403)
        file, dry = request.FILES.get("file"), "dry" in request.POST
        card = _card(place, request.POST.get("card", ""))
        if file is None:
            problems = [_("Choose a file.")]
        else:
            report = Report()
            try:
                with transaction.atomic():
                    report = take_in(PRICES if card else INVENTORY, place, card, str(file.name), file.read())
                    if dry:
                        raise DryRun
                    record("prices.import", actor=request.user, subject=card or place, detail=report.counts)
            except DryRun:
                pass
            except InputError as error:
                problems = say_problems(error)
                record(
                    "prices.import", actor=request.user, subject=card or place, outcome=Outcome.FAILED,
                    detail={"problems": error.total},
                )  # fmt: skip
            if not problems:
                lead = _("Only tried, nothing was changed: ") if dry else _("Taken in: ")
                counts = _("%(created)d new, %(updated)d changed, %(unchanged)d unchanged.") % report.counts
                messages.success(request, lead + counts)
                return redirect("campaigns:prices", area)
    context = {"step": "data", "area": place, "cards": place.rate_cards.prefetch_related("lines"), "problems": problems}
    return render(request, "campaigns/prices.html", context, status=422 if problems else 200)


def _card(area: Area, said: str) -> RateCard | None:
    """The card that prices go to; none means the inventory."""
    if not said:
        return None
    found: RateCard = get_object_or_404(RateCard, area=area, pk=int(said) if said.isdecimal() else 0)
    return found


@require_safe
@planners_only("campaigns.view_ratecard")
def price_file(request: HttpRequest, area: str, kind: str) -> HttpResponse:
    """`?card=` names a rate card; without it the inventory."""
    place = get_object_or_404(Area, slug=area)
    card = _card(place, request.GET.get("card", ""))
    table = exported(PRICES if card else INVENTORY, place, card)
    if kind == "csv":
        response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(as_xlsx(table), content_type=XLSX)
    else:
        raise Http404
    stem = f"{place.slug}-prices-{card.pk}" if card else f"{place.slug}-placements"
    response["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return response
