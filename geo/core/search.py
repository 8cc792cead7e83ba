"""Search for a good plan under a budget: greedy in two ways, best single, then ruin and recreate.

Works on a `Subproblem`: the placements still open once the forced ones are bought, and what is still to be won.
"""

# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from geo.core import exact, search_kernels
from geo.core.problem import MONEY_TOLERANCE_CNY, Problem, ProblemError
from geo.core.records import Csr, Floats, Ints

ROUNDS_PER_CHUNK = 250
"""Rounds between two looks at `should_stop`."""

_HEAT = 0.01
_MOST_REMOVED = 4
_FIRST_CYCLE, _LONGEST_CYCLE = 4, 256  # chunks
_NODES_FOR_MINIMA = 2000


@dataclass(frozen=True, eq=False)
class Groups:
    """Minima of a subproblem in the form that the compiled loops want.

    Attributes
    ----------
    need : ndarray of int64, shape (groups,)
        How many of each must still be bought; > 0.
    starts, items : ndarray of int64
        Members of group g: `items[starts[g]:starts[g + 1]]`, by rising cost.
    member_starts, member_groups : ndarray of int64
        Groups of placement i: `member_groups[member_starts[i]:member_starts[i + 1]]`.
    """

    need: Ints
    starts: Ints
    items: Ints
    member_starts: Ints
    member_groups: Ints

    @classmethod
    def of(cls, problem: Problem, placements: Ints) -> Groups:
        """Minima of a problem that its forced placements leave open, as groups of `placements` (ascending)."""
        needs, groups = [], []
        for minimum in problem.minima:
            needed = problem.still_needed(minimum)
            if needed:
                members = np.flatnonzero(np.isin(placements, minimum.placements))
                groups.append(members[np.argsort(problem.cost_cny[placements[members]], kind="stable")])
                needs.append(needed)
        items = np.concatenate([*groups, np.empty(0, dtype=np.int64)]).astype(np.int64)
        sizes = [group.size for group in groups]
        owner = np.repeat(np.arange(len(groups)), sizes)
        by_member = np.argsort(items, kind="stable")
        return cls(
            need=np.array(needs, dtype=np.int64),
            starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            items=items,
            member_starts=np.searchsorted(items[by_member], np.arange(placements.size + 1)).astype(np.int64),
            member_groups=owner[by_member].astype(np.int64),
        )

    def __len__(self) -> int:
        return self.need.size

    @property
    def rows(self) -> Csr:
        """One row per group with a 1 for each of its placements, shape (groups, n)."""
        shape = (self.need.size, self.member_starts.size - 1)
        return sparse.csr_array((np.ones(self.items.size), self.items, self.starts), shape=shape)

    def are_met(self, chosen: Ints) -> bool:
        """Whether a set of placements has enough of every group."""
        return bool((np.bincount(self._groups_of(chosen), minlength=self.need.size) >= self.need).all())

    def _groups_of(self, chosen: Ints) -> Ints:
        spans = [self.member_groups[self.member_starts[i] : self.member_starts[i + 1]] for i in chosen]
        return np.concatenate([*spans, np.empty(0, dtype=np.int64)]).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Subproblem:
    """The open part of a problem, in the form that the compiled loops want.

    Attributes
    ----------
    placements : ndarray of int64, shape (n,)
        The problem's own numbers of the open placements, ascending.
    contacts, by_hotspot : csr_array (n × hotspots), and its transpose
        Empty of entries in mode "impressions".
    hit, hit_by_hotspot : ndarray
        1 − e^(−λ) of the stored entries of both.
    weight : ndarray, shape (hotspots,)
        Persons not yet reached by the forced placements.
    base : ndarray, shape (n,)
        Value that a placement adds whatever else is chosen, less what its price must bring at least.
    cost_cny : ndarray, shape (n,)
    bundle : ndarray of int64, shape (n,)
        Renumbered 0 … `bundles` − 1; −1 stands alone.
    budget_cny : float
        Money left for these, with the tolerance for sums of floats.
    groups : Groups
        Minima that the forced placements leave open.
    """

    placements: Ints
    contacts: Csr
    by_hotspot: Csr
    hit: Floats
    hit_by_hotspot: Floats
    weight: Floats
    base: Floats
    cost_cny: Floats
    bundle: Ints
    bundles: int
    budget_cny: float
    groups: Groups

    @classmethod
    def of(cls, problem: Problem) -> Subproblem:
        """The open part of a "reach" or "impressions" problem; placements that no plan needs are left out."""
        forced_contacts = contacts_of(problem.contacts, problem.forced)
        weight = problem.persons * np.exp(-forced_contacts)
        placements = problem.candidates
        contacts: Csr = sparse.csr_array(problem.contacts[placements])
        linear = np.asarray(contacts @ problem.persons, dtype=np.float64)
        price = problem.cost_cny[placements] * problem.price_of_money
        # Reach adds at most the contacts: what does not earn its price even so can only serve a minimum.
        wanted = [minimum.placements for minimum in problem.minima if problem.still_needed(minimum)]
        useful = (linear > price) | np.isin(placements, np.concatenate([*wanted, np.empty(0, dtype=np.int64)]))
        placements, contacts, linear = placements[useful], sparse.csr_array(contacts[useful]), linear[useful]
        base = -price[useful]
        if problem.mode == "impressions":
            base, contacts = base + linear, sparse.csr_array(contacts.shape, dtype=np.float64)
        by_hotspot = sparse.csr_array(contacts.T)
        by_hotspot.sort_indices()
        bundle, bundles = renumbered(problem.bundles[placements])
        return cls(
            placements=placements,
            contacts=contacts,
            by_hotspot=by_hotspot,
            hit=-np.expm1(-contacts.data),
            hit_by_hotspot=-np.expm1(-by_hotspot.data),
            weight=weight,
            base=base,
            cost_cny=problem.cost_cny[placements],
            bundle=bundle,
            bundles=bundles,
            budget_cny=problem.money_left_cny + MONEY_TOLERANCE_CNY,
            groups=Groups.of(problem, placements),
        )

    @property
    def loop_arguments(self) -> tuple[Floats, Ints, int, Ints, Ints, Ints, Ints, Ints, float]:
        """Cost, bundles and minima, in the order in which all compiled loops take them."""
        groups = self.groups
        return (
            self.cost_cny,
            self.bundle,
            self.bundles,
            groups.need,
            groups.starts,
            groups.items,
            groups.member_starts,
            groups.member_groups,
            self.budget_cny,
        )

    def allows(self, chosen: Ints) -> bool:
        """Whether a set of open placements keeps the budget, the bundles and the minima."""
        bundles = self.bundle[chosen]
        bundles = bundles[bundles >= 0]
        return bool(
            self.cost_cny[chosen].sum() <= self.budget_cny
            and np.unique(bundles).size == bundles.size
            and self.groups.are_met(chosen)
        )

    def gains(self) -> Floats:
        """What each open placement adds to the forced ones, shape (n,)."""
        hits = sparse.csr_array((self.hit, self.contacts.indices, self.contacts.indptr), shape=self.contacts.shape)
        return self.base + np.asarray(hits @ self.weight, dtype=np.float64)

    def value(self, chosen: Ints) -> float:
        """What a set of open placements (numbers within this subproblem) adds together."""
        met = contacts_of(self.contacts, chosen)
        # Sums, not dot products: those split over threads, and add up in another order on another machine.
        return float(self.base[np.sort(chosen)].sum() - (self.weight * np.expm1(-met)).sum())


def contacts_of(contacts: Csr, chosen: Ints) -> Floats:
    """Contacts per hotspot of a set of rows together, added in ascending order of rows; shape (hotspots,)."""
    rows = sparse.csr_array(contacts[np.sort(chosen)])
    summed: Floats = np.bincount(rows.indices, weights=rows.data, minlength=contacts.shape[1]).astype(np.float64)
    return summed


def renumbered(bundle: Ints) -> tuple[Ints, int]:
    """Bundle numbers as 0 … count − 1 in their own order, and the count; whoever is alone in one stands alone (−1)."""
    numbers, inverse, sizes = np.unique(bundle, return_inverse=True, return_counts=True)
    shared = (numbers >= 0) & (sizes > 1)
    compact = np.where(shared, np.cumsum(shared) - 1, -1).astype(np.int64)
    result: Ints = compact[inverse]
    return result, int(shared.sum())


def greedy(part: Subproblem, *, per_yuan: bool, start: Ints | None = None) -> Ints:
    """Lazy greedy picks, in order, by gain per yuan or by gain, on top of those of `start`."""
    picks: Ints = search_kernels.lazy_greedy(
        as64(part.contacts.indptr),
        as64(part.contacts.indices),
        part.hit,
        part.weight,
        part.base,
        *part.loop_arguments,
        np.empty(0, dtype=np.int64) if start is None else start,
        per_yuan,
    )
    return picks


def first_plan(part: Subproblem) -> Ints:
    """The best of three simple plans: greedy by gain per yuan, greedy by gain, and the best single placement.

    The first can be arbitrarily bad alone (a cheap trifle keeps out the one placement that matters); the better of it
    and the best single is at least (1 − 1/√e) of the optimum (Khuller, Moss & Naor 1999). With minima the third is the
    cheapest way to meet them, filled up by greedy: it is always allowed.

    Raises
    ------
    ProblemError
        The minima cannot be met, or not for this money.
    """
    plans = [greedy(part, per_yuan=flag) for flag in (True, False)]
    if len(part.groups):
        plans = [plan for plan in plans if part.allows(plan)]
        plans.append(greedy(part, per_yuan=True, start=cheapest_for_minima(part)))
    elif part.placements.size:
        plans.append(np.array([np.argmax(part.gains())], dtype=np.int64))
    return max(plans, key=part.value)


def cheapest_for_minima(part: Subproblem) -> Ints:
    """The least money that meets all minima; ProblemError if there is no way, or none within the budget."""
    groups = part.groups
    shared = exact.membership(part.bundle)
    rows: Csr = sparse.csr_array(sparse.vstack([-groups.rows, shared], format="csr"))
    ceilings = np.concatenate([-groups.need.astype(np.float64), np.ones(shared.shape[0])])
    plan, least = exact.choose(part.cost_cny, rows, ceilings, _NODES_FOR_MINIMA)
    if plan is None or not groups.are_met(plan):
        raise ProblemError("minimum_out_of_reach", "a group has too few placements that may be bought together")
    if not part.allows(plan):
        raise ProblemError(
            "minima_over_budget",
            f"the minima cost at least {least:.2f} CNY, {part.budget_cny:.2f} CNY are left for them",
        )
    return plan


def improve(
    part: Subproblem,
    plan: Ints,
    seed: int,
    iterations: int,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> tuple[Ints, int]:
    """Ruin and recreate from `plan`; returns the best plan found and the number of rounds done.

    Rounds run in chunks, and chunks in cycles that cool from warm to cold, each longer than the one before and started
    from the best plan so far. Neither depends on how many rounds were asked for: a run that is stopped after k rounds
    is the run of k rounds, and more rounds are never worse.
    """
    best = np.zeros(part.placements.size, dtype=np.bool_)
    best[plan] = True
    best_value = part.value(plan)
    gains = part.gains()
    done = 0
    # With everything bought there is nothing to search.
    if not part.placements.size or _buys_everything(part, plan):
        return plan, iterations
    current = best.copy()
    cycle, chunk = _FIRST_CYCLE, 0
    while done < iterations and not should_stop():
        rounds = min(ROUNDS_PER_CHUNK, iterations - done)
        found, _ = search_kernels.ruin_and_recreate(
            as64(part.contacts.indptr),
            as64(part.contacts.indices),
            part.contacts.data,
            as64(part.by_hotspot.indptr),
            as64(part.by_hotspot.indices),
            part.hit_by_hotspot,
            part.weight,
            part.base,
            *part.loop_arguments,
            current,
            gains,
            rounds,
            _HEAT * (1.0 - chunk / cycle),
            _HEAT * (1.0 - (chunk + rounds / ROUNDS_PER_CHUNK) / cycle),
            _MOST_REMOVED,
            chunk_seed(seed, done // ROUNDS_PER_CHUNK),
        )
        # The loop looks only near what it took out: money that is left may still buy something elsewhere.
        better = np.sort(greedy(part, per_yuan=False, start=np.flatnonzero(found).astype(np.int64)))
        value = part.value(better)
        # The loop adds up gains as it goes; a plan is taken over only if it is better when counted afresh.
        if value > best_value and part.allows(better):
            best[:] = False
            best[better] = True
            best_value = value
        done += rounds
        chunk += 1
        if chunk == cycle:
            cycle, chunk = min(2 * cycle, _LONGEST_CYCLE), 0
            current = best.copy()
        progress(100.0 * done / iterations)
    return np.flatnonzero(best).astype(np.int64), done


def _buys_everything(part: Subproblem, plan: Ints) -> bool:
    return plan.size == part.placements.size or bool(
        not part.bundles and part.cost_cny.sum() <= part.budget_cny and not part.base.any()
    )


def chunk_seed(seed: int, chunk: int) -> int:
    """The random seed of one chunk of a seeded run."""
    return int(np.random.SeedSequence([seed, chunk]).generate_state(1)[0])


def as64(values: object) -> Ints:
    """Index arrays of scipy (32 or 64 bit, as it likes) as int64, so that each loop is compiled once."""
    array: Ints = np.ascontiguousarray(values, dtype=np.int64)
    return array
