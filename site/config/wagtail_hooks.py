"""Admin screens that need two apps which may not know each other."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from campaigns.models import Campaign
from campaigns.services.booking import plan_is_approved, plan_makers
from config.jobs_desk import JobList
from trust.waiting import Waiting, waiting_source


@hooks.register("register_admin_viewset")
def register_job_list() -> JobList:
    return JobList("jobs")


@waiting_source
def plans_to_approve(user: Any) -> list[Waiting]:
    """The newest plan of each campaign, where nobody has approved it and `user` may."""
    if not user.has_perm("campaigns.approve_planversion"):
        return []
    found = []
    for campaign in Campaign.objects.prefetch_related("plans"):
        plan = campaign.plans.first()
        if plan is not None and user not in plan_makers(plan) and not plan_is_approved(plan):
            found.append(Waiting(gettext("Plan to approve"), str(plan), plan.get_absolute_url(), plan.created_at))
    return found


@hooks.register("construct_help_menu")
def leave_foreign_guides_out(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's help leads to pages in English on hosts that a closed network does not reach."""
    items[:] = [item for item in items if not item.url.startswith("http")]
