"""iCalendar text (RFC 5545) of events in China. Pure: no clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from zh.scripts import to_traditional

PLACE = "Asia/Shanghai"
ZONE = ZoneInfo(PLACE)
# No summer time since 1991: one rule says it all.
TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{PLACE}",
    "BEGIN:STANDARD",
    "DTSTART:19910915T010000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
LONGEST = 75  # octets of a line, its break not counted (§3.1)


@dataclass(frozen=True)
class Entry:
    """One event. `ends` is exclusive; with `all_day` only the days of `starts` and `ends` count, `ends` inclusive."""

    uid: str
    changed: datetime
    starts: datetime
    ends: datetime
    title: str
    all_day: bool = False
    place: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False


def calendar(name: str, product: str, entries: Iterable[Entry]) -> str:
    """A whole calendar object: lines of at most 75 octets, each ended by CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(product)}//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{PLACE}",
        *TIMEZONE,
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def calendar_to_traditional(text: str) -> str:
    """A whole calendar object in traditional script. A word may run across a fold, so the lines are made anew."""
    lines = to_traditional(text.replace("\r\n ", "")).split("\r\n")
    return "\r\n".join(folded for line in lines for folded in fold(line))


def fold(line: str) -> list[str]:
    """`line` in pieces of at most 75 octets of UTF-8; all but the first begin with a space, no character is cut."""
    pieces, piece, octets = [], "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > LONGEST:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += character
        octets += size
    return [*pieces, piece]


def _event(entry: Entry) -> list[str]:
    if entry.all_day:
        first, after = _day(entry.starts), _day(entry.ends) + timedelta(days=1)
        when = [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    else:
        when = [f"DTSTART;TZID={PLACE}:{_local(entry.starts)}", f"DTEND;TZID={PLACE}:{_local(entry.ends)}"]
    changed = f"{entry.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}", *when]
    lines += [f"SUMMARY:{_text(entry.title)}"]
    for name, value in (("LOCATION", entry.place), ("DESCRIPTION", entry.description)):
        if value:
            lines.append(f"{name}:{_text(value)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    return [*lines, f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}", "END:VEVENT"]


def _text(value: str) -> str:
    """A TEXT value (§3.3.11): backslash, semicolon, comma and line breaks escaped, other control characters gone."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(character for character in value if character >= " " and character != "\x7f")


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y%m%dT%H%M%S}"
