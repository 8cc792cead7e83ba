"""Flights on a calendar: rows of placements against days, and the same as iCalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Booking, PlanVersion
from pages.icalendar import Entry, calendar

WEEKS = 8
DAYS = 7 * WEEKS


@dataclass(frozen=True)
class Cell:
    """`days` columns of one row: free, or a booking (`begins`/`ends` where its own end lies inside the window)."""

    days: int
    booking: Booking | None = None
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True)
class Row:
    """The flights of one placement in the window; two at a time never share a row."""

    name: str
    format_label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Chart:
    first: date
    weeks: list[date]
    rows: list[Row]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)


def chart(bookings: Iterable[Booking], day: date) -> Chart:
    """Eight weeks from the Monday of `day`'s week."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=DAYS - 1)
    by_placement: dict[int, list[Booking]] = {}
    for booking in bookings:
        if booking.starts_on <= last and booking.ends_on >= first:
            by_placement.setdefault(booking.placement_id, []).append(booking)
    rows = []
    for flights in by_placement.values():
        flights.sort(key=lambda booking: booking.starts_on)
        placement = flights[0].placement
        rows.append(Row(placement.name, placement.get_format_display(), _cells(flights, first, last)))
    rows.sort(key=lambda row: (row.format_label, row.name))
    return Chart(first, [first + timedelta(weeks=week) for week in range(WEEKS)], rows)


def _cells(flights: list[Booking], first: date, last: date) -> list[Cell]:
    cells, at = [], first
    for booking in flights:
        start, end = max(booking.starts_on, first), min(booking.ends_on, last)
        if start > at:
            cells.append(Cell((start - at).days))
        cells.append(Cell((end - start).days + 1, booking, booking.starts_on >= first, booking.ends_on <= last))
        at = end + timedelta(days=1)
    if at <= last:
        cells.append(Cell((last - at).days + 1))
    return cells


def plan_calendar(plan: PlanVersion) -> str:
    """The plan's flights as iCalendar: posting, take-down, and whatever was cancelled, so that it leaves calendars."""
    host = str(settings.PUBLIC_URL).split("//", 1)[-1]
    entries = []
    for booking in plan.bookings.select_related("placement__stop", "placement__line").order_by("starts_on", "pk"):
        gone = booking.state == Booking.State.CANCELLED or booking.has_run_out
        place = booking.placement.name
        for deed, day, title in (
            ("posting", booking.starts_on, _("Post: %(placement)s")),
            ("take-down", booking.ends_on, _("Take down: %(placement)s")),
        ):
            noon = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_default_timezone())
            noon += timedelta(hours=12)
            entries.append(
                Entry(
                    uid=f"booking-{booking.pk}-{deed}@{host}",
                    changed=timezone.now(),
                    starts=noon,
                    ends=noon,
                    title=title % {"placement": place},
                    all_day=True,
                    place=place,
                    description=" · ".join(filter(None, [str(plan), booking.crew_name, booking.note or ""])),
                    cancelled=gone,
                )
            )
    return calendar(str(plan), "Pufa Express", entries)
