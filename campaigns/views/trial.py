"""What a plan would be with the brief as it stands in the browser: answered while somebody drags, stored nowhere."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import explain
from campaigns.forms import BriefForm
from campaigns.models import Placement
from campaigns.services import marks
from campaigns.services.exports import picks_collection
from campaigns.services.problems import NothingToPlan
from campaigns.services.trial import try_plan
from campaigns.views.access import planners_only
from campaigns.views.bench import brief_asked_for
from geo.models import Area


@require_POST
@planners_only("campaigns.add_planversion")
def trial(request: HttpRequest, area: str) -> JsonResponse:
    """`html` for the plan's place, `picks` for the map, `said` for the ear; or `error` with status 422."""
    place = get_object_or_404(Area, slug=area)
    form = BriefForm(request.POST, instance=brief_asked_for(request, place), area=place)
    if not form.is_valid():
        return JsonResponse({"error": _first_error(form)}, status=422)
    brief = form.instance
    wanted = marks.read(request.POST, place) or marks.saved_marks(brief)
    without = marks.keys(request.POST.get("without", ""))
    try:
        found = try_plan(brief, wanted, without)
    except NothingToPlan as error:
        return JsonResponse({"error": str(error)}, status=422)
    plan = found.plan
    named = Placement.objects.filter(area=place).in_bulk(wanted.locked | wanted.excluded | without)
    context: dict[str, Any] = {
        "plan": plan, "picks": found.picks, "campaign": brief, "locked": wanted.locked, "trial": True,
        "budget_left": brief.budget_cny - plan.cost_cny, "weighted": explain.is_weighted(plan),
        "certificate": explain.certificate(plan),
        "excluded": [named[key] for key in sorted(wanted.excluded) if key in named],
        "left_out": [named[key] for key in sorted(without) if key in named] if plan.mode != "cover" else [],
    }  # fmt: skip
    said = _("Reach %(reach)s%%, ¥%(cost)s, at least %(attained)s%% of the best possible.") % {
        "reach": f"{100 * plan.reach:.0f}",
        "cost": explain.money(plan.cost_cny),
        "attained": explain.floor_percent(plan.attained),
    }
    html = render_to_string("campaigns/trial.html", context, request)
    return JsonResponse(
        {"html": html, "picks": picks_collection(found.picks), "said": said},
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


def _first_error(form: BriefForm) -> str:
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}：{problems[0]}" if label else str(problems[0])
