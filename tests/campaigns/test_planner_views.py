"""The planner's pages: who gets in, what the button does, and that everything on the map is also to be read."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Booking, Campaign, Placement, PlanVersion
from campaigns.services.booking import approve_plan
from campaigns.services.planning import make_plan
from geo.models import Area, Hotspot
from jobs.models import Job
from jobs.worker import work_once
from trust.models import AuditEvent
from trust.roles import Role


@pytest.fixture
def desk(planner: Any) -> Client:
    client = Client()
    client.force_login(planner)
    return client


@pytest.fixture
def plan(campaign: Campaign, planner: Any) -> PlanVersion:
    return make_plan(campaign, iterations=100, user=planner)


def brief(campaign: Campaign | None = None, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": "新活动",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-28",
        "budget_cny": "20,000",
        "mode": "reach",
        "formats": ["shelter", "body", "screen"],
    }
    values |= {f"priority_{name}": "1" for name in ("government", "school", "park", "mall", "village")}
    if campaign:
        values["campaign"] = campaign.pk
    return values | changes


PAGES = ["area", "tables", "layers", "plan", "report", "plan_map", "plan_geojson", "plan_csv", "bookings", "planner"]


def address(name: str, plan: PlanVersion) -> str:
    if name in {"area", "tables", "layers"}:
        return reverse(f"campaigns:{name}", args=[plan.campaign.area.slug])
    return reverse(f"campaigns:{name}", args=[] if name in {"bookings", "planner"} else [plan.pk])


class TestAccess:
    @pytest.mark.parametrize("name", PAGES)
    def test_a_visitor_is_asked_to_log_in(self, plan: PlanVersion, name: str) -> None:
        answer = Client().get(address(name, plan))
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]

    @pytest.mark.parametrize("name", PAGES)
    def test_an_editor_without_the_role_is_refused(self, plan: PlanVersion, person: Any, name: str) -> None:
        client = Client()
        client.force_login(person("editor", Role.EDITOR))
        assert client.get(address(name, plan)).status_code == 403

    @pytest.mark.parametrize("name", PAGES)
    def test_a_planner_gets_in_and_nothing_is_cached(self, desk: Client, plan: PlanVersion, name: str) -> None:
        answer = desk.get(address(name, plan), follow=True)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]

    def test_an_auditor_reads_and_can_neither_compute_nor_approve_nor_book(
        self, plan: PlanVersion, person: Any
    ) -> None:
        client = Client()
        client.force_login(person("auditor", Role.AUDITOR))
        page = client.get(plan.get_absolute_url())
        assert page.status_code == 200
        assert '<button type="submit"' not in page.content.decode()
        for name in ("approve", "book"):
            assert client.post(reverse(f"campaigns:{name}", args=[plan.pk])).status_code == 403
        assert client.post(reverse("campaigns:compute", args=["town"]), brief()).status_code == 403
        assert client.post(reverse("campaigns:mark", args=[plan.pk, 1]), {"wish": "lock"}).status_code == 403

    def test_deeds_are_not_done_by_following_a_link(self, desk: Client, plan: PlanVersion) -> None:
        for name in ("approve", "book"):
            assert desk.get(reverse(f"campaigns:{name}", args=[plan.pk])).status_code == 405


class TestTheButton:
    def test_it_keeps_the_brief_and_asks_for_one_plan(self, desk: Client, campaign: Campaign, planner: Any) -> None:
        compute = reverse("campaigns:compute", args=["town"])
        first = desk.post(compute, brief(priority_school="1.5"))
        made = Campaign.objects.exclude(pk=campaign.pk).get()
        assert first.status_code == 302
        assert (made.budget_cny, made.days, made.weight("school")) == (Decimal(20_000), 28, 1.5)
        assert made.created_by == planner
        desk.post(compute, brief(made))
        assert Job.objects.filter(kind="campaigns.plan").count() == 1

    def test_the_page_waits_and_then_shows_the_plan(self, desk: Client, campaign: Campaign, planner: Any) -> None:
        answer = desk.post(
            reverse("campaigns:compute", args=["town"]), brief(campaign, name=campaign.name), follow=True
        )
        page = answer.content.decode()
        assert 'http-equiv="refresh"' in page  # without script
        job = Job.objects.get(kind="campaigns.plan")
        status = reverse("campaigns:job_status", args=[job.pk])
        assert desk.get(status).json()["open"] is True
        assert work_once() == 1
        plan = PlanVersion.objects.get()
        assert plan.created_by == planner
        ended = desk.get(status).json()
        assert (ended["state"], ended["open"], ended["plan_url"]) == ("done", False, plan.get_absolute_url())
        page = desk.get(reverse("campaigns:area", args=["town"])).content.decode()
        assert 'http-equiv="refresh"' not in page
        assert "本方案至少达到理论最优的" in page
        assert all(pick.name in page for pick in plan.picks.all())

    def test_scores_and_placements_are_made_first_where_they_are_missing(
        self, desk: Client, town: Area, planner: Any
    ) -> None:
        from geo.models import RouteScore

        desk.post(reverse("campaigns:compute", args=["town"]), brief())
        assert work_once() == 1
        assert RouteScore.objects.count() == 4
        assert Placement.objects.exists()
        assert town.rate_cards.get().is_sample
        assert PlanVersion.objects.count() == 1

    def test_a_brief_that_cannot_be_planned_says_why(self, desk: Client, campaign: Campaign) -> None:
        desk.post(reverse("campaigns:compute", args=["town"]), brief(campaign, budget_cny="3"))
        work_once()
        page = desk.get(f"{reverse('campaigns:area', args=['town'])}?campaign={campaign.pk}").content.decode()
        assert "预算低于最便宜的点位" in page

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"ends_on": "2026-11-01"}, "下刊日期早于上刊日期"),
            ({"formats": []}, "至少选一种媒体"),
            ({"budget_cny": "0"}, "1"),
            ({"name": ""}, 'id="error-name"'),
        ],
    )
    def test_a_wrong_field_is_named_and_nothing_is_saved(
        self, desk: Client, town: Area, changes: dict[str, Any], said: str
    ) -> None:
        answer = desk.post(reverse("campaigns:compute", args=["town"]), brief(**changes))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Campaign.objects.exists()
        assert not Job.objects.exists()

    def test_a_campaign_of_another_area_is_not_found(self, desk: Client, campaign: Campaign) -> None:
        Area.objects.create(slug="elsewhere", name="别处")
        answer = desk.post(reverse("campaigns:compute", args=["elsewhere"]), brief(campaign))
        assert answer.status_code == 404


class TestMarks:
    def test_a_lock_and_an_exclusion_replace_each_other(
        self, desk: Client, plan: PlanVersion, campaign: Campaign
    ) -> None:
        pick = plan.picks.get(order=1)
        mark = reverse("campaigns:mark", args=[plan.pk, 1])
        desk.post(mark, {"wish": "lock"})
        assert list(campaign.must_have.all()) == [pick.placement]
        desk.post(mark, {"wish": "exclude"})
        assert (campaign.must_have.count(), list(campaign.never.all())) == (0, [pick.placement])
        desk.post(mark, {"wish": "free"})
        assert (campaign.must_have.count(), campaign.never.count()) == (0, 0)


class TestSecondPerson:
    def test_the_maker_is_told_to_ask_somebody_else(self, desk: Client, plan: PlanVersion, planner: Any) -> None:
        page = desk.post(reverse("campaigns:approve", args=[plan.pk]), follow=True).content.decode()
        assert "另一位同事" in page
        assert AuditEvent.objects.filter(action="approval", outcome="refused", actor=planner).count() == 1

    def test_booking_before_approval_is_refused(self, desk: Client, plan: PlanVersion) -> None:
        page = desk.post(reverse("campaigns:book", args=[plan.pk]), follow=True).content.decode()
        assert "须经另一位同事审核" in page
        assert not Booking.objects.exists()

    def test_after_a_second_person_it_is_booked_and_stands_in_the_schedule(
        self, desk: Client, plan: PlanVersion, person: Any
    ) -> None:
        other = Client()
        other.force_login(person("wang", Role.PLANNER))
        other.post(reverse("campaigns:approve", args=[plan.pk]))
        desk.post(reverse("campaigns:book", args=[plan.pk]))
        assert Booking.objects.filter(plan=plan).count() == plan.picks.count()
        page = desk.get(reverse("campaigns:bookings")).content.decode()
        assert all(pick.name in page for pick in plan.picks.all())
        assert "/q/" in page

    def test_a_taken_placement_is_named(self, desk: Client, plan: PlanVersion, person: Any) -> None:
        approve_plan(plan, person("wang", Role.PLANNER))
        first = plan.picks.first()
        assert first is not None
        Booking.objects.create(placement=first.placement, starts_on="2026-12-03", ends_on="2026-12-04")
        page = desk.post(reverse("campaigns:book", args=[plan.pk]), follow=True).content.decode()
        assert f"{first.name}在" in page
        assert "已被占用" in page


class TestData:
    def test_the_map_gets_every_layer_and_the_numbered_picks(self, desk: Client, plan: PlanVersion) -> None:
        data = desk.get(reverse("campaigns:layers", args=["town"]), {"plan": plan.pk}).json()
        assert {"routes", "hotspots", "base", "boundary", "placements", "picks"} <= data.keys()
        assert [feature["properties"]["order"] for feature in data["picks"]["features"]] == list(
            range(1, plan.picks.count() + 1)
        )
        assert len(data["placements"]["features"]) == 6

    def test_everything_on_the_map_is_in_the_tables(self, desk: Client, plan: PlanVersion) -> None:
        page = desk.get(reverse("campaigns:tables", args=["town"])).content.decode()
        data = desk.get(reverse("campaigns:layers", args=["town"])).json()
        for layer in ("hotspots", "placements", "routes"):
            for feature in data[layer]["features"]:
                assert feature["properties"]["name"] in page

    def test_the_csv_has_a_row_for_each_pick_and_no_formula(
        self, desk: Client, campaign: Campaign, planner: Any
    ) -> None:
        Placement.objects.filter(code="shelter:s3:a").update(name="=HYPERLINK(1)", follows_rate_card=False)
        campaign.must_have.add(Placement.objects.get(code="shelter:s3:a"))
        plan = make_plan(campaign, iterations=50, user=planner)
        text = desk.get(reverse("campaigns:plan_csv", args=[plan.pk])).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == plan.picks.count()
        assert sum(Decimal(row["花费（元）"]) for row in rows) == plan.cost_cny
        assert "'=HYPERLINK(1)" in {row["点位"] for row in rows}

    def test_the_geojson_lies_in_the_town(self, desk: Client, plan: PlanVersion) -> None:
        answer = desk.get(reverse("campaigns:plan_geojson", args=[plan.pk]))
        assert answer["Content-Type"] == "application/geo+json"
        places = [place for place in json.loads(answer.content)["features"] if place["geometry"]["type"] == "Point"]
        for place in places:
            lon, lat = place["geometry"]["coordinates"]
            assert 112.9 < lon < 113.1
            assert lat == pytest.approx(22.6)

    def test_the_map_file_asks_no_other_file(self, desk: Client, plan: PlanVersion) -> None:
        answer = desk.get(reverse("campaigns:plan_map", args=[plan.pk]))
        page = answer.content.decode()
        assert "attachment" in answer["Content-Disposition"]
        assert "<script src" not in page
        assert "<link" not in page
        assert json.dumps(plan.picks.get(order=1).name)[1:-1] in page


def test_without_any_area_the_page_says_what_to_do(desk: Client) -> None:
    page = desk.get(reverse("campaigns:planner"))
    assert page.status_code == 200
    assert "import_network" in page.content.decode()


def test_the_districts_own_area_comes_first(desk: Client, town: Area) -> None:
    Area.objects.create(slug="pengjiang", name="蓬江区（示例）")
    Area.objects.create(slug="aaa", name="AAA")
    answer = desk.get(reverse("campaigns:planner"))
    assert answer["Location"] == "/planner/pengjiang/"


def test_no_page_of_the_planner_has_an_inline_script_or_style(desk: Client, plan: PlanVersion) -> None:
    import re

    for name in ("area", "plan", "report", "tables", "bookings"):
        page = desk.get(address(name, plan)).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page), name


def test_the_admin_has_a_way_in_and_lists(desk: Client, plan: PlanVersion) -> None:
    assert "/planner/" in desk.get("/admin/").content.decode()
    for name in ("ratecard", "placement", "booking", "adcode"):
        assert desk.get(f"/admin/{name}/").status_code == 200
    assert desk.get(f"/admin/placement/edit/{Placement.objects.first().pk}/").status_code == 200  # type: ignore[union-attr]
    assert Hotspot.objects.count() == 4
