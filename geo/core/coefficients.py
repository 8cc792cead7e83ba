"""The coefficients of the audience model: one versioned set, three levels, and where each figure comes from.

`low` is the cautious end, `high` the hopeful end: they are named by what they do to the audience, not by the size of
the number (a slow saturation gives *fewer* contacts). Anything without a published figure behind it says so: 'assumed'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from geo.core.records import CATEGORIES, Floats

Level: TypeAlias = Literal["low", "central", "high"]
LEVELS: tuple[Level, ...] = ("low", "central", "high")

ASSUMED = "assumed"


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translation files; this package knows no translation machinery."""
    return message


@dataclass(frozen=True)
class Coefficient:
    """One figure of the model.

    Parameters
    ----------
    key : str
        The name that formulas use; per category as `name.category`.
    low, central, high : float
        Cautious, expected and hopeful value.
    unit : str
        "1" for a plain share or factor.
    meaning : str
        One English sentence (a message id for the translation files).
    source : str
        Where the figure is published, or begins with 'assumed'.
    """

    key: str
    low: float
    central: float
    high: float
    unit: str
    meaning: str
    source: str = ASSUMED

    @property
    def is_assumed(self) -> bool:
        """Whether no published figure stands behind it."""
        return self.source.startswith(ASSUMED)

    def at(self, level: Level) -> float:
        """The value at one level."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]


@dataclass(frozen=True)
class CoefficientSet:
    """A named, versioned set of coefficients, in the order in which documents list them."""

    name: str
    version: str
    coefficients: tuple[Coefficient, ...]

    def __post_init__(self) -> None:
        keys = [coefficient.key for coefficient in self.coefficients]
        if len(set(keys)) != len(keys):
            raise ValueError("a coefficient is listed twice")

    def __getitem__(self, key: str) -> Coefficient:
        for coefficient in self.coefficients:
            if coefficient.key == key:
                return coefficient
        raise KeyError(key)

    def value(self, key: str, level: Level) -> float:
        """Value of one coefficient at one level."""
        return self[key].at(level)

    def by_category(self, key: str, level: Level) -> Floats:
        """Values of `key.<category>`, shape (len(CATEGORIES),), in the order of `CATEGORIES`."""
        return np.array([self.value(f"{key}.{category}", level) for category in CATEGORIES])

    def with_values(self, values: Mapping[str, tuple[float, float, float]], version: str) -> CoefficientSet:
        """A copy in which some keys have other (low, central, high) values; the version must be a new one."""
        if version == self.version:
            raise ValueError("other values need another version")
        unknown = set(values) - {coefficient.key for coefficient in self.coefficients}
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        changed = tuple(
            replace(
                c, low=values[c.key][0], central=values[c.key][1], high=values[c.key][2], source="assumed: set by hand"
            )
            if c.key in values
            else c
            for c in self.coefficients
        )
        return replace(self, version=version, coefficients=changed)

    @property
    def sha256(self) -> str:
        """Fingerprint of keys and values, so that a stored result can name exactly what it was computed with."""
        text = "\n".join(f"{c.key} {float(c.low)!r} {float(c.central)!r} {float(c.high)!r}" for c in self.coefficients)
        return hashlib.sha256(text.encode()).hexdigest()


def _per_category(
    key: str, unit: str, meaning: str, source: str, values: Mapping[str, tuple[float, float, float]]
) -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{key}.{name}", *values[name], unit, meaning, source) for name in CATEGORIES)


_SAN_JOSE = (
    "walks to bus stops in San José, Costa Rica: 255, 525 and 740 m at the 50th, 85th and 95th percentile "
    "(Rodríguez-González & Agüero-Valverde, ATS International 43, 2017)"
)

_SINGAPORE = (
    "own calibration on the riders of Singapore's stops of October 2018, judged on areas that it was not chosen on "
    "(benchmarks/validity.py, 24 November 2026)"
)

COEFFICIENTS = CoefficientSet(
    name="pufa",
    version="2026.2",
    coefficients=(
        # People: held equal at all levels. Regular visitors raise the share reached and lower the number of people, so
        # regularity has no cautious or hopeful side; it is varied on its own (`with_values`).
        *_per_category(
            "visits_per_day",
            "visits per person and day",
            gettext_noop("How often the same person comes to a place of this kind"),
            "assumed; the same at all levels, because it moves reach and the number of people in opposite directions",
            {
                "government": (0.05, 0.05, 0.05),
                "school": (0.70, 0.70, 0.70),
                "park": (0.15, 0.15, 0.15),
                "mall": (0.10, 0.10, 0.10),
                "village": (0.90, 0.90, 0.90),
                "hospital": (0.03, 0.03, 0.03),
                "transport": (0.30, 0.30, 0.30),
                "other": (0.10, 0.10, 0.10),
            },
        ),
        Coefficient(
            "school_holiday_visits",
            0.05,
            0.10,
            0.20,
            "1",
            gettext_noop("Share of a school's visits that remain in the school holidays"),
        ),
        Coefficient(
            "catchment_m",
            400.0,
            525.0,
            740.0,
            "m",
            gettext_noop("Beyond this distance nobody walks to a stop to take a bus"),
            f"low: the usual planning standard of 400 m; central and high: {_SAN_JOSE}; 524 m is also the 85th "
            "percentile in Montréal (El-Geneidy et al., Transportation 41, 2014)",
        ),
        Coefficient(
            "walk_decay_m",
            200.0,
            277.0,
            368.0,
            "m",
            gettext_noop("Distance over which the share of visitors who walk to a stop falls to 1/e"),
            "low: assumed; central "
            f"and high: exponential through the 85th and through the 50th percentile of {_SAN_JOSE}",
        ),
        Coefficient(
            "pass_share",
            0.60,
            0.90,
            1.00,
            "1",
            gettext_noop(
                "Share of a place's visitors who would walk past a stop at its door if buses left all the time"
            ),
        ),
        Coefficient(
            "service_trips",
            1300.0,
            1000.0,
            600.0,
            "departures per day",
            gettext_noop("Departures per day at which a stop draws about two thirds of what it could draw at most"),
            "assumed: with `pass_share` it gives a stop of 300 departures what set 2026.1 gave it. The riders of "
            "Singapore ask for 2,000 or more, those of King County rise with departures all the way",
        ),
        Coefficient(
            "door_m",
            70.0,
            70.0,
            70.0,
            "m",
            gettext_noop("Distance from a shelter up to which a place is nearly as good as next door"),
            f"{_SINGAPORE}; the same at all levels: a longer walk brings more places, each of which then counts less",
        ),
        Coefficient(
            "stop_reach_m",
            1000.0,
            1000.0,
            1000.0,
            "m",
            gettext_noop("Beyond this distance from a shelter nobody is counted"),
            f"assumed; 740 m is the 95th percentile of {_SAN_JOSE}, and the tail tells sparse places apart",
        ),
        Coefficient(
            "place_power",
            4.0,
            4.0,
            4.0,
            "1",
            gettext_noop("How little several places beside one stop add to each other: 1 in full, 4 hardly"),
            f"{_SINGAPORE}; the same at all levels: it moves people between stops and leaves their number as it is",
        ),
        Coefficient(
            "sight_per_diagonal",
            38.2,
            38.2,
            38.2,
            "m per m",
            gettext_noop("Distance from which a face can be seen, per metre of its diagonal"),
            "1 / (2 tan 0.75°): a face is first noticed at 1.5° of the field of view (Geopath, Opportunity-to-see, "
            "maximum noticing distance: a frame of 14 × 48 ft from 1,909 ft)",
        ),
        Coefficient(
            "shelter_diagonal_m",
            2.163,
            2.163,
            2.163,
            "m",
            gettext_noop("Diagonal of the face for which the notice share of shelters is stated"),
            "definition: a face of 1.2 × 1.8 m",
        ),
        Coefficient(
            "notice_shelter",
            0.30,
            0.45,
            0.60,
            "1",
            gettext_noop("Share of passers-by who notice a standard face on a shelter"),
        ),
        Coefficient(
            "body_diagonal_m",
            3.808,
            3.808,
            3.808,
            "m",
            gettext_noop("Diagonal of the panel on a bus body"),
            "definition: a panel of 3.5 × 1.5 m",
        ),
        Coefficient(
            "notice_body",
            0.20,
            0.35,
            0.50,
            "1",
            gettext_noop("Share of people outdoors at the roadside who notice a bus body that passes"),
        ),
        *_per_category(
            "outdoor_minutes",
            "minutes per visit",
            gettext_noop("Minutes outdoors per visit, in sight of the street, at a place of this kind"),
            ASSUMED,
            {
                "government": (3, 6, 10),
                "school": (6, 12, 20),
                "park": (30, 60, 90),
                "mall": (5, 10, 15),
                "village": (20, 40, 60),
                "hospital": (4, 8, 12),
                "transport": (5, 10, 15),
                "other": (4, 8, 12),
            },
        ),
        *_per_category(
            "bus_share",
            "1",
            gettext_noop("Share of visits to a place of this kind that are made by bus where stops are at the door"),
            ASSUMED,
            {
                "government": (0.06, 0.12, 0.20),
                "school": (0.08, 0.15, 0.25),
                "park": (0.05, 0.10, 0.16),
                "mall": (0.08, 0.15, 0.25),
                "village": (0.06, 0.12, 0.20),
                "hospital": (0.10, 0.18, 0.28),
                "transport": (0.15, 0.30, 0.45),
                "other": (0.06, 0.12, 0.20),
            },
        ),
        Coefficient(
            "rides_per_visit",
            2.0,
            2.0,
            2.0,
            "rides",
            gettext_noop("Rides that a visit by bus makes"),
            "definition: one there, one back",
        ),
        Coefficient(
            "ride_m",
            3000.0,
            5000.0,
            7000.0,
            "m",
            gettext_noop("Length of a ride"),
        ),
        Coefficient(
            "seen_s",
            1.0,
            1.0,
            1.0,
            "s",
            gettext_noop("Shortest overlap of a ride and a play that counts as met"),
            "an item must be displayed for at least one second (Geopath, Opportunity-to-See Impressions)",
        ),
        Coefficient(
            "notice_screen",
            0.25,
            0.40,
            0.55,
            "1",
            gettext_noop("Share of plays met that a passenger watches"),
        ),
    ),
)
"""The current set. Results store its version and fingerprint."""
