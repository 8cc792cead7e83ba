"""From a brief to arrays: who is there, what each placement brings and costs, and what may not be bought."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import numpy as np
from scipy import sparse

from campaigns.models import Booking, Campaign, Format, Placement
from campaigns.services.marks import Marks, saved_marks
from campaigns.services.minima import minima_of
from geo.arrays import AreaArrays, load_area
from geo.core.audience import body_contacts, over_flight, people, screen_contacts, shelter_contacts
from geo.core.coefficients import COEFFICIENTS, Level
from geo.core.days import Flight, flight_of
from geo.core.problem import Mode as ProblemMode
from geo.core.problem import Problem
from geo.core.records import CATEGORIES, Csr, Floats
from geo.days_off import parse_days_off
from geo.models import Area


class NothingToPlan(ValueError):
    """The brief leaves nothing that could be bought. Carries a sentence for the person."""


@dataclass(frozen=True, eq=False)
class Offer:
    """What can be bought for a flight, in the order of the codes, and what each would bring.

    `contacts` has shape (placements, hotspots), `persons` (hotspots,); both central, over the flight.
    """

    arrays: AreaArrays
    placements: list[Placement]
    contacts: Csr
    persons: Floats


@dataclass(frozen=True)
class PlanningProblem:
    """Everything a plan is computed from, and nothing else.

    Attributes
    ----------
    problem : Problem
        What the optimiser is given: central contacts over the flight, persons weighted by the brief's priorities.
    placements : list of Placement
        In the order of the problem's rows.
    persons : ndarray, shape (hotspots,)
        Distinct persons in the flight, central, not weighted.
    weights : ndarray, shape (hotspots,)
        The brief's priority of each hotspot's category.
    """

    problem: Problem
    placements: list[Placement]
    persons: Floats
    weights: Floats
    arrays: AreaArrays
    flight: Flight
    parameters: dict[str, Any]
    inputs_sha256: str

    @property
    def days(self) -> int:
        """Length of the flight."""
        return self.flight.days

    def contacts(self, chosen: Sequence[int], level: Level) -> tuple[Csr, Floats]:
        """Contacts over the flight of the `chosen` rows at one level, and the persons they are for at that level."""
        return flight_contacts([self.placements[index] for index in chosen], self.arrays, self.flight, level)


def build_problem(campaign: Campaign, *, offer: Offer | None = None, marks: Marks | None = None) -> PlanningProblem:
    """The optimisation problem of a brief: of its saved marks, and of what is on offer now, where not given.

    Placements that another campaign holds during the flight are left out. Every number that the answer depends on
    goes into `parameters` or into `inputs_sha256`.
    """
    offer, marks = offer or offer_for(campaign), marks or saved_marks(campaign)
    arrays, placements, contacts, persons = offer.arrays, offer.placements, offer.contacts, offer.persons
    flight = flight_for(campaign)
    weights = np.array([campaign.weight(name) for name in CATEGORIES])[arrays.hotspots.category]
    position = {placement.pk: index for index, placement in enumerate(placements)}
    must, never = (sorted(position[key] for key in keys if key in position) for keys in (marks.locked, marks.excluded))
    costs = [placement.cost_cny(campaign.days) for placement in placements]
    bundles = bundle_numbers(placements)
    problem = Problem(
        contacts=contacts,
        persons=persons * weights,
        cost_cny=np.array([float(cost) for cost in costs]),
        budget_cny=float(campaign.budget_cny),
        mode=cast("ProblemMode", campaign.mode),
        forced=np.array(must, dtype=np.int64),
        excluded=np.array(sorted(set(never) - set(must)), dtype=np.int64),
        bundle=bundles,
        threshold=campaign.cover_threshold,
        minima=minima_of(campaign, placements, contacts, arrays.hotspots.category, _buyable(bundles, must, never)),
        ceiling_cny=math.inf if campaign.ceiling_cny is None else float(campaign.ceiling_cny),
    )
    parameters = {
        "area": campaign.area.slug,
        "campaign": campaign.name,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "days": campaign.days,
        "flight": asdict(flight),
        "budget_cny": f"{campaign.budget_cny:.2f}",
        "mode": campaign.mode,
        "priorities": {name: campaign.weight(name) for name in CATEGORIES},
        "formats": sorted(campaign.formats),
        "cover_threshold": campaign.cover_threshold,
        "minima": campaign.minima or {},
        "ceiling_cny": None if campaign.ceiling_cny is None else f"{campaign.ceiling_cny:.2f}",
        "must_have": [placements[index].code for index in must],
        "never": [placements[index].code for index in never],
        "population": campaign.area.population,
        "coefficients": {"name": COEFFICIENTS.name, "version": COEFFICIENTS.version},
    }
    return PlanningProblem(
        problem=problem,
        placements=placements,
        persons=persons,
        weights=weights,
        arrays=arrays,
        flight=flight,
        parameters=parameters,
        inputs_sha256=_inputs_sha256(arrays, placements, costs),
    )


def offer_for(campaign: Campaign) -> Offer:
    """What this campaign could buy."""
    arrays = load_area(campaign.area)
    taken, bundles = taken_by_others(campaign)
    placements = [
        place
        for place in on_sale(campaign.area)
        if place.format in campaign.formats and place.pk not in taken and place.bundle not in bundles
    ]
    return Offer(arrays, placements, *flight_contacts(placements, arrays, flight_for(campaign), "central"))


def on_sale(area: Area) -> list[Placement]:
    """Everything on sale in an area, in the order of the codes."""
    return list(Placement.objects.on_sale().filter(area=area).select_related("stop", "line").order_by("code"))


def taken_by_others(campaign: Campaign) -> tuple[set[int], set[str]]:
    """Placements, and bundles, that other campaigns hold on some day of this one."""
    taken = Booking.objects.live().filter(
        placement__area=campaign.area, starts_on__lte=campaign.ends_on, ends_on__gte=campaign.starts_on
    )
    if campaign.pk is not None:
        taken = taken.exclude(plan__campaign=campaign)
    found = list(taken.values_list("placement", "placement__bundle"))
    return {placement for placement, _bundle in found}, {bundle for _placement, bundle in found if bundle}


def bundle_numbers(placements: Sequence[Placement]) -> np.ndarray:
    """A number per bundle, −1 for placements without one; shape (placements,)."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(place.bundle, len(numbers)) if place.bundle else -1 for place in placements], dtype=np.int64
    )


def _buyable(bundles: np.ndarray, must: Sequence[int], never: Sequence[int]) -> np.ndarray:
    """A number per placement, the same for those that exclude each other, −1 for what is excluded; (placements,)."""
    alone = np.arange(bundles.size) + bundles.max(initial=-1) + 1
    numbers = np.where(bundles >= 0, bundles, alone)
    numbers[sorted(set(never) - set(must))] = -1
    return numbers


def flight_for(campaign: Campaign) -> Flight:
    """The days of a brief by kind, as its area's calendar has them."""
    return flight_of(campaign.starts_on, campaign.ends_on, parse_days_off(campaign.area.days_off))


def flight_of_plan(parameters: Mapping[str, Any]) -> Flight:
    """The days that a stored plan was computed for; plans from before days had kinds took each for a weekday."""
    kept = parameters.get("flight")
    return Flight(**kept) if kept else Flight(weekdays=int(parameters["days"]))


def flight_contacts(
    placements: Sequence[Placement], arrays: AreaArrays, flight: Flight, level: Level
) -> tuple[Csr, Floats]:
    """Expected contacts per person over a flight, and the persons; with the buses of an average day of the flight.

    Returns
    -------
    contacts : csr_array, shape (placements, hotspots)
        In the order given.
    persons : ndarray, shape (hotspots,)
    """
    persons, visits = people(arrays.hotspots, flight.days, COEFFICIENTS, level, flight.school_holiday_share)
    arrays = replace(arrays, network=arrays.network_in(flight))
    blocks = []
    order: list[int] = []
    for format_, per_visit in (
        (Format.SHELTER, _shelter_rows),
        (Format.BODY, _body_rows),
        (Format.SCREEN, _screen_rows),
    ):
        rows = [index for index, placement in enumerate(placements) if placement.format == format_]
        if rows:
            blocks.append(per_visit([placements[index] for index in rows], arrays, level))
            order += rows
    if not blocks:
        return sparse.csr_array((0, len(arrays.hotspots))), persons
    stacked = sparse.csr_array(sparse.vstack(blocks, format="csr"))
    return over_flight(sparse.csr_array(stacked[np.argsort(order)]), visits), persons


def _index(keys: np.ndarray) -> dict[int, int]:
    return {int(key): index for index, key in enumerate(keys)}


def _shelter_rows(placements: Sequence[Placement], arrays: AreaArrays, level: Level) -> Csr:
    stops = _index(arrays.stop_ids)
    return shelter_contacts(
        arrays.network,
        arrays.hotspots,
        np.array([stops[int(placement.stop_id or 0)] for placement in placements], dtype=np.int64),
        np.array([placement.diagonal_m for placement in placements]),
        np.array([float(placement.share_of_voice) for placement in placements]),
        COEFFICIENTS,
        level,
    )


def _body_rows(placements: Sequence[Placement], arrays: AreaArrays, level: Level) -> Csr:
    line = _line_rows(placements, arrays)
    buses = arrays.network.line_buses[line]
    wrapped = np.array([float(placement.wrapped_buses or 0) for placement in placements])
    share = np.divide(wrapped, buses, out=np.ones_like(wrapped), where=buses > 0)
    return body_contacts(arrays.network, arrays.hotspots, line, np.minimum(share, 1.0), COEFFICIENTS, level)


def _screen_rows(placements: Sequence[Placement], arrays: AreaArrays, level: Level) -> Csr:
    return screen_contacts(
        arrays.network,
        arrays.hotspots,
        _line_rows(placements, arrays),
        np.array([float(placement.spot_s or 0) for placement in placements]),
        np.array([float(placement.plays_per_loop or 0) for placement in placements]),
        np.array([float(placement.loop_s or 1) for placement in placements]),
        COEFFICIENTS,
        level,
    )


def _line_rows(placements: Sequence[Placement], arrays: AreaArrays) -> np.ndarray:
    lines = _index(arrays.line_ids)
    return np.array([lines[int(placement.line_id or 0)] for placement in placements], dtype=np.int64)


def _inputs_sha256(arrays: AreaArrays, placements: Sequence[Placement], costs: Sequence[Decimal]) -> str:
    """Fingerprint of network and hotspots, of every placement with its cost, and of the coefficients."""
    rows = [
        [
            placement.code,
            placement.format,
            f"{placement.diagonal_m:.6f}",
            f"{placement.share_of_voice:.3f}",
            placement.wrapped_buses,
            placement.spot_s,
            placement.plays_per_loop,
            placement.loop_s,
            placement.bundle,
            f"{cost:.2f}",
        ]
        for placement, cost in zip(placements, costs, strict=True)
    ]
    return fingerprint({"area": arrays.inputs_sha256, "coefficients": COEFFICIENTS.sha256, "placements": rows})


def fingerprint(values: Mapping[str, Any]) -> str:
    """SHA-256 of `values` as canonical JSON."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a fingerprint")
