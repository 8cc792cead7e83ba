"""The optimiser: never better than the best, never bounded below it, and always the same."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from geo.core import cover, search
from geo.core.bounds import upper_bound
from geo.core.optimise import MODES, Minimum, Problem, ProblemError, solve
from tests.geo.core.planning_cases import allowed_plans, assert_keeps_the_rules, district, random_problem


@pytest.mark.parametrize("mode", ["reach", "impressions"])
@pytest.mark.parametrize("seed", range(60))
def test_no_plan_beats_the_bound_and_no_value_beats_the_best_plan(mode, seed):
    problem = random_problem(np.random.default_rng(seed), mode)
    solution = solve(problem, seed=seed, iterations=300)
    contacts, cost = allowed_plans(problem)
    contacts = contacts[cost <= problem.budget_cny + 1e-6]
    best = ((contacts if mode == "impressions" else 1 - np.exp(-contacts)) @ problem.persons).max()
    slack = 1e-9 * (1 + best)
    assert solution.value <= best + slack
    assert best <= solution.bound + slack
    assert solution.value >= best * (1 - 1 / np.sqrt(np.e)) - slack
    assert 0 <= solution.attained <= 1
    assert solution.attained == pytest.approx(solution.value / solution.bound if solution.bound else 1.0)
    assert_keeps_the_rules(problem, solution)


@pytest.mark.parametrize("seed", range(60))
def test_no_cover_is_cheaper_than_the_bound(seed):
    problem = random_problem(np.random.default_rng(1000 + seed), "cover")
    solution = solve(problem, seed=seed, iterations=300)
    contacts, cost = allowed_plans(problem)
    wanted = np.setdiff1d(np.flatnonzero(problem.persons > 0), solution.unreachable)
    enough = problem.threshold * (1 - 1e-9)
    covers = (contacts[:, wanted] >= enough).all(axis=1)
    best = cost[covers].min()
    assert solution.bound <= best + 1e-6
    assert best <= solution.value + 1e-6
    assert solution.value == pytest.approx(solution.total_cost_cny)
    assert (solution.contacts[wanted] >= problem.threshold * (1 - 2e-9)).all()
    assert (solution.contacts[solution.unreachable] < problem.threshold).all()
    assert_keeps_the_rules(problem, solution)


@pytest.mark.parametrize("seed", range(20))
def test_without_bundles_only_what_nothing_could_cover_stays_uncovered(seed):
    problem = random_problem(np.random.default_rng(2000 + seed), "cover", bundles=False)
    on_offer = problem.contacts.toarray()
    on_offer[problem.excluded] = 0
    hopeless = np.flatnonzero((on_offer.sum(axis=0) < problem.threshold) & (problem.persons > 0))
    assert solve(problem, iterations=100).unreachable.tolist() == hopeless.tolist()


def best_reach(problem):
    """The optimum of a small "reach" problem by enumeration."""
    contacts, cost = allowed_plans(problem)
    affordable = contacts[cost <= problem.budget_cny + 1e-6]
    return ((1 - np.exp(-affordable)) @ problem.persons).max()


def test_the_search_finds_small_optima_that_greedy_misses():
    problems = [district(seed, placements=14, hotspots=40, budget_share=0.35) for seed in range(25)]
    best = np.array([best_reach(problem) for problem in problems])
    parts = [search.Subproblem.of(problem) for problem in problems]
    first = [search.first_plan(part) for part in parts]
    found = [search.improve(part, plan, 1, 500, print, bool)[0] for part, plan in zip(parts, first, strict=True)]
    greedy = np.array([part.value(plan) for part, plan in zip(parts, first, strict=True)])
    searched = np.array([part.value(plan) for part, plan in zip(parts, found, strict=True)])
    assert (greedy < best * (1 - 1e-6)).any()
    assert (searched > best * (1 - 1e-9)).all()


def test_tiny_plans_are_proven_to_be_the_best():
    for seed in range(12):
        problem = district(seed, placements=14, hotspots=40, budget_share=0.2)
        solution = solve(problem, iterations=250)
        assert solution.value == pytest.approx(best_reach(problem), rel=1e-9)
        assert solution.is_proven_optimal


def test_a_proof_on_demand_closes_what_the_quick_bound_leaves_open():
    problem = district(0, placements=60, hotspots=60)
    quick = search.Subproblem.of(problem)
    plan, _ = search.improve(quick, search.first_plan(quick), 1, 250, print, bool)
    assert upper_bound(quick, plan).value > quick.value(plan) * (1 + 1e-5)
    assert solve(problem, iterations=250, prove=True).is_proven_optimal


@pytest.mark.parametrize("mode", MODES)
def test_a_quick_answer_keeps_the_rules_and_its_bound_holds_for_the_slow_one(mode):
    for seed in range(8):
        problem = replace(district(seed, placements=60, hotspots=60), mode=mode, threshold=0.2)
        quick, slow = solve(problem, iterations=50, quick=True), solve(problem, iterations=500)
        assert_keeps_the_rules(problem, quick)
        if mode == "cover":
            assert quick.bound <= slow.value * (1 + 1e-9)
        else:
            assert quick.bound >= slow.value * (1 - 1e-9)
            assert quick.attained > 0.9


@pytest.mark.parametrize("seed", range(40))
def test_the_quick_bound_holds_without_any_help_from_the_solver(seed):
    problem = random_problem(np.random.default_rng(3000 + seed), "reach")
    contacts, cost = allowed_plans(problem)
    best = ((1 - np.exp(-contacts[cost <= problem.budget_cny + 1e-6])) @ problem.persons).max()
    part = search.Subproblem.of(problem)
    forced = problem.persons @ (1 - np.exp(-search.contacts_of(problem.contacts, problem.forced)))
    assert forced + upper_bound(part, search.first_plan(part)).value >= best * (1 - 1e-9)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(0.0, 6.0), min_size=1, max_size=7),
    st.one_of(st.floats(0.0, 8.0), st.just(50.0)),
)
def test_no_whole_choice_is_above_a_cut(contacts, level):
    contacts = np.array(contacts)
    constant = 1 - np.exp(-level) * (1 + level)
    slope = np.where(contacts <= level, np.exp(-level) * contacts, 1 - np.exp(-contacts) - constant)
    chosen = (np.arange(1 << contacts.size)[:, np.newaxis] >> np.arange(contacts.size)) & 1
    assert (1 - np.exp(-chosen @ contacts) <= constant + chosen @ slope + 1e-12).all()


def with_minima(problem, *groups, budget_share=None):
    minima = tuple(Minimum(np.asarray(members), at_least) for members, at_least in groups)
    changes = {} if budget_share is None else {"budget_cny": float(problem.cost_cny.sum() * budget_share)}
    return replace(problem, minima=minima, **changes)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(40))
def test_minima_are_kept_and_the_bound_knows_them(mode, seed):
    rng = np.random.default_rng(4000 + seed)
    problem = random_problem(rng, mode)
    size = problem.cost_cny.size
    groups = [(rng.permutation(size)[: rng.integers(1, size + 1)], int(rng.integers(0, 3))) for _ in range(2)]
    problem = with_minima(problem, *groups)
    chosen = (np.arange(1 << size)[:, np.newaxis] >> np.arange(size)) & 1
    keep = chosen[:, problem.forced].all(axis=1) & ~chosen[:, problem.excluded].any(axis=1)
    for number in np.unique(problem.bundle[problem.bundle >= 0]):
        keep &= chosen[:, problem.bundle == number].sum(axis=1) <= 1
    for members, at_least in groups:
        keep &= chosen[:, members].sum(axis=1) >= at_least
    if mode != "cover":
        keep &= chosen @ problem.cost_cny <= problem.budget_cny + 1e-6
    if not keep.any():
        with pytest.raises(ProblemError) as caught:
            solve(problem, iterations=250)
        assert caught.value.code in {"minimum_out_of_reach", "minima_over_budget"}
        return
    solution = solve(problem, iterations=250)
    assert_keeps_the_rules(problem, solution)
    for members, at_least in groups:
        assert np.isin(solution.chosen, members).sum() >= at_least
    contacts, cost = chosen[keep] @ problem.contacts.toarray(), chosen[keep] @ problem.cost_cny
    if mode == "cover":
        wanted = np.setdiff1d(np.flatnonzero(problem.persons > 0), solution.unreachable)
        best = cost[(contacts[:, wanted] >= problem.threshold * (1 - 1e-9)).all(axis=1)].min()
        assert solution.bound <= best + 1e-6 <= solution.value + 2e-6
        return
    best = ((contacts if mode == "impressions" else 1 - np.exp(-contacts)) @ problem.persons).max()
    assert solution.value <= best + 1e-9 * (1 + best)
    assert best <= solution.bound + 1e-6 * (1 + best)


def test_a_district_minimum_moves_picks_there_and_costs_some_reach():
    problem = district(2, bundles=False)
    free = solve(problem, iterations=250)
    left_out = np.setdiff1d(np.arange(problem.cost_cny.size), free.chosen)[:60]
    bound_to = solve(with_minima(problem, (left_out, 12)), iterations=250)
    assert np.isin(bound_to.chosen, left_out).sum() >= 12
    assert bound_to.value < free.value
    assert bound_to.attained > 0.95


def test_a_minimum_that_cannot_be_paid_or_met_says_which():
    problem = district(2)
    for groups, share, code in (
        (((np.arange(5), 9),), 1.0, "minimum_out_of_reach"),
        (((np.arange(3), 2),), 1.0, "minimum_out_of_reach"),  # one bundle
        (((np.arange(250), 60),), 0.01, "minima_over_budget"),
    ):
        with pytest.raises(ProblemError) as caught:
            solve(with_minima(problem, *groups, budget_share=share), iterations=0)
        assert caught.value.code == code


@pytest.mark.parametrize("mode", ["reach", "impressions"])
def test_money_above_the_ceiling_stays_unspent(mode):
    problem = district(5, mode=mode, bundles=False, budget_share=0.4)
    free = solve(problem, iterations=250)
    dearest = 1000 * free.cost_cny / free.marginal
    ceiling = float(np.median(dearest))
    capped = solve(replace(problem, ceiling_cny=ceiling), iterations=250)
    contacts = problem.contacts.toarray()
    for pick in capped.chosen:
        others = contacts[capped.chosen[capped.chosen != pick]].sum(axis=0)
        with_it = others + contacts[pick]
        lost = with_it - others if mode == "impressions" else np.exp(-others) - np.exp(-with_it)
        assert 1000 * problem.cost_cny[pick] <= ceiling * (problem.persons @ lost) * (1 + 1e-9)
    assert capped.total_cost_cny < free.total_cost_cny
    # No plan for the same money is better than the bound: the free plan of that budget is not.
    same_money = solve(replace(problem, budget_cny=capped.total_cost_cny), iterations=250)
    assert same_money.value <= capped.bound * (1 + 1e-9)
    assert capped.attained > 0.95


def best_coverage(contacts, persons, cost, budget):
    """Optimum of a maximal-covering problem by HiGHS: most persons with any contact within a budget."""
    placements, hotspots = contacts.shape
    reached = sparse.hstack([-(contacts.T > 0).astype(float), sparse.eye_array(hotspots)])
    paid = sparse.hstack([sparse.csr_array(cost[np.newaxis]), sparse.csr_array((1, hotspots))])
    answer = optimize.milp(
        -np.concatenate([np.zeros(placements), persons]),
        integrality=np.repeat([1, 0], (placements, hotspots)),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(
            sparse.vstack([reached, paid], format="csr"), -np.inf, np.append(np.zeros(hotspots), budget)
        ),
        options={"mip_rel_gap": 1e-6},
    )
    assert answer.status == 0
    return -answer.fun


def test_on_a_district_the_search_is_within_a_thousandth_of_the_proven_optimum_and_never_above():
    """Contacts so many that a person is reached for certain: then the reach is what the integer programme counts."""
    for seed in range(3):
        problem = district(seed, bundles=False)
        certain = replace(problem, contacts=sparse.csr_array(problem.contacts > 0).astype(float) * 40.0)
        solution = solve(certain, iterations=2000)
        optimum = best_coverage(problem.contacts, problem.persons, problem.cost_cny, problem.budget_cny)
        assert solution.value <= optimum * (1 + 1e-6)
        assert solution.value >= optimum * 0.999
        assert solution.bound >= optimum * (1 - 1e-6)


def test_a_cover_too_large_to_prove_is_bounded_far_above_the_plain_relaxation():
    problem = district(7, mode="cover", placements=1100, hotspots=500, bundles=False)
    assert problem.candidates.size > cover.PROVE_AT_MOST
    solution = solve(problem, iterations=250)
    part = problem.contacts.toarray() / problem.threshold
    wanted = np.setdiff1d(np.arange(part.shape[1]), solution.unreachable)
    plain = optimize.linprog(
        problem.cost_cny, A_ub=-np.minimum(part[:, wanted], 1.0).T, b_ub=-np.ones(wanted.size), bounds=(0, 1)
    ).fun
    longer = solve(problem, iterations=4000)
    assert longer.unreachable.tolist() == solution.unreachable.tolist()
    assert plain * 1.05 < solution.bound <= longer.value <= solution.value
    assert solution.attained > 0.8


def as_bytes(solution):
    return [np.asarray(value).tobytes() for value in vars(solution).values()]


@pytest.mark.parametrize("mode", MODES)
def test_equal_inputs_and_seed_give_equal_bytes(mode):
    one = solve(district(mode=mode), seed=5, iterations=600)
    other = solve(district(mode=mode), seed=5, iterations=600)
    assert as_bytes(one) == as_bytes(other)


@pytest.mark.parametrize("mode", MODES)
def test_a_stopped_run_is_the_run_of_that_many_iterations(mode):
    problem = district(mode=mode)
    seen = []
    stopped = solve(problem, seed=5, iterations=5000, progress=seen.append, should_stop=lambda: len(seen) >= 2)
    assert stopped.iterations == 500
    assert seen == [5.0, 10.0, 100.0]
    again = solve(problem, seed=5, iterations=500)
    assert as_bytes(stopped) == as_bytes(again)


def test_more_iterations_are_never_worse_and_usually_better():
    part = search.Subproblem.of(district(3))
    plan = search.first_plan(part)
    values = [part.value(search.improve(part, plan, 1, n, print, bool)[0]) for n in (0, 250, 500, 1500)]
    assert values == sorted(values)
    assert values[-1] > values[0]


def test_a_district_plan_is_proven_within_three_per_cent():
    for bundles in (False, True):
        assert solve(district(bundles=bundles)).attained > 0.97


@pytest.mark.parametrize("mode", ["reach", "impressions"])
def test_more_money_never_lowers_the_bound_and_hardly_ever_the_plan(mode):
    solutions = [solve(district(1, mode=mode, budget_share=share)) for share in np.linspace(0, 1.05, 8)]
    for poor, rich in pairwise(solutions):
        assert rich.value >= poor.value
        assert rich.bound >= poor.bound * (1 - 1e-3)  # Frank–Wolfe stops a little above the relaxation's optimum
        assert rich.bound >= poor.value
    assert solutions[0].chosen.size == 0


def test_all_the_money_buys_everything_useful_and_proves_it():
    problem = district(bundles=False, budget_share=1.0)
    solution = solve(problem)
    everything = problem.persons @ (1 - np.exp(-problem.contacts.toarray().sum(axis=0)))
    assert solution.value == pytest.approx(everything)
    assert solution.is_proven_optimal


def test_impressions_are_solved_to_the_optimum():
    assert solve(district(mode="impressions")).is_proven_optimal


def test_each_pick_carries_its_contribution():
    problem = district(4)
    solution = solve(problem, iterations=250)
    contacts, persons = problem.contacts.toarray(), problem.persons
    for at in range(solution.chosen.size):
        before = contacts[solution.chosen[:at]].sum(axis=0)
        after = contacts[solution.chosen[: at + 1]].sum(axis=0)
        added = persons @ (np.exp(-before) - np.exp(-after))
        assert solution.marginal[at] == pytest.approx(added, rel=1e-9)
        assert solution.standalone[at] == pytest.approx(persons @ (1 - np.exp(-contacts[solution.chosen[at]])))
        assert solution.cumulative_reach[at] == pytest.approx(persons @ (1 - np.exp(-after)) / persons.sum())
    assert solution.marginal.sum() == pytest.approx(solution.value)
    assert (solution.marginal <= solution.standalone + 1e-9).all()
    assert solution.cost_cny.tolist() == problem.cost_cny[solution.chosen].tolist()
    np.testing.assert_allclose(solution.contacts, contacts[solution.chosen].sum(axis=0))
    worth = solution.marginal / solution.cost_cny
    assert (np.diff(worth) <= 1e-12).all()


def test_priorities_steer_the_plan():
    contacts = sparse.csr_array(np.array([[1.0, 0.0], [0.0, 1.0]]))
    for persons, first in (([10.0, 9.0], 0), ([10.0, 11.0], 1)):
        problem = Problem(contacts, np.array(persons), np.array([100.0, 100.0]), 100.0)
        assert solve(problem).chosen.tolist() == [first]


def test_cheap_trifles_do_not_keep_out_what_matters():
    """Greedy by yuan alone takes the trifle, after which the big one no longer fits."""
    contacts = sparse.csr_array(np.array([[0.02, 0.0], [0.0, 3.0]]))
    problem = Problem(contacts, np.array([100.0, 1000.0]), np.array([0.01, 1000.0]), 1000.0)
    assert solve(problem, iterations=0).chosen.tolist() == [1]


@pytest.mark.parametrize("mode", MODES)
def test_free_placements_are_always_taken_and_nothing_else_without_money(mode):
    contacts = sparse.csr_array(np.array([[0.9, 0.0], [0.0, 2.0]]))
    problem = Problem(contacts, np.array([5.0, 5.0]), np.array([0.0, 10.0]), 0.0, mode, threshold=0.5)
    solution = solve(problem)
    assert solution.chosen.tolist() == ([0, 1] if mode == "cover" else [0])
    assert solution.attained == pytest.approx(1.0)
    assert solution.within_budget == (mode != "cover")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(3, 0), (0, 3), (0, 0), (3, 2)])
def test_nothing_to_win_is_an_answer_too(mode, shape):
    problem = Problem(sparse.csr_array(shape), np.ones(shape[1]), np.ones(shape[0]), 10.0, mode)
    solution = solve(problem)
    assert solution.chosen.size == 0
    assert (solution.value, solution.bound, solution.attained) == (0.0, 0.0, 1.0)
    assert solution.unreachable.tolist() == (list(range(shape[1])) if mode == "cover" else [])


def test_a_cover_names_what_cannot_be_covered_and_buys_nothing_for_it():
    contacts = sparse.csr_array(np.array([[1.0, 0.2, 0.0], [1.0, 0.2, 0.0], [0.0, 0.0, 5.0]]))
    problem = Problem(contacts, np.array([1.0, 1.0, 0.0]), np.array([30.0, 20.0, 1.0]), 25.0, "cover")
    solution = solve(problem)
    assert solution.chosen.tolist() == [1]
    assert (solution.value, solution.bound) == (20.0, 20.0)
    assert solution.unreachable.tolist() == [1]
    assert solution.within_budget
    assert not solve(Problem(contacts, np.ones(3), problem.cost_cny, 20.0, "cover")).within_budget


def test_forced_placements_count_towards_a_cover():
    contacts = sparse.csr_array(np.array([[0.6], [0.6], [1.2]]))
    problem = Problem(contacts, np.ones(1), np.array([50.0, 10.0, 15.0]), 0.0, "cover", forced=np.array([0]))
    solution = solve(problem)
    assert solution.chosen.tolist() == [0, 1]
    assert (solution.value, solution.bound) == (60.0, 60.0)


def test_a_forced_placement_stays_even_if_it_is_worth_nothing():
    contacts = sparse.csr_array(np.array([[0.0], [1.0]]))
    problem = Problem(contacts, np.ones(1), np.array([40.0, 60.0]), 100.0, forced=np.array([0, 0]))
    assert solve(problem).chosen.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"forced": np.array([0]), "excluded": np.array([0])}, "forced_and_excluded"),
        ({"forced": np.array([0, 1]), "bundle": np.array([3, 3])}, "forced_twice_in_bundle"),
        ({"forced": np.array([0, 1])}, "forced_over_budget"),
    ],
)
def test_a_problem_that_contradicts_itself_says_how(changes, code):
    contacts = sparse.csr_array(np.eye(2))
    with pytest.raises(ProblemError) as caught:
        Problem(contacts, np.ones(2), np.array([60.0, 60.0]), 100.0, **changes)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mode": "best"}, "mode"),
        ({"persons": np.ones(3)}, "persons"),
        ({"persons": np.array([1.0, -1.0])}, "persons"),
        ({"cost_cny": np.array([1.0, np.nan])}, "cost_cny"),
        ({"contacts": sparse.csr_array(-np.eye(2))}, "contacts"),
        ({"budget_cny": -1.0}, "budget_cny"),
        ({"budget_cny": np.nan}, "budget_cny"),
        ({"forced": np.array([2])}, "forced"),
        ({"bundle": np.array([0])}, "bundle"),
        ({"threshold": 0.0}, "threshold"),
        ({"ceiling_cny": 0.0}, "ceiling_cny"),
        ({"ceiling_cny": 5.0, "mode": "cover"}, "ceiling_cny"),
        ({"minima": (Minimum(np.array([2]), 1),)}, "minima"),
    ],
)
def test_a_wrong_input_is_named(changes, message):
    good = {"contacts": sparse.csr_array(np.eye(2)), "persons": np.ones(2), "cost_cny": np.ones(2), "budget_cny": 1.0}
    with pytest.raises(ValueError, match=message):
        Problem(**{**good, **changes})


def test_a_problem_does_not_change_the_callers_matrix():
    contacts = sparse.csr_array((np.array([1.0, 2.0, 0.0]), np.array([1, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    before = (contacts.data.tolist(), contacts.indices.tolist())
    solve(Problem(contacts, np.ones(2), np.ones(2), 1.0))
    assert (contacts.data.tolist(), contacts.indices.tolist()) == before
