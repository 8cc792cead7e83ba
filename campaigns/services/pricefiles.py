"""Rate card and inventory as tables, out and in: CSV or XLSX, one row for a price or a placement, headed in Chinese.

What goes out comes in again unchanged. What comes in is checked as a whole: every problem by row and field, or all of
it is taken. Placements that came by file are left alone by the next update from the network.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from openpyxl import Workbook

from campaigns.models import Placement, RateCard, RateLine
from campaigns.services.exports import safe_cell
from geo.models import Area, Line, Stop
from geo.sources.problems import FileProblems, Problems
from geo.sources.tables import ROW, WORKBOOKS, parse_csv, parse_workbook
from trust.errors import gettext_noop
from trust.imports import Report

MOST_BYTES = 20 * 1024 * 1024
PRICES, INVENTORY = "prices", "inventory"
PRICE_FIELDS = (
    "format", "unit", "period_days", "list_price_cny", "net_price_cny", "production_cny", "minimum_units", "width_m",
    "height_m", "share_of_voice", "spot_s", "plays_per_loop", "loop_s",
)  # fmt: skip
INVENTORY_FIELDS = (
    "code", "name", "format", "stop", "line", "bundle", "wrapped_buses", "width_m", "height_m", "share_of_voice",
    "spot_s", "plays_per_loop", "loop_s", "net_price_cny", "production_cny", "period_days", "street", "is_active",
)  # fmt: skip
YES, NO = {"是", "yes", "true", "1"}, {"否", "no", "false", "0"}


@dataclass(frozen=True)
class Table:
    """Which rows of which model a file holds, and by which field a row finds its own."""

    model: type[models.Model]
    fields: Sequence[str]
    key: str


@dataclass(frozen=True)
class Source:
    """One row of the file: its number, its cells by field, the file's name for each field, and where to complain."""

    number: int
    cells: dict[str, str]
    columns: dict[str, str]
    log: FileProblems


TABLES = {PRICES: Table(RateLine, PRICE_FIELDS, "format"), INVENTORY: Table(Placement, INVENTORY_FIELDS, "code")}


def heads(kind: str) -> dict[str, str]:
    """Field → column name, as the screens call it."""
    table = TABLES[kind]
    return {name: str(_field(table, name).verbose_name) for name in table.fields}


def _field(table: Table, name: str) -> Any:
    return table.model._meta.get_field(name)


def rows_out(kind: str, rows: Sequence[models.Model]) -> list[list[str]]:
    """Head and rows as text."""
    table = TABLES[kind]
    return [list(heads(kind).values())] + [[_out(_field(table, name), row) for name in table.fields] for row in rows]


def _out(field: Any, row: models.Model) -> str:
    if field.is_relation:
        other = getattr(row, field.name)
        return safe_cell(other.code) if other is not None else ""
    value = getattr(row, field.name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.choices:
        return str(dict(field.flatchoices)[value])
    return safe_cell(str(value))


def as_csv(table: list[list[str]]) -> bytes:
    """With a byte-order mark, so that spreadsheets read UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return ("\ufeff" + text.getvalue()).encode()


def as_xlsx(table: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@transaction.atomic
def take_in(kind: str, area: Area, card: RateCard | None, name: str, data: bytes) -> Report:
    """Read a file of `kind` (prices go to `card`) and make or change its rows. Raises InputError: nothing changes."""
    problems = Problems()
    log = problems.of(name)
    if len(data) > MOST_BYTES:
        log.add(0, "-", len(data), gettext_noop("at most %(n)s MB"), n=MOST_BYTES >> 20)
    problems.raise_any()
    frame = parse_workbook(data, log) if Path(name).suffix.lower() in WORKBOOKS else parse_csv(data, log)
    problems.raise_any()
    if frame is None:
        return Report()
    table, columns = TABLES[kind], _columns(kind, [str(column) for column in frame.columns if column != ROW], log)
    problems.raise_any()
    find = _finder(kind, area, card)
    related = {"stop": _codes(Stop, area), "line": _codes(Line, area)} if kind == INVENTORY else {}
    report, seen = Report(), dict[str, int]()
    for record in frame.to_dict("records"):
        cells = {field: str(record[column]).strip() for field, column in columns.items()}
        number = int(record[ROW])
        values = _values(table, cells, related, number, log)
        key = str(values.get(table.key, ""))
        if key and key in seen:
            log.add(
                number,
                columns[table.key],
                cells[table.key],
                gettext_noop("a row of its own; see row %(n)s"),
                n=seen[key],
            )
        seen[key] = number
        if any(problem.row == number for problem in log.found):
            continue
        _store(find(key), values, Source(number, cells, columns, log), report)
    problems.raise_any()
    return report


def _columns(kind: str, given: list[str], log: FileProblems) -> dict[str, str]:
    """Field → the file's column, by Chinese head or by the field's own name."""
    found = {}
    for field, head in heads(kind).items():
        column = next((column for column in given if column in {head, field}), None)
        if column is not None:
            found[field] = column
    table = TABLES[kind]
    needed = {"format", "net_price_cny", table.key} | ({"name"} if kind == INVENTORY else {"unit", "list_price_cny"})
    for field in sorted(needed - set(found)):
        log.add(1, heads(kind)[field], ", ".join(given)[:80], gettext_noop("a column of this name"))
    for column in sorted(set(given) - set(found.values())):
        log.add(1, column, column, gettext_noop("only columns that an exported file has"))
    return found


def _finder(kind: str, area: Area, card: RateCard | None) -> Callable[[str], models.Model]:
    if kind == PRICES:
        if card is None:
            raise ValueError("prices need a rate card")
        prices = {line.format: line for line in card.lines.all()}
        return lambda key: prices.get(key) or RateLine(card=card)
    places = {placement.code: placement for placement in Placement.objects.filter(area=area)}
    return lambda key: places.get(key) or Placement(area=area)


def _codes(model: type[models.Model], area: Area) -> dict[str, Any]:
    return {row.code: row for row in model._default_manager.filter(area=area)}  # type: ignore[attr-defined]


def _values(
    table: Table, cells: dict[str, str], related: dict[str, dict[str, Any]], number: int, log: FileProblems
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in cells.items():
        field = _field(table, name)
        try:
            values[name] = _value(field, text.removeprefix("'"), related.get(name, {}))
        except (ValueError, InvalidOperation, KeyError):
            log.add(number, str(field.verbose_name), text, _expected(field))
    return {name: value for name, value in values.items() if value is not models.NOT_PROVIDED}


def _value(field: Any, text: str, related: dict[str, Any]) -> Any:
    """The cell as the field takes it; NOT_PROVIDED leaves an existing row, or the field's default, as it is."""
    if field.is_relation:
        return related[text] if text else None
    if field.choices:
        words = {str(label): value for value, label in field.flatchoices} | {
            value: value for value, _l in field.flatchoices
        }
        return words[text]
    if isinstance(field, models.BooleanField):
        if text.lower() in YES | NO:
            return text.lower() in YES
        raise ValueError(text)
    if not text:
        return (
            None if field.null else "" if isinstance(field, models.CharField) and field.blank else models.NOT_PROVIDED
        )
    if isinstance(field, models.DecimalField):
        return Decimal(text.replace(",", "").replace("，", ""))
    if isinstance(field, models.IntegerField):
        return int(Decimal(text.replace(",", "")))
    return text


def _expected(field: Any) -> str:
    if field.is_relation:
        return gettext_noop("the code of a stop or line of this area")
    if field.choices:
        return gettext_noop("one of the words that an exported file uses")
    if isinstance(field, models.BooleanField):
        return gettext_noop("是 or 否")
    return gettext_noop("a number")


def _store(row: models.Model, values: dict[str, Any], source: Source, report: Report) -> None:
    """Set and save one row where it differs; what the model refuses is noted at the file's row."""
    new = row.pk is None
    if not new and all(getattr(row, name) == value for name, value in values.items()):
        report.unchanged += 1
        return
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Placement):
        row.follows_rate_card = False
    try:
        row.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            column = source.columns.get(name, name)
            source.log.add(source.number, column, source.cells.get(name, ""), " ".join(messages))
        return
    row.save()
    report.created += new
    report.updated += not new


def exported(kind: str, area: Area, card: RateCard | None) -> list[list[str]]:
    """The table of an area's inventory, or of a rate card's prices."""
    if kind == PRICES:
        return rows_out(kind, list(card.lines.all()) if card else [])
    return rows_out(kind, list(Placement.objects.filter(area=area).select_related("stop", "line").order_by("code")))
