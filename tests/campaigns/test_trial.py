"""The answer while somebody drags: the same model as the plan's, from memory that knows when it is out of date."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Booking, Campaign, Placement, PlanVersion
from campaigns.services import trial
from campaigns.services.marks import Marks, keep, saved_marks
from campaigns.services.planning import make_plan
from campaigns.services.problems import NothingToPlan, flight_for, offer_for
from campaigns.services.trial import offer_from_memory, try_plan
from geo.models import Hotspot
from trust.roles import Role


@pytest.fixture(autouse=True)
def _forget() -> None:
    trial._kept.clear()


def answered(campaign: Campaign, **marks: frozenset[int]) -> set[int]:
    return {pick.placement_id for pick in try_plan(campaign, Marks(**marks)).picks}


class TestAnswer:
    def test_it_says_what_a_stored_plan_says_and_stores_nothing(self, campaign: Campaign) -> None:
        found = try_plan(campaign, Marks()).plan
        assert not PlanVersion.objects.exists()
        stored = make_plan(campaign, iterations=trial.ROUNDS)
        for name in ("reach_low", "reach", "reach_high", "impressions", "frequency", "cpm_cny"):
            assert getattr(found, name) == pytest.approx(getattr(stored, name), rel=1e-9), name
        assert found.cost_cny == stored.cost_cny
        assert found.inputs_sha256 == stored.inputs_sha256
        assert found.parameters == stored.parameters
        assert found.bound >= stored.value * (1 - 1e-9)

    def test_more_money_reaches_more(self, campaign: Campaign) -> None:
        reaches = []
        for budget in (3_000, 8_000, 20_000, 40_000):
            campaign.budget_cny = Decimal(budget)
            plan = try_plan(campaign, Marks()).plan
            assert plan.cost_cny <= budget
            reaches.append(plan.reach)
        assert reaches == sorted(reaches)
        assert reaches[0] < reaches[-1]

    def test_marks_not_saved_yet_are_kept(self, campaign: Campaign) -> None:
        free = answered(campaign)
        out = next(iter(free))
        unpicked = Placement.objects.filter(format="shelter").exclude(pk__in=free).first()
        assert unpicked is not None
        assert out not in answered(campaign, excluded=frozenset([out]))
        assert unpicked.pk in answered(campaign, locked=frozenset([unpicked.pk]))
        assert saved_marks(campaign) == Marks()

    def test_leaving_one_out_puts_nothing_in_its_place_and_the_bound_stays(self, campaign: Campaign) -> None:
        whole = try_plan(campaign, Marks())
        first = whole.picks[0]
        part = try_plan(campaign, Marks(), frozenset([first.placement_id]))
        assert [pick.code for pick in part.picks] == [pick.code for pick in whole.picks[1:]]
        assert part.plan.cost_cny == whole.plan.cost_cny - first.cost_cny
        assert part.plan.reach < whole.plan.reach
        assert part.plan.bound == whole.plan.bound
        assert part.plan.attained == pytest.approx(part.plan.value / part.plan.bound)
        assert part.plan.value == pytest.approx(part.plan.reached_persons)  # nobody is preferred here

    def test_what_cannot_be_is_said(self, campaign: Campaign) -> None:
        campaign.budget_cny = Decimal(10)
        with pytest.raises(NothingToPlan):
            try_plan(campaign, Marks())


class TestMemory:
    def test_a_second_answer_reads_no_network(self, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
        before = answered(campaign)

        def never(*_args: Any) -> None:
            raise AssertionError("the network was read again")

        monkeypatch.setattr(trial, "load_area", never)
        assert answered(campaign) == before

    def test_it_is_what_the_tables_hold(self, campaign: Campaign) -> None:
        campaign.formats = ["shelter"]
        kept, fresh = offer_from_memory(campaign), offer_for(campaign)
        assert kept.placements == fresh.placements
        assert (kept.contacts != fresh.contacts).nnz == 0
        assert (kept.persons == fresh.persons).all()

    @pytest.mark.parametrize("what", ["people", "price", "off sale", "new"])
    def test_a_change_is_seen_at_once(self, campaign: Campaign, what: str) -> None:
        before = offer_from_memory(campaign)
        place = Placement.objects.filter(format="shelter").order_by("code").first()
        assert place is not None
        if what == "people":
            Hotspot.objects.filter(code="mall").update(persons_per_day=9000)
        elif what == "price":
            Placement.objects.filter(pk=place.pk).update(net_price_cny=1)
        elif what == "off sale":
            Placement.objects.filter(pk=place.pk).update(is_active=False)
        else:
            place.pk, place.code, place._state.adding = None, "another", True
            place.save()
        assert offer_from_memory(campaign) is not before

    def test_what_another_campaign_holds_is_not_offered(self, campaign: Campaign) -> None:
        place = Placement.objects.filter(format="shelter").order_by("code").first()
        assert place is not None
        assert place in offer_from_memory(campaign).placements
        Booking.objects.create(placement=place, starts_on=campaign.starts_on, ends_on=campaign.ends_on, state="booked")
        assert place not in offer_from_memory(campaign).placements

    def test_ten_minutes_are_the_longest(self, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
        before = offer_from_memory(campaign)
        key = campaign.area_id, flight_for(campaign)
        trial._kept[key] = replace(trial._kept[key], until=0.0)
        assert offer_from_memory(campaign) is not before


class TestScreen:
    @pytest.fixture
    def desk(self, planner: Any) -> Client:
        client = Client()
        client.force_login(planner)
        return client

    def fields(self, campaign: Campaign | None = None, **changes: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "name": "试", "starts_on": "2026-12-01", "ends_on": "2026-12-28", "budget_cny": "20,000", "mode": "reach",
            "formats": ["shelter", "body", "screen"], "locked": "", "excluded": "", "without": "",
        }  # fmt: skip
        values |= {f"priority_{name}": "1" for name in ("government", "school", "park", "mall", "village")}
        return values | ({"campaign": campaign.pk} if campaign else {}) | changes

    def test_a_brief_that_was_never_saved_is_answered(self, desk: Client, campaign: Campaign) -> None:
        answer = desk.post(reverse("campaigns:trial", args=["town"]), self.fields())
        assert answer.status_code == 200
        found = answer.json()
        assert "到达率" in found["said"]
        assert found["picks"]["features"]
        assert " style=" not in found["html"]
        assert Campaign.objects.count() == 1

    def test_it_changes_nothing(self, desk: Client, campaign: Campaign) -> None:
        place = Placement.objects.filter(format="shelter").order_by("code").first()
        assert place is not None
        fields = self.fields(campaign, budget_cny="9000", locked=str(place.pk))
        found = desk.post(reverse("campaigns:trial", args=["town"]), fields).json()
        assert place.name in found["html"]
        campaign.refresh_from_db()
        assert campaign.budget_cny == 20_000
        assert saved_marks(campaign) == Marks()
        assert campaign.name == "示例活动"

    @pytest.mark.parametrize("change", [{"budget_cny": "viel"}, {"budget_cny": "10"}, {"ends_on": "2026-11-01"}])
    def test_what_is_wrong_is_said_in_one_sentence(
        self, desk: Client, campaign: Campaign, change: dict[str, str]
    ) -> None:
        answer = desk.post(reverse("campaigns:trial", args=["town"]), self.fields(campaign, **change))
        assert answer.status_code == 422
        assert answer.json()["error"]

    def test_who_may_only_look_gets_no_answer(self, campaign: Campaign, person: Any) -> None:
        client = Client()
        client.force_login(person("auditor", Role.AUDITOR))
        assert client.post(reverse("campaigns:trial", args=["town"]), self.fields(campaign)).status_code == 403

    def test_computing_keeps_the_marks_of_the_form(self, desk: Client, campaign: Campaign) -> None:
        first, second = Placement.objects.filter(format="shelter").order_by("code")[:2]
        fields = self.fields(campaign, locked=f"{first.pk},x,999999", excluded=f"{first.pk},{second.pk}")
        assert desk.post(reverse("campaigns:compute", args=["town"]), fields).status_code == 302
        assert saved_marks(campaign) == Marks(frozenset([first.pk]), frozenset([second.pk]))

    def test_a_form_without_marks_leaves_them_alone(self, desk: Client, campaign: Campaign) -> None:
        place = Placement.objects.filter(format="shelter").order_by("code").first()
        assert place is not None
        keep(campaign, Marks(frozenset([place.pk])))
        fields = self.fields(campaign)
        del fields["locked"]
        desk.post(reverse("campaigns:compute", args=["town"]), fields)
        assert saved_marks(campaign).locked == {place.pk}

    def test_what_is_not_picked_is_locked_and_excluded_from_the_table(self, desk: Client, campaign: Campaign) -> None:
        place = Placement.objects.filter(format="body").order_by("code").first()
        assert place is not None
        tables = reverse("campaigns:tables", args=["town"])
        page = desk.get(tables, {"campaign": campaign.pk, "format": "body"}).content.decode()
        assert f'id="placement-{place.pk}"' in page
        assert page.count('name="wish" value="lock"') == Placement.objects.filter(format="body").count()
        marked = reverse("campaigns:mark_placement", args=[campaign.pk])
        answer = desk.post(marked, {"placement": place.pk, "wish": "exclude", "format": "body"})
        assert answer["Location"].endswith(f"?campaign={campaign.pk}&format=body#placement-{place.pk}")
        assert saved_marks(campaign).excluded == {place.pk}
        assert "已排除" in desk.get(tables, {"campaign": campaign.pk, "format": "body"}).content.decode()

    def test_the_table_finds_by_name_or_street(self, desk: Client, campaign: Campaign) -> None:
        page = desk.get(reverse("campaigns:tables", args=["town"]), {"q": "第3站"}).content.decode()
        assert "第3站" in page
        assert page.count('id="placement-') == Placement.objects.filter(name__contains="第3站").count()
