"""Play reports of the bus company: a CSV with one row for a day, a vehicle and an item, checked as a whole."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from media.captions import decode
from media.models import BusCut, Playlist, PlayReport
from trust.errors import InputError, InputProblem, gettext_noop
from trust.imports import Report

COLUMNS = {
    "day": ("day", "date", "日期"),
    "vehicle": ("vehicle", "bus", "车辆", "车号", "车牌号"),
    "item": ("item", "cut", "节目", "节目编号"),
    "plays": ("plays", "count", "播放次数", "次数"),
}
MOST_PLAYS = 5000  # one every 17 s around the clock


@dataclass(frozen=True)
class Played:
    row: int
    day: date
    vehicle: str
    item: str
    plays: int


def read(data: bytes, *, file: str, today: date) -> list[Played]:
    """Rows of a play report. Raises InputError with every problem: columns, dates, counts, the same line twice."""
    text = decode(data, file)
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip().lower() for name in next(rows, [])]
    places = {}
    problems: list[InputProblem] = []
    for name, known in COLUMNS.items():
        place = next((header.index(label) for label in known if label in header), None)
        if place is None:
            problems.append(
                InputProblem(file, 1, known[0], ",".join(header)[:80], gettext_noop("a column with this name"))
            )
        else:
            places[name] = place
    if problems:
        raise InputError(problems)
    played: list[Played] = []
    seen: dict[tuple[date, str, str], int] = {}
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        found = _row(row, number, file, today, problems)
        if found is None:
            continue
        key = (found.day, found.vehicle, found.item)
        if key in seen:
            expected = gettext_noop("one row for a day, vehicle and item; row %(row)s has the same")
            problems.append(InputProblem(file, number, "item", found.item, expected, (("row", str(seen[key])),)))
        seen[key] = number
        played.append(found)
    if problems:
        raise InputError(problems)
    return played


def _row(row: dict[str, str], number: int, file: str, today: date, problems: list[InputProblem]) -> Played | None:
    count = len(problems)
    try:
        day = date.fromisoformat(row["day"].replace("/", "-"))
        if day > today:
            problems.append(
                InputProblem(file, number, "day", row["day"], gettext_noop("a day that is not in the future"))
            )
    except ValueError:
        day = today
        problems.append(InputProblem(file, number, "day", row["day"], gettext_noop("a date such as 2026-11-06")))
    problems.extend(
        InputProblem(file, number, name, row[name][:60], gettext_noop("1 to 40 characters"))
        for name in ("vehicle", "item")
        if not 1 <= len(row[name]) <= 40
    )
    plays = row["plays"]
    if not (plays.isascii() and plays.isdigit() and int(plays) <= MOST_PLAYS):
        expected = gettext_noop("a whole number from 0 to %(most)s")
        problems.append(InputProblem(file, number, "plays", plays[:40], expected, (("most", str(MOST_PLAYS)),)))
    if len(problems) > count:
        return None
    return Played(number, day, row["vehicle"], row["item"], int(plays))


def save(played: list[Played], *, file: str) -> Report:
    """Write the rows; a row that is there already with another count is corrected. Raises InputError."""
    cuts = {cut.code: cut for cut in BusCut.objects.exclude(sha256="")}
    unknown = [
        InputProblem(file, row.row, "item", row.item, gettext_noop("the item of a package, as in its manifest.json"))
        for row in played
        if row.item not in cuts
    ]
    if unknown:
        raise InputError(unknown)
    report = Report()
    for row in played:
        known = PlayReport.objects.filter(day=row.day, vehicle=row.vehicle, cut=cuts[row.item]).first()
        if known is None:
            PlayReport.objects.create(
                day=row.day, vehicle=row.vehicle, cut=cuts[row.item], plays=row.plays, source_name=file
            )
            report.created += 1
        elif known.plays == row.plays:
            report.unchanged += 1
        else:
            known.plays, known.source_name = row.plays, file
            known.save(update_fields=["plays", "source_name", "imported_at"])
            report.updated += 1
    return report


@dataclass(frozen=True)
class Fulfilment:
    """What a playlist books of one cut, and what the buses reported for its days: plays a vehicle and day."""

    cut: BusCut
    booked: int
    vehicle_days: int
    plays: int

    @property
    def booked_plays(self) -> int:
        return self.booked * self.vehicle_days

    @property
    def percent(self) -> int | None:
        """Reported of booked; None while nothing was reported."""
        return round(100 * self.plays / self.booked_plays) if self.booked_plays else None


def fulfilment(playlist: Playlist) -> list[Fulfilment]:
    """For each item of `playlist`, in order. A vehicle that reported on a day is booked for all of that day.

    A cut that stands in the list several times is one row. Another playlist with the same cut on the same days is not
    told apart: reports name the cut alone.
    """
    first, last = datetime.combine(date.min, playlist.from_time), datetime.combine(date.min, playlist.to_time)
    loops = int((last - first).total_seconds() // playlist.loop_s)
    booked: dict[BusCut, int] = {}
    for item in playlist.items.select_related("cut__version__video", "cut__profile"):
        booked[item.cut] = booked.get(item.cut, 0) + loops * item.plays_per_loop
    weekdays = [int(day) for day in playlist.weekdays]
    return [
        Fulfilment(cut, count, reported["vehicle_days"], reported["plays"] or 0)
        for cut, count in booked.items()
        for reported in [
            cut.play_reports.filter(
                day__gte=playlist.starts_on, day__lte=playlist.ends_on, day__iso_week_day__in=weekdays
            ).aggregate(vehicle_days=Count("pk"), plays=Sum("plays"))
        ]
    ]
