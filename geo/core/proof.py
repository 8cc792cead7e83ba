"""The best plan of a small problem, proven: HiGHS over a set of cuts that grows until it says no more than the truth.

Reach enters as one number per hotspot that stays below some of the cuts of `geo.core.bounds`. The mixed-integer optimum
over any set of cuts is a bound; the cuts at its own contacts make it exact there. So every round either proves the best
plan met or cuts something off. Rounds and nodes are counted, the clock is not looked at: equal inputs, equal answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import optimize, sparse

from geo.core import exact
from geo.core.bounds import Bound, levels_at, side_rows
from geo.core.records import Csr, Floats, Ints
from geo.core.search import Subproblem, contacts_of

_TOLERANCE = 1e-6
_RELAXED_ROUNDS = 12


@dataclass(frozen=True)
class Effort:
    """How far a proof may go: rounds of cuts, and HiGHS's nodes in each."""

    rounds: int
    nodes: int


BRIEF = Effort(rounds=8, nodes=2000)
THOROUGH = Effort(rounds=30, nodes=200_000)


def prove(part: Subproblem, plan: Ints, bound: Bound, effort: Effort) -> tuple[Ints, float]:
    """A plan at least as good as `plan`, and the most that any allowed choice can be worth."""
    best, best_value = plan, part.value(plan)
    lowest = bound.value
    model = _Model(part)
    model.add(np.zeros(part.weight.size))
    model.add(bound.level)
    model.add(contacts_of(part.contacts, plan))
    for _ in range(_RELAXED_ROUNDS):
        x = model.relaxed()
        if x is None or not model.add(levels_at(part, x), x):
            break
    for _ in range(effort.rounds):
        if _closed(lowest, best_value):
            break
        found, proven = model.whole(effort.nodes)
        lowest = min(lowest, proven)
        if found is None:
            break
        if part.allows(found) and part.value(found) > best_value:
            best, best_value = found, part.value(found)
        x = np.zeros(part.placements.size)
        x[found] = 1.0
        if _closed(lowest, best_value) or not model.add(contacts_of(part.contacts, found), x):
            break
    return best, max(lowest, best_value)


def _closed(bound: float, value: float) -> bool:
    return bound <= value + _TOLERANCE * abs(value)


class _Model:
    """Rows of the mixed-integer programme: what the choice must keep, and the cuts so far.

    Variables are the n choices, then one per hotspot: the share of its people that is reached.
    """

    def __init__(self, part: Subproblem) -> None:
        self.part = part
        side, self.side_ceilings = side_rows(part)
        hotspots = part.weight.size
        self.side: Csr = sparse.csr_array(sparse.hstack([side, sparse.csr_array((side.shape[0], hotspots))]))
        everything = np.asarray(part.by_hotspot.sum(axis=1), dtype=np.float64).ravel()
        self.highest: Floats = -np.expm1(-everything)
        self.cuts: list[Csr] = []
        self.constants: list[Floats] = []
        self.known: set[tuple[int, float]] = set()
        self.hotspot: Ints = np.repeat(np.arange(hotspots), np.diff(part.by_hotspot.indptr)).astype(np.int64)
        # Worth is scaled to about one, so that the solver's absolute tolerances mean little.
        self.scale = 1.0 / max(float(part.weight.sum()), 1e-300)
        self.cost: Floats = -np.concatenate([part.base, part.weight]) * self.scale

    def add(self, level: Floats, x: Floats | None = None) -> bool:
        """Add the cuts at `level` that are new (and, given x, lower there than those so far); False if none was."""
        part = self.part
        decay = np.exp(-level)
        constant = np.maximum(0.0, 1.0 - decay * (1.0 + level))
        contacts, hit, j = part.by_hotspot.data, part.hit_by_hotspot, self.hotspot
        slope = np.where(contacts <= level[j], decay[j] * contacts, hit - constant[j])
        wanted = [int(k) for k in np.flatnonzero(part.weight > 0) if (int(k), float(level[k])) not in self.known]
        by = part.by_hotspot
        rows: Csr = sparse.csr_array((slope, by.indices, by.indptr), shape=by.shape)
        if x is not None and wanted:
            height = constant + np.asarray(rows @ x, dtype=np.float64)
            present = self.reached(x)
            wanted = [k for k in wanted if height[k] < present[k] - 1e-9]
        if not wanted:
            return False
        self.known.update((k, float(level[k])) for k in wanted)
        keep = np.array(wanted, dtype=np.int64)
        own = sparse.csr_array((np.ones(keep.size), (np.arange(keep.size), keep)), shape=(keep.size, part.weight.size))
        self.cuts.append(sparse.csr_array(sparse.hstack([-rows[keep], own])))
        self.constants.append(constant[keep])
        return True

    def reached(self, x: Floats) -> Floats:
        """The lowest of the cuts so far at x, per hotspot."""
        lowest = self.highest.copy()
        size = self.part.placements.size
        for cut, constant in zip(self.cuts, self.constants, strict=True):
            where = cut.indices[cut.indptr[1:] - 1] - size  # the hotspot's own column is the last of its row
            height = constant - np.asarray(cut[:, :size] @ x, dtype=np.float64)
            np.minimum.at(lowest, where, height)
        return lowest

    def rows(self) -> tuple[Csr, Floats]:
        rows: Csr = sparse.csr_array(sparse.vstack([self.side, *self.cuts], format="csr"))
        return rows, np.concatenate([self.side_ceilings, *self.constants])

    def relaxed(self) -> Floats | None:
        """The best fractional choice under the cuts so far; None where the solver gives none."""
        rows, ceilings = self.rows()
        answer = optimize.linprog(
            self.cost,
            A_ub=cast("Any", rows),
            b_ub=ceilings,
            bounds=cast("Any", np.column_stack([np.zeros(self.cost.size), self._ceilings()])),
            method="highs",
        )
        if answer.status != 0 or answer.x is None:
            return None
        return np.clip(np.asarray(answer.x[: self.part.placements.size], dtype=np.float64), 0.0, 1.0)

    def whole(self, nodes: int) -> tuple[Ints | None, float]:
        """The best whole choice under the cuts so far, and what none exceeds."""
        rows, ceilings = self.rows()
        plan, bound = exact.choose(
            self.cost, rows, ceilings, nodes, whole=self.part.placements.size, most=self._ceilings()
        )
        return plan, -bound / self.scale

    def _ceilings(self) -> Floats:
        return np.concatenate([np.ones(self.part.placements.size), self.highest])
