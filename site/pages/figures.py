"""The figures of a page as rows: for its tables, its bars, and the files that readers take away."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

BAR_UNITS = 100  # length of the longest bar


@dataclass(frozen=True)
class FigureRow:
    part: str
    what: str
    value: Decimal
    unit: str
    since: date | None
    as_of: date
    source: str


@dataclass(frozen=True)
class OutreachRow:
    since: date
    as_of: date
    street: str
    what: str
    sessions: int
    persons: int
    is_sample: bool


@dataclass(frozen=True)
class Bar:
    """`length` of BAR_UNITS; never nothing for a value above zero."""

    what: str
    value: Decimal
    length: int
    is_party: bool


@dataclass(frozen=True)
class Chart:
    """Figures of one unit that cover the same span of time, largest first."""

    unit: str
    since: date
    as_of: date
    source: str
    bars: list[Bar]


def parts(stream: Iterable[Any]) -> list[Any]:
    """The moves of an outcomes page, without its outreach logs."""
    return [block for block in stream if block.block_type == "move"]


def figure_rows(moves: Iterable[Any]) -> list[FigureRow]:
    """Rows of a stream of moves (`pages.blocks.MoveBlock`), in reading order."""
    return [
        FigureRow(
            f"{move.value['name']} · {move.value['subject']}",
            figure["what"],
            figure["value"],
            figure["unit"],
            figure["since"],
            figure["as_of"],
            figure["source"],
        )
        for move in parts(moves)
        for figure in move.value["figures"]
    ]


def outreach_rows(stream: Iterable[Any]) -> list[OutreachRow]:
    """Rows of every outreach log in a stream (`pages.blocks.OutreachBlock`), in the editor's order."""
    return [
        OutreachRow(**{name: row[name] for name in OutreachRow.__dataclass_fields__})
        for block in stream
        if block.block_type == "outreach"
        for row in block.value["counts"]
    ]


def charts(moves: Iterable[Any]) -> list[Chart]:
    """Bars for figures that can stand side by side: one unit, one span, one source, at least two of them."""
    groups: dict[tuple[Any, ...], list[tuple[Any, bool]]] = {}
    for move in parts(moves):
        for figure in move.value["figures"]:
            if figure["since"]:  # how things are on one day is not a sum over time
                key = (figure["unit"], figure["since"], figure["as_of"], figure["source"])
                groups.setdefault(key, []).append((figure, bool(move.value["is_party"])))
    found = []
    for (unit, since, as_of, source), figures in groups.items():
        longest = max(figure["value"] for figure, _is_party in figures)
        if len(figures) > 1 and longest > 0:
            bars = [
                Bar(figure["what"], figure["value"], _length(figure["value"], longest), is_party)
                for figure, is_party in sorted(figures, key=lambda pair: -pair[0]["value"])
            ]
            found.append(Chart(unit, since, as_of, source, bars))
    return found


def figures_csv(rows: Sequence[FigureRow]) -> str:
    head = [_("Part of the work"), _("What it counts"), _("Value"), _("Unit")]
    head += [_("First day counted"), _("Last day counted"), _("Source")]
    return _csv(head, ([r.part, r.what, r.value, r.unit, r.since, r.as_of, r.source] for r in rows))


def outreach_csv(rows: Sequence[OutreachRow]) -> str:
    head = [_("First day counted"), _("Last day counted"), _("Street or town"), _("What was done")]
    head += [_("Times"), _("Person-times"), _("Sample")]
    lines = ([r.since, r.as_of, r.street, r.what, r.sessions, r.persons, _yes(r.is_sample)] for r in rows)
    return _csv(head, lines)


def figures_json(title: str, address: str, rows: Sequence[FigureRow], outreach: Sequence[OutreachRow]) -> str:
    """Numbers as numbers, days as ISO 8601, a missing first day as null."""
    return json.dumps(
        {
            "title": title,
            "url": address,
            "figures": [_plain(row) for row in rows],
            "outreach": [_plain(row) for row in outreach],
        },
        ensure_ascii=False,
        indent=2,
    )


def _csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """With a byte order mark, as spreadsheets take a file without one for another encoding, and CRLF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return f"\ufeff{out.getvalue()}"


def _cell(value: object) -> str:
    """Text that begins like a formula is kept from being one."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _plain(row: FigureRow | OutreachRow) -> dict[str, object]:
    return {name: _json(getattr(row, name)) for name in row.__dataclass_fields__}


def _json(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _length(value: Decimal, longest: Decimal) -> int:
    return max(1, round(value / longest * BAR_UNITS)) if value > 0 else 0


def _yes(value: bool) -> str:
    return _("yes") if value else ""
