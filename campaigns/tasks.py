"""Long work of this app: planning, and counting scans."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from campaigns.scans import fold_scans
from jobs.errors import JobFailed
from jobs.registry import job, periodic
from jobs.runs import Run


def plan_key(campaign: Campaign) -> str:
    """The queue's key of a campaign's plan: two are never computed at a time."""
    return f"campaigns.plan:{campaign.pk}"


@job("campaigns.plan", title=gettext_lazy("Compute a plan"))
def plan(run: Run) -> None:
    """Score the routes where that is out of date, make placements where there are none, then plan."""
    # Here, not above: every process reads this module when it starts, and few of them compute.
    from campaigns.services.planning import ITERATIONS, SEED, make_plan  # noqa: PLC0415
    from campaigns.services.preparing import prepare_area  # noqa: PLC0415
    from campaigns.services.problems import NothingToPlan  # noqa: PLC0415

    campaign = Campaign.objects.select_related("area", "created_by").get(pk=run.payload["campaign"])
    user = get_user_model().objects.filter(pk=run.payload.get("user") or 0).first()
    run.progress(1, _("Reading the network"))
    try:
        prepare_area(
            campaign.area, campaign.starts_on, progress=lambda percent, note: run.progress(0.3 * percent, note)
        )
        made = make_plan(
            campaign,
            seed=int(run.payload.get("seed", SEED)),
            iterations=int(run.payload.get("iterations", ITERATIONS)),
            user=user,
            progress=lambda percent, note: run.progress(30 + 0.7 * percent, note),
        )
    except NothingToPlan as error:
        raise JobFailed(str(error)) from error
    run.result = {"plan": made.pk}


@periodic("campaigns.fold_scans", every=timedelta(minutes=1), title=gettext_lazy("Count scans"))
def count_scans(run: Run) -> None:
    run.result = {"scans": fold_scans()}
