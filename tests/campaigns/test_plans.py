"""A plan is what its inputs say, is kept as it was, and needs a second person before money is spent."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied

from campaigns import explain
from campaigns.models import AdCode, Booking, BookingConflict, Campaign, Format, Mode, Placement, PlanPick, PlanVersion
from campaigns.services.booking import NotApproved, approve_plan, book_plan, plan_is_approved
from campaigns.services.exports import badge_label
from campaigns.services.planning import cumulative_reach, make_plan, plan_fingerprint
from campaigns.services.problems import NothingToPlan, build_problem
from geo.core.coefficients import COEFFICIENTS
from geo.models import Hotspot
from trust.models import AppendOnlyError, AuditEvent
from trust.roles import Role


def value(key: str) -> float:
    return COEFFICIENTS.value(key, "central")


def level_kept() -> float:
    """What the town's other faces lose where two places lie beside one stop, and this one gains: k of the model."""
    next_stop = 1 / math.hypot(1, 514.0 / value("door_m"))  # a place at the next stop
    power = value("place_power")
    # Departures times visits at hand, stop by stop: the school, the mall and the park lie at the stops 0, 3 and 5.
    alone = 120 * 900 * (1 + next_stop) + 120 * 4000 * next_stop + 240 * 4000 + 240 * 700
    fourth = 240 * 4000 * next_stop  # between the mall and the park
    return (alone + fourth * (1 + 700 / 4000)) / (alone + fourth * (1 + (700 / 4000) ** power) ** (1 / power))


@pytest.fixture
def plan(campaign: Campaign, planner: Any) -> PlanVersion:
    return make_plan(campaign, iterations=200, user=planner)


class TestProblem:
    def test_a_face_at_the_door_brings_the_contacts_of_the_formula(self, campaign: Campaign) -> None:
        planning = build_problem(campaign)
        row = [placement.code for placement in planning.placements].index("shelter:s0:a")
        column = list(planning.arrays.hotspot_ids).index(Hotspot.objects.get(code="school").pk)
        departures = 2 * 60.0  # both directions of line 1 stop here
        served = 1 - math.exp(-departures / value("service_trips"))
        visits = max(1.0, value("visits_per_day.school") * 28)
        looks = math.hypot(3.5, 1.5) / value("shelter_diagonal_m")
        expected = visits * value("pass_share") * served * level_kept() * (1 - (1 - value("notice_shelter")) ** looks)
        assert planning.problem.contacts[row, column] == pytest.approx(expected, rel=1e-4)

    def test_wrapped_buses_on_the_road_past_the_door_bring_the_contacts_of_the_formula(
        self, campaign: Campaign
    ) -> None:
        planning = build_problem(campaign)
        row = [placement.code for placement in planning.placements].index("body:1:4")
        column = list(planning.arrays.hotspot_ids).index(Hotspot.objects.get(code="park").pk)
        passes = 2 * 60.0 * 4 / 10  # both directions, four of ten buses
        service = 900.0 * 60 / 59  # from the first departure to one headway after the last
        visits = max(1.0, value("visits_per_day.park") * 28)
        expected = visits * passes * value("outdoor_minutes.park") / service * value("notice_body")
        assert planning.problem.contacts[row, column] == pytest.approx(expected, rel=1e-3)

    def test_people_costs_bundles_and_weights_are_those_of_the_tables(self, campaign: Campaign) -> None:
        campaign.priorities["mall"] = 0.5
        campaign.save()
        planning = build_problem(campaign)
        column = list(planning.arrays.hotspot_ids).index(Hotspot.objects.get(code="mall").pk)
        persons = 4000.0 * 28 / max(1.0, value("visits_per_day.mall") * 28)
        assert planning.persons[column] == pytest.approx(persons)
        assert planning.problem.persons[column] == pytest.approx(persons * 0.5)
        codes = [placement.code for placement in planning.placements]
        assert planning.problem.cost_cny[codes.index("shelter:s0:a")] == 1100.0
        bundles = planning.problem.bundles
        assert bundles[codes.index("body:1:2")] == bundles[codes.index("body:1:4")] >= 0
        assert bundles[codes.index("shelter:s0:a")] == -1

    def test_a_far_village_is_seen_by_nothing(self, campaign: Campaign) -> None:
        planning = build_problem(campaign)
        column = list(planning.arrays.hotspot_ids).index(Hotspot.objects.get(code="far").pk)
        assert planning.problem.contacts[:, [column]].sum() == 0.0

    def test_rows_of_a_subset_are_those_of_the_whole(self, campaign: Campaign) -> None:
        planning = build_problem(campaign)
        some = [3, 0, 11, 7]
        contacts, _persons = planning.contacts(some, "central")
        assert np.array_equal(contacts.toarray(), planning.problem.contacts.toarray()[some])

    def test_what_another_campaign_holds_is_not_offered_nor_the_rest_of_its_bundle(self, campaign: Campaign) -> None:
        taken = Placement.objects.get(code="body:1:2")
        Booking.objects.create(placement=taken, starts_on=date(2026, 12, 20), ends_on=date(2027, 1, 5))
        codes = [placement.code for placement in build_problem(campaign).placements]
        assert not [code for code in codes if code.startswith("body:1:")]
        assert "body:2:2" in codes

    def test_the_fingerprint_changes_with_a_price_and_with_nothing_else(self, campaign: Campaign) -> None:
        first = build_problem(campaign).inputs_sha256
        assert build_problem(campaign).inputs_sha256 == first
        Placement.objects.filter(code="shelter:s1:a").update(net_price_cny=999)
        assert build_problem(campaign).inputs_sha256 != first


class TestPlan:
    def test_the_same_inputs_give_the_same_plan(self, campaign: Campaign, plan: PlanVersion) -> None:
        again = make_plan(campaign, iterations=200)
        assert (again.number, plan.number) == (2, 1)
        assert again.sha256 == plan.sha256
        assert [pick.code for pick in again.picks.all()] == [pick.code for pick in plan.picks.all()]

    def test_it_keeps_to_the_budget_and_to_one_option_of_a_bundle(self, plan: PlanVersion) -> None:
        picks = list(plan.picks.select_related("placement"))
        assert 0 < plan.cost_cny <= Decimal(20_000)
        assert plan.cost_cny == sum(pick.placement.cost_cny(28) for pick in picks)
        bundles = [pick.placement.bundle for pick in picks if pick.placement.bundle]
        assert len(bundles) == len(set(bundles))

    def test_its_reach_is_that_of_its_picks_recomputed_by_hand(self, campaign: Campaign, plan: PlanVersion) -> None:
        planning = build_problem(campaign)
        index = {placement.code: row for row, placement in enumerate(planning.placements)}
        rows = planning.problem.contacts.toarray()[[index[pick.code] for pick in plan.picks.all()]]
        persons = planning.persons
        reach = float((persons * (1 - np.exp(-rows.sum(axis=0)))).sum() / persons.sum())
        assert plan.reach == pytest.approx(reach)
        assert plan.picks.last().cumulative_reach == pytest.approx(reach)  # type: ignore[union-attr]
        assert sum(pick.marginal for pick in plan.picks.all()) == pytest.approx(reach)
        assert plan.impressions == pytest.approx(float((persons * rows.sum(axis=0)).sum()))
        assert plan.cpm_cny == pytest.approx(1000 * float(plan.cost_cny) / plan.impressions)

    def test_the_bound_holds_for_every_plan_that_can_be_tried(self, campaign: Campaign, plan: PlanVersion) -> None:
        planning = build_problem(campaign)
        generator = np.random.default_rng(7)
        dense, costs = planning.problem.contacts.toarray(), planning.problem.cost_cny
        best = 0.0
        for _ in range(2000):
            left, used, chosen = planning.problem.budget_cny, set(), []
            for row in generator.permutation(len(costs)):
                bundle = planning.problem.bundles[row]
                if costs[row] <= left and (bundle < 0 or bundle not in used):
                    chosen.append(row)
                    used.add(bundle)
                    left -= costs[row]
            best = max(best, float((planning.problem.persons * (1 - np.exp(-dense[chosen].sum(axis=0)))).sum()))
        assert best <= plan.bound * (1 + 1e-9)
        assert plan.value >= best * (1 - 1e-9)
        assert plan.attained == pytest.approx(plan.value / plan.bound)

    def test_low_central_and_high_stand_in_order(self, plan: PlanVersion) -> None:
        assert 0 < plan.reach_low <= plan.reach <= plan.reach_high <= 1
        assert plan.result["low"]["impressions"] < plan.result["high"]["impressions"]

    def test_locked_is_in_and_excluded_is_out(self, campaign: Campaign, plan: PlanVersion) -> None:
        first = plan.picks.first()
        assert first is not None
        other = Placement.objects.on_sale().filter(format=Format.SHELTER).order_by("net_price_cny", "-code").first()
        assert other is not None
        campaign.never.add(first.placement)
        campaign.must_have.add(other)
        codes = {pick.code: pick for pick in make_plan(campaign, iterations=200).picks.all()}
        assert first.code not in codes or first.placement == other
        assert codes[other.code].facts["locked"]

    def test_every_aim_can_be_planned(self, campaign: Campaign) -> None:
        for mode in Mode.values:
            campaign.mode = mode
            campaign.cover_threshold = 0.01
            campaign.save()
            made = make_plan(campaign, iterations=100)
            assert made.mode == mode
            assert 0 < made.attained <= 1
            assert explain.certificate(made)
        assert made.result["unreachable"] == [Hotspot.objects.get(code="far").pk]

    @pytest.mark.parametrize(
        "changes", [{"budget_cny": Decimal(5)}, {"formats": [Format.SCREEN], "budget_cny": Decimal(100)}]
    )
    def test_a_budget_for_nothing_is_explained(self, campaign: Campaign, changes: dict[str, Any]) -> None:
        for name, wanted in changes.items():
            setattr(campaign, name, wanted)
        with pytest.raises(NothingToPlan):
            make_plan(campaign)
        assert not PlanVersion.objects.exists()

    def test_priorities_of_nought_are_explained(self, campaign: Campaign) -> None:
        campaign.priorities = dict.fromkeys(campaign.priorities, 0.0)
        with pytest.raises(NothingToPlan):
            make_plan(campaign)

    def test_locks_beyond_the_budget_are_explained(self, campaign: Campaign) -> None:
        campaign.must_have.add(Placement.objects.get(code="body:1:8"))
        with pytest.raises(NothingToPlan):
            make_plan(campaign)

    def test_what_progress_raises_leaves_nothing_behind(self, campaign: Campaign) -> None:
        class Stop(Exception):
            pass

        def stop(percent: float, note: str) -> None:
            if percent > 15:
                raise Stop

        with pytest.raises(Stop):
            make_plan(campaign, progress=stop)
        assert not PlanVersion.objects.exists()

    def test_each_pick_says_why(self, plan: PlanVersion) -> None:
        assert all(explain.reason(pick) for pick in plan.picks.all())


class TestKeeping:
    def test_a_stored_plan_cannot_be_changed_or_deleted(self, plan: PlanVersion) -> None:
        plan.reach = 0.99
        with pytest.raises(AppendOnlyError):
            plan.save()
        with pytest.raises(AppendOnlyError):
            plan.delete()
        with pytest.raises(AppendOnlyError):
            PlanVersion.objects.update(reach=0.99)
        with pytest.raises(AppendOnlyError):
            PlanPick.objects.filter(plan=plan).delete()
        assert PlanVersion.objects.get().reach < 0.99

    def test_the_fingerprint_of_what_is_stored_is_the_one_approved(self, plan: PlanVersion) -> None:
        stored = PlanVersion.objects.get()
        assert plan_fingerprint(stored, list(stored.picks.all())) == plan.sha256

    def test_a_new_price_leaves_an_old_plan_as_it_was(self, plan: PlanVersion) -> None:
        before = [(pick.name, pick.cost_cny) for pick in plan.picks.all()]
        Placement.objects.update(name="改名", net_price_cny=1)
        assert [(pick.name, pick.cost_cny) for pick in PlanVersion.objects.get().picks.all()] == before


class TestSecondPerson:
    def test_nobody_approves_their_own_plan_and_the_refusal_is_kept(self, plan: PlanVersion, planner: Any) -> None:
        with pytest.raises(PermissionDenied):
            approve_plan(plan, planner)
        assert not plan_is_approved(plan)
        assert AuditEvent.objects.filter(action="approval", outcome="refused", actor=planner).exists()

    def test_whoever_wrote_the_brief_cannot_approve_what_another_computed(
        self, campaign: Campaign, planner: Any, person: Any
    ) -> None:
        made = make_plan(campaign, iterations=50, user=person("wang", Role.PLANNER))
        with pytest.raises(PermissionDenied):
            approve_plan(made, planner)

    def test_superusers_are_bound_too(self, campaign: Campaign, planner: Any) -> None:
        planner.is_superuser = True
        planner.save()
        with pytest.raises(PermissionDenied):
            approve_plan(make_plan(campaign, iterations=50, user=planner), planner)

    def test_an_unapproved_plan_is_not_booked(self, plan: PlanVersion, planner: Any) -> None:
        with pytest.raises(NotApproved):
            book_plan(plan, planner)
        assert not Booking.objects.exists()

    def test_an_approved_plan_is_booked_once_with_a_code_for_each_ad(
        self, plan: PlanVersion, planner: Any, person: Any
    ) -> None:
        approve_plan(plan, person("wang", Role.PLANNER))
        made = book_plan(plan, planner)
        assert len(made) == plan.picks.count() == AdCode.objects.count()
        assert {booking.starts_on for booking in made} == {date(2026, 12, 1)}
        assert book_plan(plan, planner) == []

    def test_one_taken_placement_leaves_the_whole_plan_unbooked(
        self, plan: PlanVersion, planner: Any, person: Any
    ) -> None:
        approve_plan(plan, person("wang", Role.PLANNER))
        last = plan.picks.order_by("placement").last()
        assert last is not None
        Booking.objects.create(placement=last.placement, starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 6))
        with pytest.raises(BookingConflict):
            book_plan(plan, planner)
        assert Booking.objects.filter(plan=plan).count() == 0
        assert not AdCode.objects.exists()


def test_reach_of_overlapping_ads_is_not_added_up() -> None:
    from scipy import sparse

    contacts = sparse.csr_array(np.array([[math.log(2), 0.0], [math.log(2), math.log(4)]]))
    alone, together = cumulative_reach(contacts, np.array([100.0, 300.0]))
    assert alone.tolist() == pytest.approx([50 / 400, (50 + 225) / 400])
    assert together.tolist() == pytest.approx([50 / 400, (75 + 225) / 400])


@pytest.mark.parametrize(
    ("share", "floor", "ceiling"),
    [(0.98765, "98.7", "98.8"), (1.0, "100.0", "100.0"), (0.987, "98.7", "98.7")],
)
def test_what_is_proved_is_rounded_down_and_what_cannot_be_exceeded_up(share: float, floor: str, ceiling: str) -> None:
    assert explain.floor_percent(share) == floor
    assert explain.ceil_percent(share) == ceiling


@pytest.mark.parametrize(
    ("line", "label"),
    [("TR60 TRONCAL TRIANGULO", "TR60"), ("示例12路", "示例12路"), ("Circular-Praça-XV", ""), ("", "")],
)
def test_a_badge_on_the_map_carries_a_short_name_or_none(line: str, label: str) -> None:
    assert badge_label(line) == label
