"""What a brief asks for at least is in the plan, and what is too dear is not; what cannot be had is said by name."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns import explain
from campaigns.forms import BriefForm
from campaigns.models import Campaign, Format, Mode, Placement
from campaigns.services.planning import make_plan
from campaigns.services.problems import NothingToPlan, build_problem
from geo.models import Area
from jobs.models import Job
from jobs.worker import work_once


def filled(campaign: Campaign, **changes: Any) -> BriefForm:
    """The form of `campaign` as its page shows it, sent back with some fields changed."""
    shown = BriefForm(instance=campaign, area=campaign.area)
    values = {name: shown[name].value() for name in shown.fields}
    return BriefForm({**values, **changes}, instance=campaign, area=campaign.area)


def least_street(form: BriefForm, street: str) -> str:
    """Name of the field of a street."""
    return next(name for (_by, of), (name, _label) in form.minimum_names.items() if of == street)


def test_what_is_typed_into_the_brief_comes_back_in_it(campaign: Campaign) -> None:
    street = least_street(BriefForm(instance=campaign, area=campaign.area), "西街")
    form = filled(
        campaign, least_format_shelter="3", least_category_school="1", ceiling_cny="1，200.5", **{street: "2"}
    )
    assert form.is_valid(), form.errors
    form.save()
    saved = Campaign.objects.get(pk=campaign.pk)
    assert saved.minima == {"format": {"shelter": 3}, "category": {"school": 1}, "street": {"西街": 2}}
    assert saved.ceiling_cny == Decimal("1200.5")
    again = BriefForm(instance=saved, area=saved.area)
    assert (again["least_format_shelter"].value(), again[street].value()) == (3, 2)
    assert again["ceiling_cny"].value() == "1,200.50"
    assert again.has_wishes


def test_an_empty_brief_asks_for_nothing_and_stays_folded(campaign: Campaign) -> None:
    form = filled(campaign, least_format_shelter="", least_category_mall="0", ceiling_cny="")
    assert form.is_valid(), form.errors
    saved = form.save()
    assert (saved.minima, saved.ceiling_cny) == (None, None)
    assert not BriefForm(instance=saved, area=saved.area).has_wishes


def test_a_street_of_the_brief_that_has_nothing_on_sale_any_more_is_still_shown(campaign: Campaign) -> None:
    campaign.minima = {"street": {"西街": 1}}
    Placement.objects.filter(street="西街").update(street="")
    assert least_street(BriefForm(instance=campaign, area=campaign.area), "西街")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"least_format_shelter": "-1"}, "least_format_shelter"),
        ({"least_format_shelter": "1000"}, "least_format_shelter"),
        ({"ceiling_cny": "0"}, "ceiling_cny"),
        ({"ceiling_cny": "200", "mode": "cover"}, "ceiling_cny"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(campaign: Campaign, changes: dict[str, str], field: str) -> None:
    form = filled(campaign, **changes)
    assert list(form.errors) == [field]
    assert form.has_wishes


def test_the_plan_holds_what_the_brief_asks_for_at_least(campaign: Campaign) -> None:
    before = list(make_plan(campaign, iterations=200).picks.select_related("placement"))
    shelters = sum(pick.format == Format.SHELTER for pick in before)
    eastern = sum(pick.placement.street == "东街" for pick in before if pick.placement)
    campaign.minima = {"format": {"shelter": shelters + 3}, "street": {"东街": eastern + 2}}
    campaign.save()
    plan = make_plan(campaign, iterations=200)
    after = list(plan.picks.select_related("placement"))
    assert sum(pick.format == Format.SHELTER for pick in after) >= shelters + 3
    assert sum(pick.placement.street == "东街" for pick in after if pick.placement) >= eastern + 2
    assert plan.cost_cny <= campaign.budget_cny
    assert plan.parameters["minima"] == campaign.minima
    assert explain.minima(plan.parameters["minima"]) == f"候车亭至少 {shelters + 3} 个，东街至少 {eastern + 2} 个"


def test_a_placement_counts_for_a_kind_of_place_where_one_visitor_in_twenty_sees_it(campaign: Campaign) -> None:
    campaign.minima = {"category": {"school": 1}}
    planning = build_problem(campaign)
    members = set(planning.problem.minima[0].placements)
    school = planning.arrays.hotspots.category == 1
    contacts = planning.problem.contacts.toarray()[:, school].max(axis=1)
    seen = {row for row, most in enumerate(contacts) if 1 - 2.718281828459045**-most >= 0.05}
    assert members == seen
    assert 0 < len(members) < len(planning.placements)
    codes = {planning.placements[row].code for row in members}
    assert "shelter:s0:a" in codes  # at the school's door
    assert "shelter:s5:a" not in codes  # 2.5 km away


class TestWhatCannotBeHad:
    def test_too_few_on_sale_names_the_wish_and_what_there_is(self, campaign: Campaign) -> None:
        shelters = Placement.objects.filter(format=Format.SHELTER).count()
        campaign.minima = {"format": {"shelter": shelters + 1}}
        with pytest.raises(NothingToPlan, match=f"“候车亭”至少 {shelters + 1} 个.*最多只能有 {shelters} 个"):
            make_plan(campaign)

    def test_options_that_exclude_each_other_count_once(self, campaign: Campaign) -> None:
        bundles = Placement.objects.filter(format=Format.BODY).values("bundle").distinct().count()
        assert bundles < Placement.objects.filter(format=Format.BODY).count()
        campaign.minima = {"format": {"body": bundles + 1}}
        with pytest.raises(NothingToPlan, match=f"“公交车身”.*最多只能有 {bundles} 个"):
            make_plan(campaign)

    def test_what_is_excluded_does_not_count(self, campaign: Campaign) -> None:
        western = Placement.objects.filter(street="西街")
        campaign.never.set(western)
        campaign.minima = {"street": {"西街": 1}}
        with pytest.raises(NothingToPlan, match=r"“西街”.*最多只能有 0 个"):
            make_plan(campaign)

    def test_too_dear_together_says_so(self, campaign: Campaign) -> None:
        campaign.minima = {"format": {"shelter": 6}}
        campaign.budget_cny = Decimal(3_000)
        with pytest.raises(NothingToPlan, match=r"最少数量.*超过.*预算"):
            make_plan(campaign)

    def test_the_page_says_it_where_the_plan_would_be(self, planner: Any, campaign: Campaign) -> None:
        client = Client()
        client.force_login(planner)
        values = {name: value for name, value in filled(campaign).data.items() if value is not None}
        answer = client.post(
            reverse("campaigns:compute", args=["town"]),
            {**values, "campaign": campaign.pk, "least_category_government": "1"},
        )
        assert answer.status_code == 302, answer.content.decode()
        work_once()
        assert Job.objects.get(kind="campaigns.plan").state == Job.State.FAILED
        page = client.get(reverse("campaigns:area", args=["town"])).content.decode()
        assert "“政府机关”至少 1 个" in page
        assert '<details class="wishes" open>' in page


class TestCeiling:
    def test_what_brings_less_for_its_money_is_not_bought(self, campaign: Campaign) -> None:
        everything = make_plan(campaign, iterations=200)
        dearest = max(1000 * float(pick.cost_cny) / (pick.marginal * persons(campaign)) for pick in picks(everything))
        campaign.ceiling_cny = Decimal(f"{dearest / 2:.2f}")
        plan = make_plan(campaign, iterations=200)
        assert 0 < plan.cost_cny < everything.cost_cny
        limit = float(campaign.ceiling_cny)
        assert all(1000 * float(pick.cost_cny) <= limit * pick.marginal * persons(campaign) for pick in picks(plan))
        assert plan.parameters["ceiling_cny"] == f"{campaign.ceiling_cny:.2f}"

    def test_the_proof_speaks_of_the_money_spent(self, campaign: Campaign) -> None:
        for mode in (Mode.REACH, Mode.IMPRESSIONS):
            campaign.mode, campaign.ceiling_cny = mode, None
            assert "同样的预算" in explain.certificate(make_plan(campaign, iterations=50))
            campaign.ceiling_cny = Decimal(10_000)
            assert "不超过本方案" in explain.certificate(make_plan(campaign, iterations=50))

    def test_a_limit_below_everything_on_sale_is_explained(self, campaign: Campaign) -> None:
        campaign.ceiling_cny = Decimal("0.01")
        with pytest.raises(NothingToPlan, match="调高上限"):
            make_plan(campaign)


def picks(plan: Any) -> list[Any]:
    return list(plan.picks.all())


def persons(campaign: Campaign) -> float:
    return float(build_problem(campaign).persons.sum())


def test_an_area_without_streets_has_no_group_of_streets(town: Area, campaign: Campaign) -> None:
    Placement.objects.update(street="")
    legends = [legend for legend, _fields in BriefForm(instance=campaign, area=town).minimum_fields]
    assert legends == ["按媒体", "按场所类别"]
