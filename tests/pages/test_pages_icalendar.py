"""Calendars as RFC 5545 writes them: folded, escaped, in the time of the place."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pages.icalendar import ZONE, Entry, calendar, calendar_to_traditional, fold

CHANGED = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def entry(**changes: Any) -> Entry:
    kept: dict[str, Any] = {
        "uid": "event-1@example.cn",
        "changed": CHANGED,
        "starts": datetime(2026, 12, 4, 9, 0, tzinfo=ZONE),
        "ends": datetime(2026, 12, 4, 11, 30, tzinfo=ZONE),
        "title": "示例讲座",
    }
    return Entry(**(kept | changes))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def value(text: str, name: str) -> str:
    (found,) = [line.partition(":")[2] for line in unfolded(text) if re.match(rf"{name}[;:]", line)]
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], found)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_line_is_longer_than_75_octets_and_none_loses_a_character(words: str) -> None:
    words = re.sub(r"[\x00-\x1f\x7f]", "", words)
    pieces = fold(f"SUMMARY:{words}")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == f"SUMMARY:{words}"
    assert all(piece.startswith(" ") for piece in pieces[1:])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120))
def test_a_title_comes_back_as_it_was(title: str) -> None:
    text = calendar("示例", "示例", [entry(title=title)])
    assert value(text, "SUMMARY") == title


def test_separators_and_line_breaks_are_escaped() -> None:
    text = calendar("甲,乙", "示例;产品", [entry(description="一行；\r\n二行, 三\\四; 五\x07")])
    assert "DESCRIPTION:一行；\\n二行\\, 三\\\\四\\; 五" in unfolded(text)
    assert "X-WR-CALNAME:甲\\,乙" in unfolded(text)
    assert "\x07" not in text


def test_a_line_break_in_a_title_can_start_no_property_of_its_own() -> None:
    text = calendar("示例", "示例", [entry(title="讲座\r\nATTENDEE:mailto:x@example.cn")])
    assert not [line for line in unfolded(text) if line.startswith("ATTENDEE")]


def test_every_line_ends_with_cr_and_lf() -> None:
    text = calendar("示例", "示例", [entry()])
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")


def test_times_are_told_in_the_time_of_the_place_whatever_zone_they_came_in() -> None:
    text = calendar("示例", "示例", [entry(starts=datetime(2026, 12, 4, 1, 0, tzinfo=UTC))])
    assert "DTSTART;TZID=Asia/Shanghai:20261204T090000" in unfolded(text)
    assert "DTEND;TZID=Asia/Shanghai:20261204T113000" in unfolded(text)
    assert "TZID:Asia/Shanghai" in unfolded(text)
    assert "DTSTAMP:20261124T010203Z" in unfolded(text)


def test_a_whole_day_ends_with_the_day_after_its_last() -> None:
    starts = datetime(2026, 12, 4, 0, 0, tzinfo=ZONE)
    text = calendar("示例", "示例", [entry(starts=starts, ends=starts + timedelta(days=1), all_day=True)])
    assert "DTSTART;VALUE=DATE:20261204" in unfolded(text)
    assert "DTEND;VALUE=DATE:20261206" in unfolded(text)


def test_a_cancelled_event_says_so_and_keeps_its_name() -> None:
    text = calendar("示例", "示例", [entry(cancelled=True)])
    assert value(text, "STATUS") == "CANCELLED"
    assert value(text, "UID") == "event-1@example.cn"


def test_what_is_not_known_is_left_out() -> None:
    text = calendar("示例", "示例", [entry()])
    assert "LOCATION" not in text
    assert "DESCRIPTION" not in text
    assert "URL" not in text


def test_a_calendar_without_events_is_still_one() -> None:
    lines = unfolded(calendar("示例", "示例", []))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert not [line for line in lines if line == "BEGIN:VEVENT"]


def test_a_calendar_in_traditional_script_is_folded_anew() -> None:
    words = "怎样请假、头发长了怎么办、" * 8
    text = calendar_to_traditional(calendar("示例", "示例", [entry(title="讲座", description=words)]))
    assert value(text, "SUMMARY") == "講座"
    assert value(text, "DESCRIPTION") == "怎樣請假、頭髮長了怎麼辦、" * 8  # no word was cut by a fold
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")
