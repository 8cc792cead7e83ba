"""排期表: the media schedule as a workbook that suppliers and superiors are used to. Every figure goes back to a plan.

One row for each flight, or for each pick where nothing is booked yet; money as numbers, days as dates, and a column a
week with the days that the ad hangs.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from campaigns.models import Artwork, Booking, Format, Placement, PlanVersion
from campaigns.services.artwork import artwork_finder, face_mm
from campaigns.services.exports import safe_cell

Finder = Callable[[Placement], Artwork | None]

MOST_WEEKS = 60
HEAD_ROW = 5
MONEY, DAY = "#,##0.00", "yyyy-mm-dd"
WIDTHS = (6, 12, 34, 14, 16, 8, 12, 12, 7, 14, 14, 12, 14, 10, 12, 12)
FILL, HEAD = PatternFill("solid", fgColor="14478F"), PatternFill("solid", fgColor="DFE9F6")
THIN = Border(bottom=Side("thin", color="B8C0CC"))


@dataclass(frozen=True)
class Row:
    """One flight. Money in yuan; `list_cny` is None where no price list names it."""

    placement: Placement
    first: date
    last: date
    list_cny: Decimal | None
    production_cny: Decimal
    cost_cny: Decimal
    state: str
    code: str
    artwork: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def media_cny(self) -> Decimal:
        return self.cost_cny - self.production_cny


def rows(plan: PlanVersion) -> list[Row]:
    """The plan's live flights by format, code and day; its picks where there are none."""
    bookings = list(
        Booking.objects.live()
        .filter(plan=plan)
        .select_related("placement__rate_line")
        .prefetch_related("codes")
        .order_by("placement__format", "placement__code", "starts_on")
    )
    artwork_of = artwork_finder(plan.campaign)
    if bookings:
        return [_booked(artwork_of, booking) for booking in bookings]
    first, last = (date.fromisoformat(plan.parameters[name]) for name in ("starts_on", "ends_on"))
    picks = plan.picks.select_related("placement__rate_line").order_by("placement__format", "placement__code")
    return [
        _row(artwork_of, pick.placement, (first, last), pick.cost_cny, state=_("planned"), code="", free=False)
        for pick in picks
    ]


def _booked(artwork_of: Finder, booking: Booking) -> Row:
    free = booking.makes_good_id is not None
    code = next((code.code for code in booking.codes.all()), "")
    state = _("Made good") if free else booking.get_state_display()
    flight = (booking.starts_on, booking.ends_on)
    return _row(artwork_of, booking.placement, flight, booking.price_cny, state=state, code=code, free=free)


def _row(
    artwork_of: Finder, place: Placement, flight: tuple[date, date], cost: Decimal, *, state: str, code: str, free: bool
) -> Row:
    first, last = flight
    artwork = artwork_of(place)
    nothing = Decimal(0)
    return Row(
        placement=place, first=first, last=last, list_cny=nothing if free else _listed(place, (last - first).days + 1),
        production_cny=nothing if free else min(place.production_cny, cost), cost_cny=cost, state=str(state), code=code,
        artwork=artwork.sha256[:12] if artwork else "",
    )  # fmt: skip


def _listed(place: Placement, days: int) -> Decimal | None:
    """The list price of its buses, and of a spot shown so many times as often as the list has it."""
    price = place.rate_line
    if price is None:
        return None
    often = (place.plays_per_loop or 1) // (price.plays_per_loop or 1)
    return price.list_price_cny * (place.wrapped_buses or 1) * max(1, often) * -(-days // place.period_days)


def workbook(plan: PlanVersion) -> bytes:
    """The schedule of a plan as XLSX."""
    found = rows(plan)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Media schedule")
    weeks = _weeks(found)
    _top(sheet, plan)
    heads = [
        _("No."), _("Ad format"), _("Placement"), _("Street or town"), _("Specification"), _("Quantity"), _("Posting"),
        _("Take-down"), _("Days"), _("List price (yuan)"), _("Net price (yuan)"), _("Production (yuan)"),
        _("Total (yuan)"), _("State"), _("Ad code"), _("Artwork"),
    ]  # fmt: skip
    _line(sheet, HEAD_ROW, [*heads, *(f"{week:%m-%d}" for week in weeks)], font=Font(bold=True), fill=HEAD)
    for number, row in enumerate(found, 1):
        _flight(sheet, HEAD_ROW + number, number, row, weeks)
    _sums(sheet, HEAD_ROW + len(found) + 1, found)
    _lay_out(sheet, len(weeks))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _top(sheet: Any, plan: PlanVersion) -> None:
    campaign, area = plan.campaign, plan.campaign.area
    sheet["A1"] = f"{campaign.name} · {_('Media schedule')}"
    sheet["A1"].font = Font(bold=True, size=16)
    said = {
        "area": area.name,
        "n": plan.number,
        "first": plan.parameters["starts_on"],
        "last": plan.parameters["ends_on"],
    }
    sheet["A2"] = _("%(area)s, plan %(n)d, %(first)s to %(last)s") % said
    sheet["A3"] = f"{_('Plan')} {plan.sha256}"
    sheet["A3"].font = Font(size=9, color="5A6472")
    if area.is_sample:
        sheet["A4"] = _("Sample data: positions, people and prices are made up")
        sheet["A4"].font = Font(bold=True, color="B8231A")


def _flight(sheet: Any, at: int, number: int, row: Row, weeks: Sequence[date]) -> None:
    place = row.placement
    cells: list[Any] = [
        number, str(Format(place.format).label), safe_cell(place.name), safe_cell(place.street), _size(place),
        place.wrapped_buses or 1, row.first, row.last, row.days, row.list_cny, row.media_cny, row.production_cny,
        row.cost_cny, row.state, row.code, row.artwork,
    ]  # fmt: skip
    _line(sheet, at, cells)
    for column in (7, 8):
        sheet.cell(at, column).number_format = DAY
    for column in range(10, 14):
        sheet.cell(at, column).number_format = MONEY
    for offset, week in enumerate(weeks):
        days = _shared_days(row, week)
        if days:
            cell = sheet.cell(at, len(cells) + 1 + offset, days)
            cell.fill, cell.font = FILL, Font(color="FFFFFF")
            cell.alignment = Alignment(horizontal="center")


def _size(place: Placement) -> str:
    if place.format == Format.SCREEN:
        return _("%(spot)d s, %(plays)d in %(loop)d s") % {
            "spot": place.spot_s or 0,
            "plays": place.plays_per_loop or 0,
            "loop": place.loop_s or 0,
        }
    return _("%(width)d × %(height)d mm") % dict(zip(("width", "height"), face_mm(place), strict=True))


def _weeks(found: Iterable[Row]) -> list[date]:
    """The Mondays of the weeks in which something hangs."""
    flights = list(found)
    if not flights:
        return []
    first, last = min(row.first for row in flights), max(row.last for row in flights)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=week) for week in range(min(MOST_WEEKS, (last - monday).days // 7 + 1))]


def _shared_days(row: Row, monday: date) -> int:
    """Days of a flight in the week from `monday`."""
    return max(0, (min(row.last, monday + timedelta(days=6)) - max(row.first, monday)).days + 1)


def _sums(sheet: Any, at: int, found: Sequence[Row]) -> None:
    listed = [row.list_cny for row in found]
    cells: dict[int, Any] = {
        3: _("Total"),
        6: sum(row.placement.wrapped_buses or 1 for row in found),
        10: None if None in listed else sum((price for price in listed if price is not None), Decimal(0)),
        11: sum((row.media_cny for row in found), Decimal(0)),
        12: sum((row.production_cny for row in found), Decimal(0)),
        13: sum((row.cost_cny for row in found), Decimal(0)),
    }
    for column, value in cells.items():
        cell = sheet.cell(at, column, value)
        cell.font = Font(bold=True)
        if column >= 10:
            cell.number_format = MONEY


def _line(sheet: Any, at: int, cells: Sequence[Any], **style: Any) -> None:
    for column, value in enumerate(cells, 1):
        cell = sheet.cell(at, column, value)
        cell.border = THIN
        for name, wanted in style.items():
            setattr(cell, name, wanted)


def _lay_out(sheet: Any, weeks: int) -> None:
    """Widths, a head that stays in sight, and A4 across for the printer."""
    for column, width in enumerate((*WIDTHS, *([7] * weeks)), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 4)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
