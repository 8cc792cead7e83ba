"""The planner's first page: one button, and no button that would be refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from jobs.models import Job
from trust.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def brief(town):
    return Campaign.objects.create(
        area=town,
        name="示例活动",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 28),
        budget_cny=Decimal(20_000),
    )


def test_one_press_on_the_admins_first_page_asks_for_a_plan(client, planner, brief):
    client.force_login(planner)
    assert reverse("campaigns:compute_saved", args=[brief.pk]) in client.get("/admin/").content.decode()
    answer = client.post(reverse("campaigns:compute_saved", args=[brief.pk]))
    assert answer.url.startswith(reverse("campaigns:area", args=["town"]))
    assert Job.objects.get(kind="campaigns.plan").payload["campaign"] == brief.pk


def test_who_may_not_plan_sees_no_button_and_is_refused(client, person, brief):
    client.force_login(person("editor-wu", Role.EDITOR))
    assert "campaigns/" not in client.get("/admin/").content.decode()
    assert client.post(reverse("campaigns:compute_saved", args=[brief.pk])).status_code == 403
    assert not Job.objects.filter(kind="campaigns.plan").exists()
