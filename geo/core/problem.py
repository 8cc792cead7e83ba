"""What the optimiser is asked and what it answers: placements, prices, a budget, and the plan with its proof.

Money is plain float CNY here (callers convert their `Decimal` on the way in and keep their own exact prices).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from scipy import sparse

from geo.core.records import Csr, Floats, Ints, floats, integers

Mode: TypeAlias = Literal["reach", "impressions", "cover"]
MODES: tuple[Mode, ...] = ("reach", "impressions", "cover")

MONEY_TOLERANCE_CNY = 1e-6
"""Sums of prices are compared with the budget up to this much: floats, where 0.1 + 0.2 > 0.3."""


class ProblemError(ValueError):
    """A problem without any answer; `code` says why, for callers that explain it in their own words.

    Codes: "forced_over_budget", "forced_and_excluded", "forced_twice_in_bundle", "minimum_out_of_reach" (a group has
    too few placements that may be bought), "minima_over_budget".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _no_indices() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Minimum:
    """At least so many of these placements must be bought: those of a district, or those that serve a kind of place.

    Parameters
    ----------
    placements : ndarray of int64
        Members; repeated ones count once. Groups may overlap.
    at_least : int
        ≥ 0.
    """

    placements: Ints
    at_least: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "placements", np.unique(integers(self.placements, "placements")))
        if self.at_least < 0:
            raise ValueError(f"at_least: expected at least 0, found {self.at_least}")


@dataclass(frozen=True, eq=False)
class Problem:
    """One planning problem.

    Parameters
    ----------
    contacts : csr_array, shape (placements, hotspots)
        Expected contacts Λ over the flight of each placement with each person of each hotspot; ≥ 0.
    persons : ndarray, shape (hotspots,)
        Distinct persons, times the campaign's priority if it has one; ≥ 0. In mode "cover" the hotspots with more than
        none are the selected ones.
    cost_cny : ndarray, shape (placements,)
        ≥ 0.
    budget_cny : float
        ≥ 0, may be infinite. In mode "cover" it does not bind: the answer is the cheapest plan, and `within_budget`
        tells whether it can be paid.
    mode : "reach" | "impressions" | "cover"
        Most persons with at least one contact; most contacts; cheapest plan that gives every person of the selected
        hotspots `threshold` expected contacts.
    forced, excluded : ndarray of int64
        Placements that must and that must not be bought.
    bundle : ndarray of int64, shape (placements,), optional
        Placements with the same number ≥ 0 exclude each other; −1 stands alone.
    threshold : float
        Expected contacts per person, mode "cover"; > 0.
    minima : tuple of Minimum
        Forced placements count towards them.
    ceiling_cny : float
        What a thousand more persons reached (mode "impressions": contacts) may cost: money that would bring less stays
        unspent, but for forced placements and minima. Infinite by default; has no meaning in mode "cover".
    """

    contacts: Csr
    persons: Floats
    cost_cny: Floats
    budget_cny: float
    mode: Mode = "reach"
    forced: Ints = field(default_factory=_no_indices)
    excluded: Ints = field(default_factory=_no_indices)
    bundle: Ints | None = None
    threshold: float = 1.0
    minima: tuple[Minimum, ...] = ()
    ceiling_cny: float = np.inf

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode: expected one of {', '.join(MODES)}, found {self.mode!r}")
        # A private copy: sorting and merging in place would change the caller's matrix.
        contacts: Csr = sparse.csr_array(self.contacts, copy=True).astype(np.float64)
        contacts.sum_duplicates()
        contacts.eliminate_zeros()
        contacts.sort_indices()
        placements, hotspots = contacts.shape
        object.__setattr__(self, "contacts", contacts)
        object.__setattr__(self, "persons", floats(self.persons, "persons"))
        object.__setattr__(self, "cost_cny", floats(self.cost_cny, "cost_cny"))
        object.__setattr__(self, "budget_cny", float(self.budget_cny))
        for name in ("forced", "excluded"):
            indices = integers(getattr(self, name), name)
            if indices.size and (indices.min() < 0 or indices.max() >= placements):
                raise ValueError(f"{name}: expected placements from 0 to {placements - 1}")
            _, first = np.unique(indices, return_index=True)
            object.__setattr__(self, name, indices[np.sort(first)])
        object.__setattr__(self, "bundle", integers(self.bundles, "bundle"))
        self._check(placements, hotspots)

    def _check(self, placements: int, hotspots: int) -> None:
        for name, array, size in (
            ("persons", self.persons, hotspots),
            ("cost_cny", self.cost_cny, placements),
            ("bundle", self.bundles, placements),
        ):
            if array.size != size:
                raise ValueError(f"{name}: expected {size} entries, found {array.size}")
        for name, values in (("contacts", self.contacts.data), ("persons", self.persons), ("cost_cny", self.cost_cny)):
            if values.size and not (np.isfinite(values).all() and values.min() >= 0):
                raise ValueError(f"{name}: expected finite numbers of at least 0")
        if not self.budget_cny >= 0:
            raise ValueError(f"budget_cny: expected at least 0, found {self.budget_cny}")
        if not 0 < self.threshold < np.inf:
            raise ValueError(f"threshold: expected more than 0, found {self.threshold}")
        if not self.ceiling_cny > 0:
            raise ValueError(f"ceiling_cny: expected more than 0, found {self.ceiling_cny}")
        if self.mode == "cover" and np.isfinite(self.ceiling_cny):
            raise ValueError('ceiling_cny: has no meaning in mode "cover"')
        for minimum in self.minima:
            members = minimum.placements
            if members.size and (members[0] < 0 or members[-1] >= placements):
                raise ValueError(f"minima: expected placements from 0 to {placements - 1}")
        self._check_forced()

    def _check_forced(self) -> None:
        if np.intersect1d(self.forced, self.excluded).size:
            raise ProblemError("forced_and_excluded", "a placement is both forced and excluded")
        bundles = self.bundles[self.forced]
        bundles = bundles[bundles >= 0]
        if np.unique(bundles).size < bundles.size:
            raise ProblemError("forced_twice_in_bundle", "two forced placements share a bundle")
        needed = float(self.cost_cny[self.forced].sum())
        if self.mode != "cover" and needed > self.budget_cny + MONEY_TOLERANCE_CNY:
            raise ProblemError(
                "forced_over_budget",
                f"forced placements cost {needed:.2f} CNY, the budget is {self.budget_cny:.2f} CNY",
            )

    @property
    def bundles(self) -> Ints:
        """`bundle` with the default filled in, shape (placements,)."""
        return np.full(self.cost_cny.size, -1, dtype=np.int64) if self.bundle is None else self.bundle

    @property
    def candidates(self) -> Ints:
        """Placements that a plan may still choose beside the forced ones, ascending.

        Left out: forced, excluded, bundle-mates of forced ones, and (but for mode "cover") what the money left after
        the forced ones cannot pay alone. No feasible plan can hold any of these.
        """
        free = np.ones(self.cost_cny.size, dtype=np.bool_)
        free[self.excluded] = False
        taken = self.bundles[self.forced]
        free &= ~np.isin(self.bundles, taken[taken >= 0])
        free[self.forced] = False
        if self.mode != "cover":
            free &= self.cost_cny <= self.money_left_cny + MONEY_TOLERANCE_CNY
        chosen: Ints = np.flatnonzero(free).astype(np.int64)
        return chosen

    def still_needed(self, minimum: Minimum) -> int:
        """How many of a minimum must be bought beside the forced placements."""
        return max(0, minimum.at_least - int(np.isin(minimum.placements, self.forced).sum()))

    @property
    def price_of_money(self) -> float:
        """What one yuan must bring at least, in the unit of the mode's value: 1000 / `ceiling_cny`, 0 without one."""
        return 1000.0 / self.ceiling_cny

    @property
    def money_left_cny(self) -> float:
        """Budget left when the forced placements are paid; ≥ 0."""
        return max(0.0, self.budget_cny - float(self.cost_cny[self.forced].sum()))


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan, what it is worth, and how far it can be from the best possible one.

    Attributes
    ----------
    chosen : ndarray of int64, shape (picks,)
        Placements in pick order: forced ones first, then by what each adds per yuan.
    value, bound : float
        Modes "reach" and "impressions": the plan's (weighted) persons reached or contacts, and a number that no
        feasible plan can exceed (with a ceiling on the price: no plan that costs no more than this one). Mode
        "cover": the plan's cost, and a cost below which none covers the same hotspots.
    attained : float in [0, 1]
        value / bound (cover: bound / value): the plan is at least this share of the best possible. 1 when both are 0.
        See `is_proven_optimal` before rounding it down.
    standalone, marginal : ndarray, shape (picks,)
        What each pick is worth alone, and on top of the picks before it: persons reached ("reach" and "cover") or
        contacts ("impressions").
    cost_cny : ndarray, shape (picks,)
        Price of each pick.
    cumulative_reach : ndarray, shape (picks,)
        Share of persons reached after each pick, in every mode; [0, 1].
    contacts : ndarray, shape (hotspots,)
        Λ per person of each hotspot under the whole plan.
    unreachable : ndarray of int64
        Mode "cover": selected hotspots that stay below the threshold, because everything on offer together is not
        enough (or, rarely, because bundles exclude each other). Empty in the other modes.
    within_budget : bool
        Always true but in mode "cover".
    iterations, seed : int
        Search iterations done (fewer than asked for when it was stopped) and the seed. A run with these two and the
        same inputs gives the same plan.
    """

    chosen: Ints
    value: float
    bound: float
    attained: float
    standalone: Floats
    marginal: Floats
    cost_cny: Floats
    cumulative_reach: Floats
    contacts: Floats
    unreachable: Ints
    within_budget: bool
    iterations: int
    seed: int

    @property
    def is_proven_optimal(self) -> bool:
        """Whether the bound leaves no room for a better plan (up to the solver's own tolerance, one in a million)."""
        return self.attained >= 1.0 - 2e-6

    @property
    def total_cost_cny(self) -> float:
        """Price of the plan."""
        return float(self.cost_cny.sum())
