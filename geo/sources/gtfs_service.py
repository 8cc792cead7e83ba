"""When GTFS trips run: the representative weekday, departures on it, and the buses that they need."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.sources.problems import FileProblems, Problems, gettext_noop
from geo.sources.tables import ROW
from geo.sources.values import known, mark, minutes, numbers, rows_of, unique

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_CALENDAR_DAYS = 3 * 366  # feeds that say "until 2099" add nothing after that


@dataclass(frozen=True)
class Calendar:
    """Which service runs on which day: `active` is bool (services, days) from `first_day` on."""

    services: pd.Index
    first_day: date
    active: np.ndarray

    def representative_day(self, trips_per_service: np.ndarray) -> tuple[int, date]:
        """The most usual weekday: the set of services that most Mondays to Fridays share, on its first day.

        Ties go to the day with more trips, then to the earlier. Where no weekday has a trip, every day counts.
        """
        weekday = self._weekdays() < 5
        day = self._most_usual(trips_per_service, weekday)
        if day is None:
            day = self._most_usual(trips_per_service, np.ones_like(weekday)) or 0
        return day, self.first_day + timedelta(days=day)

    def profile_days(self, trips_per_service: np.ndarray) -> tuple[int, int | None, int | None]:
        """The representative weekday, Saturday and Sunday.

        None: no trip runs on such a day. Where the calendar is too short to hold one, the weekday stands for it.
        """
        of_week = self._weekdays()
        weekday, _date = self.representative_day(trips_per_service)
        saturday, sunday = (
            self._most_usual(trips_per_service, of_week == day) if (of_week == day).any() else weekday for day in (5, 6)
        )
        return weekday, saturday, sunday

    def _weekdays(self) -> np.ndarray:
        """Day of the week of every day, Monday 0."""
        return (self.first_day.weekday() + np.arange(self.active.shape[1])) % 7

    def _most_usual(self, trips_per_service: np.ndarray, among: np.ndarray) -> int | None:
        trips = trips_per_service @ self.active
        patterns: dict[bytes, list[int]] = {}
        running = self.active & (trips_per_service > 0)[:, None]
        for day in np.flatnonzero((trips > 0) & among):
            patterns.setdefault(running[:, day].tobytes(), []).append(int(day))
        if not patterns:
            return None
        return max(patterns.values(), key=lambda found: (len(found), trips[found[0]], -found[0]))[0]


def read_calendar(calendar: pd.DataFrame | None, dates: pd.DataFrame | None, problems: Problems) -> Calendar:
    """The calendar of calendar.txt, calendar_dates.txt or both. Notes what is wrong and leaves such rows out."""
    log, log_dates = problems.of("calendar.txt"), problems.of("calendar_dates.txt")
    weeks = calendar if calendar is not None else pd.DataFrame({"service_id": pd.Series(dtype=str), ROW: 0})
    exceptions = dates if dates is not None else pd.DataFrame({"service_id": pd.Series(dtype=str), ROW: 0})
    starts = _days(weeks, "start_date", log)
    ends = _days(weeks, "end_date", log)
    days = _days(exceptions, "date", log_dates)
    flags = np.zeros((len(weeks), 7), dtype=bool)
    if len(weeks):
        unique(weeks, "service_id", log)
        for i, column in enumerate(WEEKDAYS):
            flags[:, i] = numbers(weeks, column, log, low=0, high=1, expected=gettext_noop("0 or 1")) == 1
    kinds = np.zeros(len(exceptions))
    if len(exceptions):
        kinds = numbers(
            exceptions,
            "exception_type",
            log_dates,
            low=1,
            high=2,
            expected=gettext_noop("1 (added) or 2 (removed)"),
        )
    if len(weeks):
        mark(weeks, "end_date", (starts > ends) & (ends > 0), log, gettext_noop("a day not before start_date"))

    services = pd.Index(pd.concat([weeks["service_id"], exceptions["service_id"]]).unique())
    all_days = np.concatenate([starts[starts > 0], ends[ends > 0], days[days > 0]])
    first = int(all_days.min()) if len(all_days) else date(2000, 1, 3).toordinal()
    length = min(int(all_days.max()) - first + 1, LONGEST_CALENDAR_DAYS) if len(all_days) else 1
    active = np.zeros((len(services), length), dtype=bool)
    day_of_week = (np.arange(length) + date.fromordinal(first).weekday()) % 7
    for service, start, end, week in zip(services.get_indexer(weeks["service_id"]), starts, ends, flags, strict=True):
        if start > 0 and end >= start:
            span = slice(int(start) - first, min(int(end) - first + 1, length))
            active[service, span] = week[day_of_week[span]]
    for service, day, kind in zip(services.get_indexer(exceptions["service_id"]), days, kinds, strict=True):
        if day > 0 and day - first < length and kind in {1, 2}:
            active[service, int(day) - first] = kind == 1
    return Calendar(services, date.fromordinal(first), active)


def _days(frame: pd.DataFrame, column: str, log: FileProblems) -> np.ndarray:
    """A column of YYYYMMDD as proleptic ordinals; 0 with a problem where a cell is no day."""
    if not len(frame):
        return np.zeros(0, dtype=np.int64)
    ordinals: dict[str, int] = {}
    for text in frame[column].unique():
        try:
            if len(text) != 8:
                raise ValueError(text)
            ordinals[text] = date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
        except ValueError:
            ordinals[text] = 0
    values = frame[column].map(ordinals).to_numpy(dtype=np.int64)
    mark(frame, column, values == 0, log, gettext_noop("a day such as 20260901"))
    return values


@dataclass(frozen=True)
class Headways:
    """frequencies.txt: trip (row of trips), start and end in minutes after midnight, headway in minutes."""

    trip: np.ndarray
    start: np.ndarray
    end: np.ndarray
    headway: np.ndarray


def read_frequencies(frame: pd.DataFrame | None, trip_ids: pd.Series, problems: Problems) -> Headways:
    """The repeated trips; none where the file is missing or empty."""
    if frame is None or not len(frame):
        none = np.zeros(0)
        return Headways(none.astype(np.int64), none, none, none)
    log = problems.of("frequencies.txt")
    good = known(frame, "trip_id", trip_ids, "trips.txt", log)
    start, end = minutes(frame, "start_time", log), minutes(frame, "end_time", log)
    for column, values in (("start_time", start), ("end_time", end)):
        expected = gettext_noop("a time such as 07:30:00 or 25:10:00")
        mark(frame, column, (frame[column] == "").to_numpy(), log, expected)
        good &= np.isfinite(values)
    headway = numbers(frame, "headway_secs", log, low=1, expected=gettext_noop("a number of seconds above 0")) / 60
    mark(frame, "end_time", end <= start, log, gettext_noop("a time after start_time"))
    good &= np.isfinite(headway) & (end > start)
    trip = rows_of(trip_ids, frame["trip_id"])
    return Headways(trip[good], start[good], end[good], headway[good])


def departures(runs: np.ndarray, first_departure: np.ndarray, headways: Headways) -> tuple[np.ndarray, np.ndarray]:
    """Every departure of a day as (trip, minute): a repeated trip once per headway, before the end of its span.

    Parameters
    ----------
    runs : bool (trips,)
        Trips that run that day.
    first_departure : float (trips,)
        Minutes after midnight.
    """
    repeated = np.zeros(len(runs), dtype=bool)
    repeated[headways.trip] = True
    single = np.flatnonzero(runs & ~repeated & np.isfinite(first_departure))
    trips, times = [single], [first_departure[single]]
    for trip, start, end, headway in zip(headways.trip, headways.start, headways.end, headways.headway, strict=True):
        if runs[trip]:
            at = np.arange(start, end, headway)
            trips.append(np.full(len(at), trip))
            times.append(at)
    return np.concatenate(trips).astype(np.int64), np.concatenate(times)


def buses_needed(group: np.ndarray, start: np.ndarray, duration: np.ndarray, groups: int) -> np.ndarray:
    """Most trips of a group under way at one moment, float (groups,): the buses that the timetable needs at least."""
    needed = np.zeros(groups)
    order = np.argsort(group, kind="stable")
    cuts = np.searchsorted(group[order], np.arange(groups + 1))
    for g in range(groups):
        mine = order[cuts[g] : cuts[g + 1]]
        if not len(mine):
            continue
        at = np.concatenate([start[mine], start[mine] + np.maximum(duration[mine], 1.0)])
        change = np.concatenate([np.ones(len(mine)), -np.ones(len(mine))])
        # At equal times a bus arrives before it leaves again.
        needed[g] = np.cumsum(change[np.lexsort((change, at))]).max()
    return needed
