"""The optimiser: the best plan that a search finds, and a proof of how far from the best possible it can be.

    greedy per yuan · greedy · best single  →  ruin and recreate  →  certified bound

Equal inputs, seed and iterations give an equal plan on equal library versions: nothing here looks at the clock, and a
stopped run equals the run of as many iterations as it did.
"""

# ruff: noqa: PLR0917 - both solvers take the same things

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geo.core import bounds, cover, proof, report_kernels, search
from geo.core.problem import MODES, MONEY_TOLERANCE_CNY, Minimum, Mode, Problem, ProblemError, Solution
from geo.core.records import Csr, Floats, Ints

__all__ = ["MODES", "MONEY_TOLERANCE_CNY", "Minimum", "Mode", "Problem", "ProblemError", "Solution", "solve"]


PROVE_AT_MOST = 2000
"""Up to this many open placements, HiGHS settles mode "impressions" exactly, and other modes when asked to."""

_SMALL = 600
"""Up to this many entries of the matrix, a plan is proven without being asked: it takes a second or two."""

_QUICK = 1 / 30
"""Effort of the bound of a quick answer: a thousandth higher at district size, in a sixteenth of the time."""

_FEN_CNY = 0.01


def solve(
    problem: Problem,
    seed: int = 42,
    iterations: int = 2000,
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    prove: bool = False,
    quick: bool = False,
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
    prove : bool
        Let HiGHS look for the best plan itself, up to `PROVE_AT_MOST` open placements: minutes, not seconds. Small
        problems are proven anyway.
    quick : bool
        Leave HiGHS out and look less long for the bound: tens of milliseconds, while somebody drags a slider.

    Returns
    -------
    Solution
        Never over the budget but in mode "cover" (see there).

    Raises
    ------
    ProblemError
        The minima cannot be met, or not for this budget.
    """
    if seed < 0 or iterations < 0:
        raise ValueError(f"seed and iterations: expected at least 0, found {seed} and {iterations}")

    def report(percent: float) -> None:
        if progress is not None:
            progress(percent)

    def stop() -> bool:
        return should_stop is not None and should_stop()

    solver = _solve_cover if problem.mode == "cover" else _solve_budget
    solution = solver(problem, seed, iterations, report, stop, prove, quick)
    report(100.0)
    return solution


def _solve_budget(
    problem: Problem,
    seed: int,
    iterations: int,
    report: Callable[[float], None],
    stop: Callable[[], bool],
    prove: bool,
    quick: bool,
) -> Solution:
    part = search.Subproblem.of(problem)
    plan, done = search.improve(part, search.first_plan(part), seed, iterations, report, stop)
    bound = bounds.upper_bound(part, plan, _QUICK if quick else 1.0)
    most = bound.value
    size, entries = part.placements.size, part.contacts.nnz + part.placements.size
    # Also after a stop: a plan must not depend on whether its iterations were cut short or asked for.
    if not quick and 0 < size <= PROVE_AT_MOST and (prove or entries <= _SMALL or problem.mode == "impressions"):
        plan, most = proof.prove(part, plan, bound, proof.THOROUGH if prove else proof.BRIEF)
    chosen = _in_pick_order(problem, part.placements[plan])
    value = _worth(problem, chosen)
    # What the open part is worth is counted less the price of money; the bound is for plans as dear as this one.
    spent = float(part.cost_cny[plan].sum()) * problem.price_of_money
    highest = max(value, _worth(problem, problem.forced) + most + spent)
    return _solution(
        problem,
        chosen,
        value=value,
        bound=highest,
        attained=value / highest if highest > 0 else 1.0,
        unreachable=np.empty(0, dtype=np.int64),
        iterations=done,
        seed=seed,
    )


def _solve_cover(
    problem: Problem,
    seed: int,
    iterations: int,
    report: Callable[[float], None],
    stop: Callable[[], bool],
    prove: bool,
    quick: bool,
) -> Solution:
    plan = cover.cheapest_cover(problem, seed, iterations, report, stop, prove=prove, quick=quick)
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
    rows, hit = _rows(problem)
    order: Ints = report_kernels.pick_order(
        search.as64(rows.indptr),
        search.as64(rows.indices),
        rows.data,
        hit,
        problem.persons,
        problem.cost_cny,
        problem.forced,
        np.sort(open_choice),
        problem.mode == "impressions",
    )
    return order


def _rows(problem: Problem) -> tuple[Csr, Floats]:
    """The contacts, and 1 − e^(−λ) of each stored entry."""
    return problem.contacts, -np.expm1(-problem.contacts.data)


def _worth(problem: Problem, chosen: Ints) -> float:
    """Persons reached, or contacts in mode "impressions", of a set of placements."""
    met = search.contacts_of(problem.contacts, chosen)
    return float((problem.persons * (met if problem.mode == "impressions" else -np.expm1(-met))).sum())


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
    everybody = float(problem.persons.sum())
    rows, hit = _rows(problem)
    standalone, marginal, reached = report_kernels.contributions(
        search.as64(rows.indptr),
        search.as64(rows.indices),
        rows.data,
        hit,
        problem.persons,
        chosen,
        problem.mode == "impressions",
    )
    cost = problem.cost_cny[chosen]
    return Solution(
        chosen=chosen,
        value=value,
        bound=bound,
        attained=min(1.0, attained),
        standalone=standalone,
        marginal=marginal,
        cost_cny=cost,
        cumulative_reach=reached / everybody if everybody > 0 else reached,
        contacts=search.contacts_of(problem.contacts, chosen),
        unreachable=unreachable,
        within_budget=bool(cost.sum() <= problem.budget_cny + MONEY_TOLERANCE_CNY),
        iterations=iterations,
        seed=seed,
    )
