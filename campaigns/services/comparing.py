"""Two plans of one area side by side: figures, what both hold, and how sure the difference is."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from campaigns.explain import floor_percent
from campaigns.models import PlanPick, PlanVersion
from campaigns.services.problems import flight_contacts, flight_of_plan
from geo.arrays import AreaArrays, load_area
from geo.core.audience import outcome
from geo.core.coefficients import LEVELS

SHIFTS = {"less": 0.7, "central": 1.0, "more": 1.3}
WORTH_SAYING = 0.005  # half a point of reach is below what the model can tell


@dataclass(frozen=True)
class Sensitivity:
    """Reach of one plan: as stored at the three levels, and with contacts 30 % fewer or more."""

    low: float
    central: float
    high: float
    less: float
    more: float

    def words(self) -> str:
        return _(
            "With 30%% fewer contacts than estimated reach falls from %(central)s%% to %(less)s%%, "
            "with 30%% more it rises to %(more)s%%. Low and high coefficients give %(low)s%% and %(high)s%%."
        ) % {name: f"{100 * getattr(self, name):.0f}" for name in ("central", "less", "more", "low", "high")}


@dataclass(frozen=True)
class Comparison:
    first: PlanVersion
    second: PlanVersion
    rows: list[tuple[str, str, str, str]]  # label, first, second, difference
    both: list[tuple[PlanPick, PlanPick]]
    only_first: list[PlanPick]
    only_second: list[PlanPick]
    sensitivity: tuple[Sensitivity, Sensitivity] | None  # None where a pick is no longer in the network
    verdict: str


def compare(first: PlanVersion, second: PlanVersion) -> Comparison:
    """Compare two plans of the same area."""
    ours, theirs = (
        {pick.placement_id: pick for pick in plan.picks.select_related("placement__stop", "placement__line")}
        for plan in (first, second)
    )
    arrays = load_area(first.campaign.area)
    found = [_sensitivity(plan, picks.values(), arrays) for plan, picks in ((first, ours), (second, theirs))]
    both_known = (found[0], found[1]) if found[0] is not None and found[1] is not None else None
    return Comparison(
        first=first,
        second=second,
        rows=_rows(first, second),
        both=[(pick, theirs[key]) for key, pick in ours.items() if key in theirs],
        only_first=[pick for key, pick in ours.items() if key not in theirs],
        only_second=[pick for key, pick in theirs.items() if key not in ours],
        sensitivity=both_known,
        verdict=_verdict(first, second, both_known) if both_known else "",
    )


def signed(gap: float, places: int = 0) -> str:
    """A difference with its sign, 0 for none: −4,800 and +0.1."""
    text = format(abs(gap), f",.{places}f")
    if not text.strip("0.,"):
        return "0"
    return ("−" if gap < 0 else "+") + text


def _rows(first: PlanVersion, second: PlanVersion) -> list[tuple[str, str, str, str]]:
    def percent(name: str) -> tuple[str, str, str]:
        ours, theirs = (round(100 * getattr(plan, name)) for plan in (first, second))
        return f"{ours}%", f"{theirs}%", _("%(n)s points") % {"n": signed(theirs - ours)}

    def number(ours: float, theirs: float, places: int = 0) -> tuple[str, str, str]:
        # The difference of what is shown: whoever subtracts the columns must get the third.
        shown = round(ours, places), round(theirs, places)
        form = f",.{places}f"
        return format(shown[0], form), format(shown[1], form), signed(shown[1] - shown[0], places)

    cpm = first.cpm_cny, second.cpm_cny
    attained = float(floor_percent(first.attained)), float(floor_percent(second.attained))
    return [
        (_("Reach"), *percent("reach")),
        (_("Reach, low"), *percent("reach_low")),
        (_("Reach, high"), *percent("reach_high")),
        (_("People reached"), *number(first.reached_persons, second.reached_persons)),
        (_("Impressions"), *number(first.impressions, second.impressions)),
        (_("Frequency"), *number(first.frequency, second.frequency, 1)),
        (_("CPM"), *(number(cpm[0], cpm[1], 1) if cpm[0] is not None and cpm[1] is not None else ("–", "–", ""))),
        (_("Cost (yuan)"), *number(float(first.cost_cny), float(second.cost_cny))),
        (_("Budget"), *number(float(first.parameters["budget_cny"]), float(second.parameters["budget_cny"]))),
        (_("Days"), *number(first.parameters["days"], second.parameters["days"])),
        (_("Placements"), *number(first.picks.count(), second.picks.count())),
        (_("At least this near to the best (%)"), *number(*attained, 1)),
    ]


def _sensitivity(plan: PlanVersion, picks: Iterable[PlanPick], arrays: AreaArrays) -> Sensitivity | None:
    places = [pick.placement for pick in picks]
    if any(place.stop_id is None and place.line_id is None for place in places):
        return None
    contacts, persons = flight_contacts(places, arrays, flight_of_plan(plan.parameters), "central")
    summed = np.asarray(contacts.sum(axis=0)).ravel() if places else np.zeros(len(arrays.hotspots))
    shifted = {name: outcome(summed * factor, persons).reach for name, factor in SHIFTS.items()}
    low, high = (plan.result[level]["reach"] for level in (LEVELS[0], LEVELS[-1]))
    return Sensitivity(low, shifted["central"], high, shifted["less"], shifted["more"])


def _verdict(first: PlanVersion, second: PlanVersion, found: tuple[Sensitivity, Sensitivity]) -> str:
    """Whether the better of the two is better in every case."""
    gaps = [getattr(found[1], name) - getattr(found[0], name) for name in ("low", "less", "central", "more", "high")]
    if max(abs(gap) for gap in gaps) < WORTH_SAYING:
        return _("Both reach the same, whatever the coefficients.")
    if min(gaps) > 0 or max(gaps) < 0:
        better = second if min(gaps) > 0 else first
        return _("Plan %(n)d reaches more in every case, with few contacts and with many.") % {"n": better.number}
    return _("Which of the two reaches more depends on the coefficients: the difference is not certain.")
