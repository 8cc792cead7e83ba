"""Two versions on one page and one map."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.forms import BriefForm
from campaigns.models import PlanVersion
from campaigns.services.comparing import compare as put_side_by_side
from campaigns.views.access import planners_only
from campaigns.views.artwork import desk


@require_safe
@planners_only("campaigns.view_planversion")
def compare(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """The plans `first` and `second` of one area; `?show=2` puts the second one's picks on the map."""
    plans = [
        get_object_or_404(PlanVersion.objects.select_related("campaign__area"), pk=number) for number in (first, second)
    ]
    if first == second or plans[0].campaign.area_id != plans[1].campaign.area_id:
        raise Http404
    shown = plans[1] if request.GET.get("show") == "2" else plans[0]
    campaign = shown.campaign
    context = desk(
        campaign, "compare", found=put_side_by_side(*plans), plan=shown,
        form=BriefForm(instance=campaign, area=campaign.area),
    )  # fmt: skip
    return render(request, "campaigns/compare.html", context)
