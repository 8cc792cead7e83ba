"""The audience model: expected contacts between a placement and a person, and what a plan makes of them.

Everything is one number per placement and hotspot: the contacts λ that one visit to the hotspot is expected to bring.
Over a flight it becomes Λ = visits per person × λ; a plan's Λ at a hotspot is the sum over its placements. Formulas,
coefficients and limits: docs/audience-model.md.
"""

# ruff: noqa: PLR0917 - a format is described by what its buyer knows, in the order of the rate card

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse, special

from geo.core.coefficients import CoefficientSet, Level
from geo.core.join import points_near_lines, points_near_points
from geo.core.records import CATEGORIES, Csr, Floats, Hotspots, Ints, Network, Pairs, floats, integers


def people(
    hotspots: Hotspots, days: float, coefficients: CoefficientSet, level: Level, school_holiday_share: float = 0.0
) -> tuple[Floats, Floats]:
    """Distinct persons at each hotspot during a flight, and how often each of them comes.

    Parameters
    ----------
    hotspots : Hotspots
    days : float
        Length of the flight; > 0.
    school_holiday_share : float
        Share of the flight in which schools have holidays, in [0, 1]: the same pupils then come less often.

    Returns
    -------
    persons : ndarray, shape (hotspots,)
        n = visits per day × days × o / v, where o is the share of visits that holidays leave (1 but at schools).
    visits_per_person : ndarray, shape (hotspots,)
        v = max(1, visits per person and day × days × o): whoever comes at all comes once.
    """
    if not days > 0:
        raise ValueError(f"days: expected more than 0, found {days}")
    if not 0 <= school_holiday_share <= 1:
        raise ValueError(f"school_holiday_share: expected 0 to 1, found {school_holiday_share}")
    lost = school_holiday_share * (1.0 - coefficients.value("school_holiday_visits", level))
    open_days = np.where(hotspots.category == CATEGORIES.index("school"), (1.0 - lost) * days, days)
    regularity = coefficients.by_category("visits_per_day", level)[hotspots.category]
    visits = np.maximum(1.0, regularity * open_days)
    persons = hotspots.persons_per_day * open_days / visits
    return persons, visits


def shelter_contacts(
    network: Network,
    hotspots: Hotspots,
    stop: ArrayLike,
    diagonal_m: ArrayLike,
    share_of_voice: ArrayLike,
    coefficients: CoefficientSet,
    level: Level,
) -> Csr:
    """Contacts per visit of shelter faces: λ = min(1, a · s · g(d) · h) · V · share of voice.

    Parameters
    ----------
    stop : array of int, shape (placements,)
        The stop at which each face stands; several faces may share one.
    diagonal_m, share_of_voice : array, shape (placements,) or a number
        Diagonal of the face in metres; share of the face's loop in (0, 1].

    Returns
    -------
    csr_array, shape (placements, hotspots)

    Notes
    -----
    a is the share of visitors who would pass a stop at the door if buses left all the time; `service` gives s and
    `places_in_reach` g · h. V = 1 − (1 − notice)^(diagonal / standard diagonal): a face seen from twice as far gives
    two chances to notice it.
    """
    stops = integers(stop, "stop")
    _check_indices(stops, network.stops, "stop")
    diagonals = _per_placement(diagonal_m, stops.size, "diagonal_m", ceiling=np.inf)
    shares = _per_placement(share_of_voice, stops.size, "share_of_voice", ceiling=1.0)

    near = places_in_reach(network, hotspots, coefficients, level)
    passing = _scaled_rows(
        near, stops, coefficients.value("pass_share", level) * service(network, coefficients, level)[stops]
    )
    np.minimum(passing.data, 1.0, out=passing.data)
    looks = diagonals / coefficients.value("shelter_diagonal_m", level)
    visibility = 1.0 - (1.0 - coefficients.value("notice_shelter", level)) ** looks
    return _scaled_rows(passing, np.arange(stops.size), visibility * shares)


def service(network: Network, coefficients: CoefficientSet, level: Level) -> Floats:
    """How much of what it could draw at most each stop draws: s = 1 − e^(−departures / scale), shape (stops,)."""
    drawn: Floats = -np.expm1(-network.stop_trips_per_day / coefficients.value("service_trips", level))
    return drawn


def places_in_reach(network: Network, hotspots: Hotspots, coefficients: CoefficientSet, level: Level) -> Csr:
    """What share of each hotspot's visitors each stop has at hand, g · h, shape (stops, hotspots); ≥ 0.

    Notes
    -----
    g(d) = 1 / √(1 + (d / door)²) within reach. With v = visits per day · g of the places in reach of a stop,
    h = k (Σ v^q)^(1/q) / Σ v, q ≥ 1: several places beside one stop add less to each other than their sum, as riders
    show. k, one number for the area, keeps the sum over its stops, weighted by departures, what it is with q = 1: the
    calibration moves people between stops and adds none. An area whose stops have one place each has h = 1.
    """
    pairs = points_near_points(
        network.stop_x, network.stop_y, hotspots.x, hotspots.y, coefficients.value("stop_reach_m", level)
    )
    at_hand = 1.0 / np.hypot(1.0, pairs.distance_m / coefficients.value("door_m", level))
    visits = hotspots.persons_per_day[pairs.point] * at_hand
    most = np.zeros(network.stops)
    np.maximum.at(most, pairs.line, visits)
    # Relative to the largest, so that the power neither overflows nor vanishes.
    part = np.divide(visits, most[pairs.line], out=np.zeros_like(visits), where=visits > 0)
    power = coefficients.value("place_power", level)
    plain = np.bincount(pairs.line, weights=part, minlength=network.stops)
    together = np.bincount(pairs.line, weights=part**power, minlength=network.stops) ** (1.0 / power)
    weight = network.stop_trips_per_day * most
    kept = weight @ together
    level_kept = weight @ plain / kept if kept > 0 else 1.0
    apart = np.divide(together, plain, out=np.ones(network.stops), where=plain > 0) * level_kept
    return _matrix(pairs, at_hand * apart[pairs.line], (network.stops, len(hotspots)))


def body_contacts(
    network: Network,
    hotspots: Hotspots,
    line: ArrayLike,
    wrapped_share: ArrayLike,
    coefficients: CoefficientSet,
    level: Level,
) -> Csr:
    """Contacts per visit of bus bodies: λ = Σ over the line's routes of passes · (o / service minutes) · g(d) · V.

    Parameters
    ----------
    line : array of int, shape (placements,)
    wrapped_share : array, shape (placements,) or a number
        Share of the line's fleet that carries the advertisement, in (0, 1].

    Returns
    -------
    csr_array, shape (placements, hotspots)

    Notes
    -----
    A route's wrapped buses pass trips × wrapped share times a day; a person outdoors for o of its service minutes is
    there for that share of them. g(d) falls in a straight line from 1 on the path to 0 where the panel can no longer
    be seen. The two directions of a line are two routes, each with its own distance.
    """
    lines = integers(line, "line")
    _check_indices(lines, network.lines, "line")
    shares = _per_placement(wrapped_share, lines.size, "wrapped_share", ceiling=1.0)
    per_route, _ = body_contacts_by_route(network, hotspots, coefficients, level)
    return _scaled_rows(_sum_rows(per_route, network.route_line, network.lines), lines, shares)


def body_contacts_by_route(
    network: Network, hotspots: Hotspots, coefficients: CoefficientSet, level: Level
) -> tuple[Csr, Pairs]:
    """Contacts per visit of one route when every bus on it is wrapped, and the pairs they come from.

    Returns
    -------
    csr_array, shape (routes, hotspots)
        One stored entry per pair, in the order of the pairs (some may be 0: on the very edge of sight).
    Pairs
        Route and hotspot, distance, and place along the route, of everything within sight.
    """
    sight_m = coefficients.value("sight_per_diagonal", level) * coefficients.value("body_diagonal_m", level)
    pairs = points_near_lines(network.paths, hotspots.x, hotspots.y, sight_m)
    outdoors = coefficients.by_category("outdoor_minutes", level)[hotspots.category[pairs.point]]
    minutes = network.service_minutes[pairs.line]
    passes = network.trips_per_day[pairs.line] * np.minimum(1.0, outdoors / minutes)
    seen = (1.0 - pairs.distance_m / sight_m) * coefficients.value("notice_body", level)
    return _matrix(pairs, passes * seen, (network.routes, len(hotspots))), pairs


def screen_contacts(
    network: Network,
    hotspots: Hotspots,
    line: ArrayLike,
    spot_s: ArrayLike,
    plays_per_loop: ArrayLike,
    loop_s: ArrayLike,
    coefficients: CoefficientSet,
    level: Level,
) -> Csr:
    """Contacts per visit of spots on a line's screens: λ = r · K · V.

    Parameters
    ----------
    line : array of int, shape (placements,)
    spot_s, plays_per_loop, loop_s : array, shape (placements,) or a number
        Length of the spot, how often the loop shows it, and length of the loop (seconds); > 0.

    Returns
    -------
    csr_array, shape (placements, hotspots)

    Notes
    -----
    r, the rides on this line per visit = rides per bus visit × bus share × access × the line's share of all service
    in reach (departures weighted by walking decay), where access is the decay at the nearest stop. K is `plays_met` of
    a ride at the line's mean speed.
    """
    lines = integers(line, "line")
    _check_indices(lines, network.lines, "line")
    spots = _per_placement(spot_s, lines.size, "spot_s", ceiling=np.inf)
    plays = _per_placement(plays_per_loop, lines.size, "plays_per_loop", ceiling=np.inf)
    loops = _per_placement(loop_s, lines.size, "loop_s", ceiling=np.inf)

    rides = _rides_per_visit(network, hotspots, coefficients, level)
    ride_s = coefficients.value("ride_m", level) / (_line_speed_kmh(network)[lines] / 3.6)
    met = plays_met(spots, plays, loops, ride_s, coefficients.value("seen_s", level))
    return _scaled_rows(rides, lines, met * coefficients.value("notice_screen", level))


def plays_met(spot_s: Floats, plays_per_loop: Floats, loop_s: Floats, ride_s: Floats, seen_s: float) -> Floats:
    """Expected plays of a spot that overlap a ride by at least `seen_s` seconds, the ride starting at a random moment.

    K = k · max(0, L + T − 2m) / C for a spot of L s shown k times in a loop of C s, a ride of T s and m = `seen_s`;
    none where the spot or the ride itself is shorter than m. All arrays have one shape, which is also the result's.
    """
    met = plays_per_loop * np.maximum(0.0, spot_s + ride_s - 2.0 * seen_s) / loop_s
    return np.where(np.minimum(spot_s, ride_s) >= seen_s, met, 0.0)


def over_flight(per_visit: Csr, visits_per_person: ArrayLike) -> Csr:
    """Contacts Λ per person over the flight: each hotspot's column times the visits of each of its persons."""
    visits = floats(visits_per_person, "visits_per_person")
    if visits.size != per_visit.shape[1]:
        raise ValueError(f"visits_per_person: expected {per_visit.shape[1]} entries, found {visits.size}")
    data = per_visit.data * visits[per_visit.indices]
    return sparse.csr_array((data, per_visit.indices.copy(), per_visit.indptr.copy()), shape=per_visit.shape)


@dataclass(frozen=True)
class Outcome:
    """What a plan makes of its contacts.

    Attributes
    ----------
    reach : float in [0, 1]
        Share of persons with at least one contact.
    reached_persons : float
        Persons with at least one contact; never more than the population, where that is given.
    impressions : float
        Contacts of everybody together.
    frequency : float
        Impressions per person reached; 0 when nobody is.
    reach_3plus : float in [0, 1]
        Share of persons with at least three contacts.
    cpm_cny : float or None
        Cost of a thousand impressions; None without a cost or without impressions.
    grp : float or None
        Gross rating points, 100 × impressions / population; None without a population.
    """

    reach: float
    reached_persons: float
    impressions: float
    frequency: float
    reach_3plus: float
    cpm_cny: float | None
    grp: float | None


def outcome(
    contacts: ArrayLike, persons: ArrayLike, population: float | None = None, cost_cny: float | None = None
) -> Outcome:
    """Reach, impressions and their companions of one plan.

    Parameters
    ----------
    contacts : array, shape (hotspots,)
        Λ per person at each hotspot, summed over the plan; ≥ 0.
    persons : array, shape (hotspots,)
        Distinct persons (or priority-weighted persons; report the two apart).
    population : float, optional
        People who live in the district; > 0.
    cost_cny : float, optional

    Notes
    -----
    Contacts of a person are taken as Poisson with mean Λ, hotspots as disjoint groups of people. Somebody who uses two
    hotspots is counted at both, so persons reached is an upper estimate; the population caps it.
    """
    means = floats(contacts, "contacts")
    weights = floats(persons, "persons")
    if means.size != weights.size:
        raise ValueError(f"contacts and persons: different lengths, {means.size} and {weights.size}")
    if means.size and min(means.min(), weights.min()) < 0:
        raise ValueError("contacts and persons: expected at least 0")
    if population is not None and not population > 0:
        raise ValueError(f"population: expected more than 0, found {population}")
    everybody = float(weights.sum())
    once = float(weights @ -np.expm1(-means))
    thrice = float(weights @ special.gammainc(3.0, means))  # P(X ≥ 3) of a Poisson count with this mean
    impressions = float(weights @ means)
    reached = once if population is None else min(once, population)
    return Outcome(
        reach=once / everybody if everybody else 0.0,
        reached_persons=reached,
        impressions=impressions,
        frequency=impressions / reached if reached else 0.0,
        reach_3plus=thrice / everybody if everybody else 0.0,
        cpm_cny=1000.0 * cost_cny / impressions if cost_cny is not None and impressions else None,
        grp=100.0 * impressions / population if population is not None else None,
    )


def _walks(network: Network, hotspots: Hotspots, coefficients: CoefficientSet, level: Level) -> Csr:
    """Walking decay between every stop and every hotspot in its catchment, shape (stops, hotspots)."""
    radius_m = coefficients.value("catchment_m", level)
    pairs = points_near_points(network.stop_x, network.stop_y, hotspots.x, hotspots.y, radius_m)
    decay = np.exp(-pairs.distance_m / coefficients.value("walk_decay_m", level))
    return _matrix(pairs, decay, (network.stops, len(hotspots)))


def _rides_per_visit(network: Network, hotspots: Hotspots, coefficients: CoefficientSet, level: Level) -> Csr:
    """Rides on each line per visit to each hotspot, shape (lines, hotspots)."""
    walks = _walks(network, hotspots, coefficients, level)
    route, stop = network.calls
    # The walk to a route is the walk to its nearest stop, and decay falls with distance: so the largest entry.
    near = walks[stop].tocoo()
    key, inverse = np.unique(route[near.row] * len(hotspots) + near.col, return_inverse=True)
    nearest = np.zeros(key.size)
    np.maximum.at(nearest, inverse, near.data)
    route_of, hotspot_of = key // max(len(hotspots), 1), key % max(len(hotspots), 1)

    service = network.trips_per_day[route_of] * nearest
    total = np.bincount(hotspot_of, weights=service, minlength=len(hotspots))
    access = np.zeros(len(hotspots))
    runs = service > 0
    np.maximum.at(access, hotspot_of[runs], nearest[runs])
    bus_visits = coefficients.by_category("bus_share", level)[hotspots.category]
    rides = coefficients.value("rides_per_visit", level) * bus_visits * access
    share = np.divide(service, total[hotspot_of], out=np.zeros_like(service), where=runs)
    by_line = sparse.coo_array(
        (rides[hotspot_of] * share, (network.route_line[route_of], hotspot_of)), shape=(network.lines, len(hotspots))
    )
    return sparse.csr_array(by_line)


def _line_speed_kmh(network: Network) -> Floats:
    """Mean speed of each line, weighted by trips; plain mean where nothing runs; shape (lines,)."""
    weight = network.trips_per_day + 1e-9
    sums = np.bincount(network.route_line, weights=weight * network.speed_kmh, minlength=network.lines)
    weights = np.bincount(network.route_line, weights=weight, minlength=network.lines)
    # A line without routes carries nobody; any positive speed keeps its (empty) row finite.
    return np.divide(sums, weights, out=np.ones(network.lines), where=weights > 0)


def _check_indices(values: Ints, limit: int, name: str) -> None:
    if values.size and (values.min() < 0 or values.max() >= limit):
        raise ValueError(f"{name}: expected indices from 0 to {limit - 1}, found {values.min()} to {values.max()}")


def _per_placement(values: ArrayLike, size: int, name: str, *, ceiling: float) -> Floats:
    """One number for all placements, or one each; each in (0, ceiling]."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        array = np.full(size, float(array))
    result = floats(array, name)
    if result.size != size:
        raise ValueError(f"{name}: expected {size} entries, found {result.size}")
    if result.size and (result.min() <= 0 or result.max() > ceiling):
        raise ValueError(f"{name}: expected more than 0 and at most {ceiling}")
    return result


def _matrix(pairs: Pairs, values: Floats, shape: tuple[int, int]) -> Csr:
    """Pairs (already sorted by row and column) as a matrix with one stored entry each."""
    indptr = np.searchsorted(pairs.line, np.arange(shape[0] + 1))
    return sparse.csr_array((values, pairs.point, indptr), shape=shape)


def _sum_rows(matrix: Csr, group: Ints, groups: int) -> Csr:
    """Rows added up by group, shape (groups, columns)."""
    ones = np.ones(group.size)
    membership = sparse.csr_array((ones, (group, np.arange(group.size))), shape=(groups, group.size))
    return sparse.csr_array(membership @ matrix)


def _scaled_rows(matrix: Csr, rows: Ints, factor: Floats) -> Csr:
    """The given rows of a matrix, in that order, each times its own factor."""
    taken = sparse.csr_array(matrix[rows])
    taken.data *= np.repeat(factor, np.diff(taken.indptr))
    return taken
