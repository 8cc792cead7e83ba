"""Mode "cover": the cheapest plan that gives every selected hotspot enough contacts, and a cost that none undercuts.

A hotspot that cannot get enough from everything on offer is set aside and named. Where bundles make two hotspots
exclude each other, the search leaves out as little as it can, and the bound is that of covering what the plan covers.
"""

# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import optimize, sparse

from geo.core import cover_kernels, exact
from geo.core.minima_kernels import Flags
from geo.core.problem import Problem, ProblemError
from geo.core.records import Csr, Floats, Ints
from geo.core.search import ROUNDS_PER_CHUNK, Groups, as64, chunk_seed, contacts_of, renumbered

_HEAT = 0.01
_MOST_REMOVED = 8
_ROUNDS_OF_CUTS, _ROUNDS_OF_ROUNDING = 3, ROUNDS_PER_CHUNK
PROVE_AT_MOST = 1000
"""Up to this many open placements HiGHS also looks for the exact answer; beyond it, the linear relaxation must do."""

_EASY = 400
_NODES, _NODES_BEYOND_EASY = 500, 20  # about a second, and about half a minute at a thousand placements


@dataclass(frozen=True, eq=False)
class CoverPlan:
    """The open placements bought beside the forced ones, and a bound on what they must cost at least.

    `chosen` are the problem's own numbers; `unreachable` the selected hotspots that stay below the threshold.
    """

    chosen: Ints
    least_cost_cny: float
    unreachable: Ints
    iterations: int


def cheapest_cover(
    problem: Problem,
    seed: int,
    iterations: int,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
    *,
    prove: bool = False,
    quick: bool = False,
) -> CoverPlan:
    """Solve a "cover" problem: greedy, ruin and recreate, HiGHS where small enough and not `quick`, a lower bound."""
    placements = problem.candidates
    need = problem.threshold - contacts_of(problem.contacts, problem.forced)
    wanted = (problem.persons > 0) & (need > 1e-9 * problem.threshold)
    open_contacts: Csr = sparse.csr_array(problem.contacts[placements])
    bundle, bundles = renumbered(problem.bundles[placements])
    on_offer = _most_on_offer(open_contacts, bundle)
    reachable = np.flatnonzero(wanted & (on_offer >= need * cover_kernels.ENOUGH))
    groups = Groups.of(problem, placements)
    part = _with_minima(_shares(open_contacts, reachable, need), groups)
    cost = problem.cost_cny[placements]

    chosen, done = _search(part, cost, bundle, bundles, seed, iterations, progress, should_stop)
    covered = _met(part, chosen) >= cover_kernels.ENOUGH
    if not covered[reachable.size :].all():
        raise ProblemError("minimum_out_of_reach", "a group has too few placements that may be bought together")
    everything, part = part, sparse.csr_array(part[:, np.flatnonzero(covered)])
    least, share = relaxation_bound(part, cost, bundle)
    if least < float(cost[chosen].sum()) * (1 - exact.GAP):
        chosen = _rounded(part, cost, bundle, bundles, chosen, share, seed)
    spent = float(cost[chosen].sum())
    # Also after a stop: a plan must not depend on whether its iterations were cut short or asked for.
    if not quick and placements.size <= PROVE_AT_MOST and least < spent * (1 - exact.GAP):
        nodes = _NODES if placements.size <= _EASY else _NODES_BEYOND_EASY
        whole, proven = exact.choose(cost, *_rows(part, bundle), nodes)
        least = max(least, proven)
        if whole is not None and (_met(part, whole) >= cover_kernels.ENOUGH).all() and cost[whole].sum() < spent:
            chosen, spent = whole, float(cost[whole].sum())
    missing = (_met(everything, chosen) < cover_kernels.ENOUGH)[: reachable.size]
    unreachable = np.union1d(np.setdiff1d(np.flatnonzero(wanted), reachable), reachable[missing]).astype(np.int64)
    return CoverPlan(placements[chosen], min(least, spent), unreachable, done)


def relaxation_bound(part: Csr, cost: Floats, bundle: Ints) -> tuple[float, Floats]:
    """A cost that no cover undercuts, from prices of the linear relaxation with cuts, and its fractional choice.

    Notes
    -----
    The plain relaxation pays for half of a placement that gives a hotspot twice what it lacks. Knapsack-cover
    inequalities (Carr, Fleischer, Leung & Phillips 2000) forbid that: whatever placements S are bought, the others
    must bring what S leaves open of a hotspot, and none counts for more than that. Each is one more "hotspot" with
    shares of its own; a few rounds add those that the relaxed choice misses.

    HiGHS finds prices y ≥ 0 per hotspot and cut. Whatever they are, a plan that covers everything costs at least
    Σ y_j − Σ over bundles of max(0, most of Σ_j y_j part_ij − cost_i in it): each placement is paid for by what it
    covers, and a bundle can bring its profit only once. So the bound holds to the last bit that matters even where the
    solver stopped a little off.
    """
    placements, hotspots = part.shape
    least, x = 0.0, np.zeros(placements)
    if placements == 0 or hotspots == 0:
        return least, x
    by_hotspot: Csr = sparse.csr_array(part.T)
    for _ in range(_ROUNDS_OF_CUTS + 1):
        rows, ceilings = _rows(part, bundle)
        answer = optimize.linprog(cost, A_ub=cast("Any", rows), b_ub=ceilings, bounds=(0.0, 1.0), method="highs")
        if answer.status != 0:
            break
        x = np.clip(np.asarray(answer.x, dtype=np.float64), 0.0, 1.0)
        prices = np.maximum(0.0, -np.asarray(answer.ineqlin.marginals, dtype=np.float64)[: part.shape[1]])
        profit = np.maximum(0.0, np.asarray(part @ prices, dtype=np.float64) - cost)
        alone = bundle < 0
        shared = np.zeros(int(bundle.max(initial=-1)) + 1)
        np.maximum.at(shared, bundle[~alone], profit[~alone])
        # A whole plan need only meet ENOUGH of each share, so of a cut 1 − 1e−9 / LEAST_REST: prices count for as much.
        enough = np.full(part.shape[1], 1.0 - (1.0 - cover_kernels.ENOUGH) / cover_kernels.LEAST_REST)
        enough[:hotspots] = cover_kernels.ENOUGH
        least = max(least, float(prices @ enough) - float(profit[alone].sum()) - float(shared.sum()))
        starts, chosen, shares = cover_kernels.knapsack_cuts(
            as64(by_hotspot.indptr), as64(by_hotspot.indices), by_hotspot.data, x
        )
        if starts.size == 1:
            break
        cuts: Csr = sparse.csr_array((shares, chosen, starts), shape=(starts.size - 1, placements))
        part = sparse.csr_array(sparse.hstack([part, cuts.T], format="csr"))
    return least, x


def _rounded(part: Csr, cost: Floats, bundle: Ints, bundles: int, chosen: Ints, x: Floats, seed: int) -> Ints:
    """A cover of everything that starts from the relaxed choice, where it is cheaper than `chosen`; else that.

    Of each bundle at most one placement has more than half. What the relaxation likes is refilled first, by lowered
    prices; then the search goes on by the true ones.
    """
    best, least = chosen, float(cost[chosen].sum())
    flags = x > 0.5
    for price, rounds in ((cost * (1.05 - x), 1), (cost, _ROUNDS_OF_ROUNDING)):
        flags = _run(part, price, bundle, bundles, flags, rounds, chunk_seed(seed, 0))
        found = np.flatnonzero(flags).astype(np.int64)
        if (_met(part, found) >= cover_kernels.ENOUGH).all() and float(cost[found].sum()) < least:
            best, least = found, float(cost[found].sum())
    return best


def _rows(part: Csr, bundle: Ints) -> tuple[Csr, Floats]:
    """Constraints as "at most": minus the shares of each hotspot ≤ −1, members of each bundle ≤ 1."""
    shared = exact.membership(bundle)
    rows = sparse.csr_array(sparse.vstack([-part.T, shared], format="csr"))
    return rows, np.concatenate([np.full(part.shape[1], -cover_kernels.ENOUGH), np.ones(shared.shape[0])])


def _most_on_offer(contacts: Csr, bundle: Ints) -> Floats:
    """Contacts that each hotspot would get from everything on offer, the best of each bundle; shape (hotspots,)."""
    placements, hotspots = contacts.shape
    rows = np.repeat(np.arange(placements), np.diff(contacts.indptr))
    alone = bundle[rows] < 0
    total = np.zeros(hotspots)
    np.add.at(total, contacts.indices[alone], contacts.data[alone])
    key, inverse = np.unique(bundle[rows[~alone]] * hotspots + contacts.indices[~alone], return_inverse=True)
    best = np.zeros(key.size)
    np.maximum.at(best, inverse, contacts.data[~alone])
    np.add.at(total, key % max(hotspots, 1), best)
    return total


def _shares(contacts: Csr, hotspots: Ints, need: Floats) -> Csr:
    """Contacts as shares of what each of the given hotspots needs, at most 1."""
    part = sparse.csr_array(contacts[:, hotspots])
    part.data = np.minimum(part.data / need[hotspots][part.indices], 1.0)
    return part


def _with_minima(part: Csr, groups: Groups) -> Csr:
    """A minimum of k placements is one more hotspot, of which each member brings 1 / k."""
    rows = groups.rows
    rows.data = np.repeat(1.0 / groups.need, np.diff(groups.starts))
    return sparse.csr_array(sparse.hstack([part, rows.T], format="csr"))


def _met(part: Csr, chosen: Ints) -> Floats:
    return contacts_of(part, chosen)


def _search(
    part: Csr,
    cost: Floats,
    bundle: Ints,
    bundles: int,
    seed: int,
    iterations: int,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> tuple[Ints, int]:
    """Greedy, then rounds in chunks as in `geo.core.search.improve`; (chosen rows, rounds done)."""
    nothing = np.zeros(cost.size, dtype=np.bool_)
    best = _run(part, cost, bundle, bundles, nothing, 1, chunk_seed(seed, 0))
    done = 0
    while best.any() and done < iterations and not should_stop():
        rounds = min(ROUNDS_PER_CHUNK, iterations - done)
        best = _run(part, cost, bundle, bundles, best, rounds, chunk_seed(seed, 1 + done // ROUNDS_PER_CHUNK))
        done += rounds
        progress(100.0 * done / iterations)
    return np.flatnonzero(best).astype(np.int64), done if best.any() else iterations


def _run(part: Csr, cost: Floats, bundle: Ints, bundles: int, start: Flags, rounds: int, seed: int) -> Flags:
    """Rounds of the compiled search from a start; the best plan met."""
    found: Flags = cover_kernels.cover_search(
        as64(part.indptr),
        as64(part.indices),
        part.data,
        part.shape[1],
        cost,
        np.argsort(-cost, kind="stable").astype(np.int64),
        bundle,
        bundles,
        start,
        rounds,
        ROUNDS_PER_CHUNK,
        _HEAT,
        _MOST_REMOVED,
        seed,
    )
    return found
