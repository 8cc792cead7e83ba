"""Search for a good plan under a budget: greedy in two ways, best single, then ruin and recreate.

Works on a `Subproblem`: the placements still open once the forced ones are bought, and what is still to be won.
"""

# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from geo.core import search_kernels
from geo.core.problem import MONEY_TOLERANCE_CNY, Problem
from geo.core.records import Csr, Floats, Ints

ROUNDS_PER_CHUNK = 250
"""Rounds between two looks at `should_stop`; each chunk starts from the best plan so far and cools to nothing."""

_HEAT = 0.002
_MOST_REMOVED = 6


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
        Value that a placement adds whatever else is chosen.
    cost_cny : ndarray, shape (n,)
    bundle : ndarray of int64, shape (n,)
        Renumbered 0 … `bundles` − 1; −1 stands alone.
    budget_cny : float
        Money left for these, with the tolerance for sums of floats.
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

    @classmethod
    def of(cls, problem: Problem) -> Subproblem:
        """The open part of a "reach" or "impressions" problem; placements that can add nothing are left out."""
        forced_contacts = contacts_of(problem.contacts, problem.forced)
        weight = problem.persons * np.exp(-forced_contacts)
        placements = problem.candidates
        contacts: Csr = sparse.csr_array(problem.contacts[placements])
        linear = np.asarray(contacts @ problem.persons, dtype=np.float64)
        useful = linear > 0
        placements, contacts, linear = placements[useful], sparse.csr_array(contacts[useful]), linear[useful]
        base = np.zeros(placements.size)
        if problem.mode == "impressions":
            base, contacts = linear, sparse.csr_array(contacts.shape, dtype=np.float64)
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
        )

    def gains(self) -> Floats:
        """What each open placement adds to the forced ones, shape (n,)."""
        hits = sparse.csr_array((self.hit, self.contacts.indices, self.contacts.indptr), shape=self.contacts.shape)
        return self.base + np.asarray(hits @ self.weight, dtype=np.float64)

    def value(self, chosen: Ints) -> float:
        """What a set of open placements (numbers within this subproblem) adds together."""
        met = contacts_of(self.contacts, chosen)
        return float(self.base[chosen].sum() + self.weight @ -np.expm1(-met))


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


def greedy(part: Subproblem, *, per_yuan: bool) -> Ints:
    """Lazy greedy picks, in order, by gain per yuan or by gain."""
    picks: Ints = search_kernels.lazy_greedy(
        as64(part.contacts.indptr),
        as64(part.contacts.indices),
        part.hit,
        part.weight,
        part.base,
        part.cost_cny,
        part.bundle,
        part.bundles,
        part.budget_cny,
        per_yuan,
    )
    return picks


def first_plan(part: Subproblem) -> Ints:
    """The best of three simple plans: greedy by gain per yuan, greedy by gain, and the best single placement.

    The first can be arbitrarily bad alone (a cheap trifle keeps out the one placement that matters); the better of it
    and the best single is at least (1 − 1/√e) of the optimum (Khuller, Moss & Naor 1999).
    """
    plans = [greedy(part, per_yuan=flag) for flag in (True, False)]
    if part.placements.size:
        plans.append(np.array([np.argmax(part.gains())], dtype=np.int64))
    return max(plans, key=part.value)


def improve(
    part: Subproblem,
    plan: Ints,
    seed: int,
    iterations: int,
    progress: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> tuple[Ints, int]:
    """Ruin and recreate from `plan`; returns the best plan found and the number of rounds done.

    Rounds run in chunks that depend only on the seed, the chunk's number and the best plan before it. So a run that is
    stopped after k rounds is the run of k rounds, and more rounds are never worse.
    """
    best = np.zeros(part.placements.size, dtype=np.bool_)
    best[plan] = True
    best_value = part.value(plan)
    gains = part.gains()
    done = 0
    # With everything bought there is nothing to search.
    if not part.placements.size or (not part.bundles and part.cost_cny.sum() <= part.budget_cny):
        return plan, iterations
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
            part.cost_cny,
            part.bundle,
            part.bundles,
            part.budget_cny,
            best,
            gains,
            rounds,
            ROUNDS_PER_CHUNK,
            _HEAT,
            _MOST_REMOVED,
            chunk_seed(seed, done // ROUNDS_PER_CHUNK),
        )
        # The loop adds up gains as it goes; a plan is taken over only if it is better when counted afresh.
        value = part.value(np.flatnonzero(found))
        if value > best_value and part.cost_cny[found].sum() <= part.budget_cny:
            best, best_value = found, value
        done += rounds
        progress(100.0 * done / iterations)
    return np.flatnonzero(best).astype(np.int64), done


def chunk_seed(seed: int, chunk: int) -> int:
    """The random seed of one chunk of a seeded run."""
    return int(np.random.SeedSequence([seed, chunk]).generate_state(1)[0])


def as64(values: object) -> Ints:
    """Index arrays of scipy (32 or 64 bit, as it likes) as int64, so that each loop is compiled once."""
    array: Ints = np.ascontiguousarray(values, dtype=np.int64)
    return array
