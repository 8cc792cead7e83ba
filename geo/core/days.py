"""Kinds of day: what a calendar says of each, and how many of each kind a flight has. Knows no arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAY_TYPES = ("weekday", "saturday", "sunday")
WEEKDAY, SATURDAY, SUNDAY = range(3)


@dataclass(frozen=True)
class DaysOff:
    """What an area's calendar says beyond the days of the week.

    Parameters
    ----------
    holidays : frozenset of date
        Public holidays: buses run as on a Sunday.
    workdays : frozenset of date
        Saturdays and Sundays that are worked: buses run as on a weekday.
    school_holidays : frozenset of date
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    school_holidays: frozenset[date] = frozenset()

    def type_of(self, day: date) -> int:
        """Index into `DAY_TYPES`; a public holiday is a holiday whatever else is said of the day."""
        if day in self.holidays:
            return SUNDAY
        if day in self.workdays:
            return WEEKDAY
        return {5: SATURDAY, 6: SUNDAY}.get(day.weekday(), WEEKDAY)


@dataclass(frozen=True)
class Flight:
    """The days of a flight by kind.

    Parameters
    ----------
    weekdays, saturdays, sundays : int
        They add up to the days of the flight; Sundays with public holidays.
    school_holidays : int
        How many of all days fall into school holidays.
    """

    weekdays: int
    saturdays: int = 0
    sundays: int = 0
    school_holidays: int = 0

    def __post_init__(self) -> None:
        if min(self.counts) < 0 or self.days < 1 or not 0 <= self.school_holidays <= self.days:
            raise ValueError(f"flight: expected days of each kind, found {self}")

    @property
    def counts(self) -> tuple[int, int, int]:
        """Days by type, in the order of `DAY_TYPES`."""
        return self.weekdays, self.saturdays, self.sundays

    @property
    def days(self) -> int:
        """Length of the flight."""
        return sum(self.counts)

    @property
    def school_holiday_share(self) -> float:
        """Share of the flight that falls into school holidays, in [0, 1]."""
        return self.school_holidays / self.days


def flight_of(first: date, last: date, days_off: DaysOff | None = None) -> Flight:
    """The days from `first` to `last`, both included, by kind."""
    known = days_off or DaysOff()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    counts = [0] * len(DAY_TYPES)
    for day in days:
        counts[known.type_of(day)] += 1
    return Flight(
        counts[WEEKDAY], counts[SATURDAY], counts[SUNDAY], school_holidays=len(known.school_holidays.intersection(days))
    )
