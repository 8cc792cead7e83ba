"""The optimiser: the best plan that a search finds, and a proof of how far from the best possible it can be.

    greedy per yuan · greedy · best single  →  ruin and recreate  →  certified bound

Equal inputs, seed and iterations give an equal plan on equal library versions: nothing here looks at the clock, and a
stopped run equals the run of as many iterations as it did.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geo.core import bounds, cover, exact, search
from geo.core.problem import MODES, MONEY_TOLERANCE_CNY, Mode, Problem, ProblemError, Solution
from geo.core.records import Csr, Floats, Ints

__all__ = ["MODES", "MONEY_TOLERANCE_CNY", "Mode", "Problem", "ProblemError", "Solution", "solve"]


PROVE_AT_MOST = 2000
"""Up to this many open placements, HiGHS settles mode "impressions" exactly."""

_NODES = 2000
_FEN_CNY = 0.01


def solve(
    problem: Problem,
    seed: int = 42,
    iterations: int = 2000,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """Find a plan and bound the best possible one.

    Parameters
    ----------
    problem : Problem
    seed : int
        ≥ 0.
    iterations : int
        Rounds of ruin and recreate; 0 leaves the greedy plan.
    progress : callable, optional
        Called with the percentage of iterations done, every 250 of them.
    should_stop : callable, optional
        Asked as often; when true, the best plan so far is returned with its bound and the number of iterations done.

    Returns
    -------
    Solution
        Never over the budget but in mode "cover" (see there).
    """
    if seed < 0 or iterations < 0:
        raise ValueError(f"seed and iterations: expected at least 0, found {seed} and {iterations}")

    def report(percent: float) -> None:
        if progress is not None:
            progress(percent)

    def stop() -> bool:
        return should_stop is not None and should_stop()

    solver = _solve_cover if problem.mode == "cover" else _solve_budget
    solution = solver(problem, seed, iterations, report, stop)
    report(100.0)
    return solution


def _solve_budget(
    problem: Problem, seed: int, iterations: int, report: Callable[[float], None], stop: Callable[[], bool]
) -> Solution:
    part = search.Subproblem.of(problem)
    plan, done = search.improve(part, search.first_plan(part), seed, iterations, report, stop)
    if problem.mode == "reach":
        extra = bounds.reach_bound(part, plan)
    else:
        extra = bounds.impressions_bound(part)
        if PROVE_AT_MOST >= part.placements.size > 0 and extra > part.value(plan):
            whole, proven = exact.knapsack(part.base, part.cost_cny, part.bundle, part.budget_cny, _NODES)
            extra = min(extra, proven)
            if whole is not None and part.value(whole) > part.value(plan):
                plan = whole
    chosen = _in_pick_order(problem, part.placements[plan])
    value = _worth(problem, chosen)
    bound = max(value, _worth(problem, problem.forced) + extra)
    return _solution(
        problem,
        chosen,
        value=value,
        bound=bound,
        attained=value / bound if bound > 0 else 1.0,
        unreachable=np.empty(0, dtype=np.int64),
        iterations=done,
        seed=seed,
    )


def _solve_cover(
    problem: Problem, seed: int, iterations: int, report: Callable[[float], None], stop: Callable[[], bool]
) -> Solution:
    plan = cover.cheapest_cover(problem, seed, iterations, report, stop)
    chosen = _in_pick_order(problem, plan.chosen)
    cost = float(problem.cost_cny[chosen].sum())
    bound = min(cost, float(problem.cost_cny[problem.forced].sum()) + plan.least_cost_cny)
    fen = problem.cost_cny / _FEN_CNY
    if cost - bound < _FEN_CNY / 2 and np.allclose(fen, np.round(fen), rtol=0, atol=1e-6):
        bound = cost  # where all prices are whole fen, no plan is cheaper by less than one
    return _solution(
        problem,
        chosen,
        value=cost,
        bound=bound,
        attained=bound / cost if cost > 0 else 1.0,
        unreachable=plan.unreachable,
        iterations=plan.iterations,
        seed=seed,
    )


def _in_pick_order(problem: Problem, open_choice: Ints) -> Ints:
    """Forced placements as given, then the others by what each adds per yuan to those before it."""
    waiting = np.sort(open_choice)
    met = search.contacts_of(problem.contacts, problem.forced)
    order = [int(i) for i in problem.forced]
    prices = np.maximum(problem.cost_cny, 1e-9)
    while waiting.size:
        gains = _gains(problem, waiting, met)
        # argmax takes the first of equals: the lowest number.
        pick = int(waiting[np.argmax(gains / prices[waiting])])
        order.append(pick)
        met = met + search.contacts_of(problem.contacts, np.array([pick]))
        waiting = waiting[waiting != pick]
    return np.array(order, dtype=np.int64)


def _gains(problem: Problem, placements: Ints, met: Floats) -> Floats:
    """What each placement adds where `met` contacts are there already, in the unit of `Solution.marginal`."""
    rows: Csr = problem.contacts[placements]
    if problem.mode == "impressions":
        return np.asarray(rows @ problem.persons, dtype=np.float64)
    hits = rows.copy()
    hits.data = -np.expm1(-hits.data)
    return np.asarray(hits @ (problem.persons * np.exp(-met)), dtype=np.float64)


def _worth(problem: Problem, chosen: Ints) -> float:
    """Persons reached, or contacts in mode "impressions", of a set of placements."""
    met = search.contacts_of(problem.contacts, chosen)
    return float(problem.persons @ (met if problem.mode == "impressions" else -np.expm1(-met)))


def _solution(
    problem: Problem,
    chosen: Ints,
    *,
    value: float,
    bound: float,
    attained: float,
    unreachable: Ints,
    iterations: int,
    seed: int,
) -> Solution:
    nobody = np.zeros(problem.persons.size)
    everybody = float(problem.persons.sum())
    marginal, reached = np.zeros(chosen.size), np.zeros(chosen.size)
    met = nobody
    for at, pick in enumerate(chosen):
        marginal[at] = _gains(problem, chosen[at : at + 1], met)[0]
        met = met + search.contacts_of(problem.contacts, np.array([pick]))
        reached[at] = float(problem.persons @ -np.expm1(-met))
    cost = problem.cost_cny[chosen]
    return Solution(
        chosen=chosen,
        value=value,
        bound=bound,
        attained=min(1.0, attained),
        standalone=_gains(problem, chosen, nobody),
        marginal=marginal,
        cost_cny=cost,
        cumulative_reach=reached / everybody if everybody > 0 else reached,
        contacts=search.contacts_of(problem.contacts, chosen),
        unreachable=unreachable,
        within_budget=bool(cost.sum() <= problem.budget_cny + MONEY_TOLERANCE_CNY),
        iterations=iterations,
        seed=seed,
    )
