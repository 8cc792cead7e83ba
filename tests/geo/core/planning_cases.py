"""Planning problems at random, what may be chosen in them, and the rules that every answer keeps."""

import numpy as np
import pytest
from scipy import sparse

from geo.core.optimise import Problem


def random_problem(rng, mode, *, most=12, bundles=True):
    placements, hotspots = int(rng.integers(1, most + 1)), int(rng.integers(1, 9))
    contacts = rng.exponential(0.7, (placements, hotspots)) * (rng.random((placements, hotspots)) < 0.4)
    cost = np.full(placements, 1000.0) if rng.random() < 0.3 else rng.integers(0, 40, placements) * 100.0
    order = rng.permutation(placements)
    budget = np.inf if rng.random() < 0.1 else float(rng.uniform(0, 1) * cost.sum())
    forced = order[:1] if rng.random() < 0.5 and cost[order[0]] <= budget else order[:0]
    excluded = order[1:3] if rng.random() < 0.5 else order[:0]
    in_bundles = np.where(rng.random(placements) < 0.5, rng.integers(0, 4, placements), -1)
    return Problem(
        contacts=sparse.csr_array(contacts),
        persons=rng.integers(0, 500, hotspots).astype(float),
        cost_cny=cost,
        budget_cny=budget,
        mode=mode,
        forced=forced,
        excluded=excluded,
        bundle=in_bundles if bundles else None,
        threshold=float(rng.uniform(0.2, 1.5)),
    )


def allowed_plans(problem):
    """(contacts, cost) of every plan that keeps forced, excluded and bundle, by plain enumeration."""
    size = problem.cost_cny.size
    chosen = (np.arange(1 << size)[:, np.newaxis] >> np.arange(size)) & 1
    keep = chosen[:, problem.forced].all(axis=1) & ~chosen[:, problem.excluded].any(axis=1)
    for number in np.unique(problem.bundle[problem.bundle >= 0]):
        keep &= chosen[:, problem.bundle == number].sum(axis=1) <= 1
    chosen = chosen[keep]
    return chosen @ problem.contacts.toarray(), chosen @ problem.cost_cny


def assert_keeps_the_rules(problem, solution):
    chosen = solution.chosen
    assert np.unique(chosen).size == chosen.size
    assert np.isin(problem.forced, chosen).all()
    assert chosen[: problem.forced.size].tolist() == problem.forced.tolist()
    assert not np.isin(problem.excluded, chosen).any()
    bundles = problem.bundle[chosen]
    assert np.unique(bundles[bundles >= 0]).size == (bundles >= 0).sum()
    cost = problem.cost_cny[chosen].sum()
    assert solution.total_cost_cny == pytest.approx(cost)
    assert solution.within_budget == (cost <= problem.budget_cny + 1e-6)
    if problem.mode != "cover":
        assert solution.within_budget


def district(seed=0, *, mode="reach", placements=250, hotspots=200, bundles=True, budget_share=0.15):
    rng = np.random.default_rng(seed)
    near = np.hypot(*(rng.uniform(0, 1, (placements, 1)) - rng.uniform(0, 1, (1, hotspots)) for _ in range(2)))
    contacts = np.where(near < 0.1, np.exp(-near / 0.05) * rng.lognormal(-0.5, 0.7, (placements, 1)), 0.0)
    cost = np.round(rng.lognormal(8, 0.7, placements), 2)
    return Problem(
        contacts=sparse.csr_array(contacts),
        persons=rng.lognormal(7, 1, hotspots),
        cost_cny=cost,
        budget_cny=float(cost.sum() * budget_share),
        mode=mode,
        bundle=np.arange(placements) // 3 if bundles else None,
        threshold=0.5,
    )
