"""From a brief to a stored plan: solve, measure at three levels, say why, and keep it for ever."""

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.models import Campaign, PlanPick, PlanVersion
from campaigns.services.facts import PickFacts, pick_shapes
from campaigns.services.minima import TooFew
from campaigns.services.problems import NothingToPlan, PlanningProblem, build_problem, fingerprint
from geo.core.audience import Outcome, outcome
from geo.core.coefficients import LEVELS, Level
from geo.core.optimise import solve
from geo.core.problem import ProblemError, Solution
from geo.core.records import CATEGORIES, Floats

SEED = 42
ITERATIONS = 2000
LIBRARIES = ("numpy", "scipy", "numba", "shapely", "pyproj")

Progress = Callable[[float, str], None]
"""Called with percent and a note for the person who waits; may raise to stop."""


@dataclass(frozen=True)
class Measured:
    """Figures of the chosen placements at one level of the coefficients."""

    raw: Outcome
    weighted_reach: float
    by_category: dict[str, float]


def make_plan(
    campaign: Campaign,
    *,
    seed: int = SEED,
    iterations: int = ITERATIONS,
    user: Any = None,
    progress: Progress | None = None,
) -> PlanVersion:
    """Compute and store the next plan of `campaign`.

    Raises NothingToPlan where the area has no people, nothing on sale, or the locked placements cost too much.
    What `progress` raises stops the work with nothing stored.
    """
    say = progress or _silent
    started = time.monotonic()
    say(5, _("Reading people, buses and prices"))
    planning = plannable(campaign)
    say(20, _("Choosing placements"))

    def during(percent: float) -> None:
        say(20 + 0.6 * percent, "")

    solution = solved(planning, seed=seed, iterations=iterations, progress=during)
    say(85, _("Measuring the plan"))
    picks, values = answer(planning, solution)
    say(95, _("Storing the plan"))
    return _store(campaign, picks, values, seed=seed, user=user, seconds=time.monotonic() - started)


def plannable(campaign: Campaign, **given: Any) -> PlanningProblem:
    """`build_problem` of a brief that leaves something to choose. Raises NothingToPlan where it does not."""
    try:
        planning = build_problem(campaign, **given)
    except ProblemError as error:
        raise NothingToPlan(_no_answer(error)) from error
    except TooFew as error:
        raise NothingToPlan(str(error)) from error
    _check(planning, campaign)
    return planning


def solved(planning: PlanningProblem, **how: Any) -> Solution:
    """`solve`, with NothingToPlan for what has no answer."""
    try:
        solution = solve(planning.problem, **how)
    except ProblemError as error:
        raise NothingToPlan(_no_answer(error)) from error
    if np.isfinite(planning.problem.ceiling_cny) and not solution.chosen.size:
        raise NothingToPlan(_("A thousand more cost more than the limit with everything on sale. Raise the limit."))
    return solution


def answer(planning: PlanningProblem, solution: Solution) -> tuple[list[PlanPick], dict[str, Any]]:
    """The picks of a solution, and every field of its plan that follows from the computation; nothing is stored."""
    cost = sum((planning.placements[index].cost_cny(planning.days) for index in solution.chosen), Decimal(0))
    levels = {level: _measure(planning, solution, cost, level) for level in LEVELS}
    return _picks(planning, solution), _values(planning, solution, levels, cost)


def _no_answer(error: ProblemError) -> str:
    return {
        "forced_over_budget": _("The locked placements cost more than the budget."),
        "forced_twice_in_bundle": _("Two locked placements exclude each other. Unlock one."),
        "minimum_out_of_reach": _("The minimum numbers cannot all be kept at once. Lower one of them."),
        "minima_over_budget": _(
            "The minimum numbers cost more than the budget. Lower one of them or raise the budget."
        ),
    }.get(error.code, str(error))


def _silent(percent: float, note: str) -> None:
    pass


def _check(planning: PlanningProblem, campaign: Campaign) -> None:
    problem = planning.problem
    if not float(planning.persons.sum()):
        raise NothingToPlan(_("This area has no hotspots with people. Import them first."))
    if not float(problem.persons.sum()):
        raise NothingToPlan(_("Every priority that has people here is 0. Raise at least one."))
    if not planning.placements:
        raise NothingToPlan(_("Nothing is on sale for these formats and days."))
    if campaign.mode != "cover" and not (problem.cost_cny <= problem.budget_cny).any():
        raise NothingToPlan(_("The budget is below the cheapest placement."))


def _measure(planning: PlanningProblem, solution: Solution, cost: Decimal, level: Level) -> Measured:
    contacts, persons = planning.contacts([int(index) for index in solution.chosen], level)
    summed: Floats = np.asarray(contacts.sum(axis=0)).ravel()
    weighted = persons * planning.weights
    seen = 1.0 - np.exp(-summed)
    category = planning.arrays.hotspots.category
    by_category = {
        name: float((persons * seen)[category == number].sum() / persons[category == number].sum())
        for number, name in enumerate(CATEGORIES)
        if persons[category == number].sum() > 0
    }
    return Measured(
        raw=outcome(summed, persons, population=planning.parameters["population"], cost_cny=float(cost)),
        weighted_reach=float((weighted * seen).sum() / weighted.sum()),
        by_category=by_category,
    )


def cumulative_reach(contacts: Any, persons: Floats) -> tuple[Floats, Floats]:
    """Reach of each placement alone, and of it with all before it.

    Parameters
    ----------
    contacts : csr_array, shape (picks, hotspots)
        Contacts over the flight, in the order of picking.
    persons : ndarray, shape (hotspots,)

    Returns
    -------
    alone, together : ndarray, shape (picks,)
        Shares of people, 0 to 1, before any cap by population.
    """
    picks = contacts.shape[0]
    alone, together = np.zeros(picks), np.zeros(picks)
    left = persons.astype(float).copy()
    total = float(persons.sum())
    for pick in range(picks):
        row = slice(contacts.indptr[pick], contacts.indptr[pick + 1])
        where, missed = contacts.indices[row], np.exp(-contacts.data[row])
        alone[pick] = float((persons[where] * (1.0 - missed)).sum()) / total
        left[where] *= missed
        together[pick] = 1.0 - float(left.sum()) / total
    return alone, together


def _picks(planning: PlanningProblem, solution: Solution) -> list[PlanPick]:
    chosen = [int(index) for index in solution.chosen]
    contacts, persons = planning.contacts(chosen, "central")
    alone, together = cumulative_reach(contacts, persons)
    facts = PickFacts(planning.arrays, contacts, persons)
    shapes = pick_shapes([planning.placements[index] for index in chosen])
    forced = {int(index) for index in planning.problem.forced}
    picks = []
    before = 0.0
    for order, index in enumerate(chosen):
        placement = planning.placements[index]
        added = float(together[order]) - before
        before = float(together[order])
        overlap = 1.0 - added / float(alone[order]) if alone[order] > 0 else 0.0
        picks.append(
            PlanPick(
                order=order + 1,
                placement=placement,
                code=placement.code,
                name=placement.name,
                format=placement.format,
                cost_cny=placement.cost_cny(planning.days),
                standalone=float(alone[order]),
                marginal=added,
                cumulative_reach=float(together[order]),
                facts=facts.of(order, placement)
                | {"overlap": min(1.0, max(0.0, overlap)), "locked": index in forced, "street": placement.street},
                shape=shapes[placement.pk],
            )
        )
    return picks


def _values(
    planning: PlanningProblem, solution: Solution, levels: dict[Level, Measured], cost: Decimal
) -> dict[str, Any]:
    """Every field of the plan that follows from the computation."""
    central = levels["central"].raw
    reaches = sorted(levels[level].raw.reach for level in LEVELS)
    result: dict[str, Any] = {
        level: _plain(asdict(figures.raw))
        | {"weighted_reach": figures.weighted_reach, "by_category": figures.by_category}
        for level, figures in levels.items()
    }
    result["unreachable"] = [int(planning.arrays.hotspot_ids[int(index)]) for index in solution.unreachable]
    result["within_budget"] = bool(solution.within_budget)
    result["on_sale"] = len(planning.placements)
    result["weighted_persons"] = float(planning.problem.persons.sum())
    return {
        "inputs_sha256": planning.inputs_sha256,
        "parameters": planning.parameters,
        "iterations": int(solution.iterations),
        "libraries": _libraries(),
        "result": result,
        "reach_low": reaches[0],
        "reach": central.reach,
        "reach_high": reaches[-1],
        "reached_persons": central.reached_persons,
        "impressions": central.impressions,
        "frequency": central.frequency,
        "cpm_cny": _finite(central.cpm_cny),
        "cost_cny": cost,
        "value": float(solution.value),
        "bound": float(solution.bound),
        "attained": min(1.0, max(0.0, float(solution.attained))),
    }


@cache
def _libraries() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Outcome's figures as JSON numbers; what has no value becomes null."""
    return {name: _finite(value) for name, value in values.items()}


@transaction.atomic
def _store(
    campaign: Campaign, picks: Sequence[PlanPick], values: dict[str, Any], *, seed: int, user: Any, seconds: float
) -> PlanVersion:
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # numbers are given one at a time
    last = campaign.plans.aggregate(last=Max("number"))["last"] or 0
    plan = PlanVersion(
        campaign=campaign, number=last + 1, seed=seed, created_by=user, seconds=round(seconds, 2), **values
    )
    plan.sha256 = plan_fingerprint(plan, picks)
    plan.save()
    for pick in picks:
        pick.plan = plan
    PlanPick.objects.bulk_create(picks)
    return plan


def plan_fingerprint(plan: PlanVersion, picks: Sequence[PlanPick]) -> str:
    """SHA-256 of what a second person approves: inputs, parameters, result and every pick with its cost."""
    return fingerprint(
        {
            "inputs": plan.inputs_sha256,
            "parameters": plan.parameters,
            "seed": plan.seed,
            "iterations": plan.iterations,
            "libraries": plan.libraries,
            "result": plan.result,
            "cost_cny": f"{plan.cost_cny:.2f}",
            "value": plan.value,
            "bound": plan.bound,
            "picks": [pick.as_record() for pick in picks],
        }
    )
