"""Events: what is to come and what is past, on the page and in a reader's own calendar."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pages.models import EventPage, EventsPage, HomePage

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)


@pytest.fixture
def column(starter: HomePage, monkeypatch: pytest.MonkeyPatch) -> EventsPage:
    """An empty column of events at noon of 24 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    page = EventsPage.objects.get()
    for child in page.get_children():
        child.delete()
    return EventsPage.objects.get()


def add(column: EventsPage, slug: str, starts: datetime, hours: float = 2, **more: Any) -> EventPage:
    page = EventPage(
        title=f"示例 {slug}",
        slug=slug,
        starts_at=starts,
        ends_at=starts + timedelta(hours=hours),
        place="示例礼堂，示例路 1 号",
        audience="人人可来",
        locale=column.locale,
        **more,
    )
    column.add_child(instance=page)
    column.refresh_from_db()
    return page


def listed() -> tuple[list[str], list[str]]:
    context = Client().get("/events/").context
    return [e.slug for e in context["upcoming"]], [e.slug for e in context["past"]]


def test_the_next_event_comes_first_and_the_last_past_one(column: EventsPage) -> None:
    for slug, days in (("later", 9), ("soon", 2), ("long-ago", -90), ("lately", -3)):
        add(column, slug, NOW + timedelta(days=days))
    assert listed() == (["soon", "later"], ["lately", "long-ago"])


def test_an_event_is_to_come_until_it_is_over(column: EventsPage) -> None:
    add(column, "running", NOW - timedelta(hours=1))
    add(column, "just-over", NOW - timedelta(hours=2, seconds=1))
    add(column, "today-all-day", NOW.replace(hour=0), hours=1, is_all_day=True)
    assert listed() == (["today-all-day", "running"], ["just-over"])


def test_a_page_says_when_where_and_for_whom(column: EventsPage) -> None:
    page = add(column, "talk", datetime(2026, 12, 4, 9, 0, tzinfo=BEIJING))
    html = Client().get(page.url).content.decode()
    for part in ("2026-12-04 星期五 09:00", "—11:00", "示例礼堂", "人人可来", "江门市蓬江区司法局"):
        assert part in html
    assert f'href="{page.url}ics/"' in html


def test_an_event_over_several_days_names_the_last(column: EventsPage) -> None:
    page = add(column, "days", datetime(2026, 12, 4, 9, 0, tzinfo=BEIJING), hours=49, is_all_day=True)
    html = Client().get(page.url).content.decode()
    assert "2026-12-04 星期五</time>—2026-12-06 星期日" in html


def test_what_is_past_or_cancelled_is_marked_and_not_offered_to_a_calendar(column: EventsPage) -> None:
    past = add(column, "past", NOW - timedelta(days=9))
    off = add(column, "off", NOW + timedelta(days=9), is_cancelled=True)
    assert "已结束" in Client().get(past.url).content.decode()
    html = Client().get(off.url).content.decode()
    assert "已取消" in html
    assert "ics/" not in html
    assert "已取消" in Client().get("/events/").content.decode()


def test_one_event_can_be_put_into_a_calendar(column: EventsPage) -> None:
    page = add(column, "talk", datetime(2026, 12, 4, 9, 0, tzinfo=BEIJING), standfirst="来听，来问。")
    response = Client().get(f"{page.url}ics/")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="talk.ics"'
    text = response.content.decode().replace("\r\n ", "")
    assert "DTSTART;TZID=Asia/Shanghai:20261204T090000" in text
    assert f"UID:event-{page.pk}@" in text
    assert "SUMMARY:示例 talk\r\n" in text
    assert "LOCATION:示例礼堂，示例路 1 号" in text
    assert f"URL:http://localhost{page.url}" in text or f"{page.url}\r\n" in text
    assert not response.cookies


def test_the_column_is_a_calendar_to_subscribe_to(column: EventsPage) -> None:
    add(column, "soon", NOW + timedelta(days=2))
    add(column, "off", NOW + timedelta(days=3), is_cancelled=True)
    column.add_child(instance=EventPage(
        title="示例草稿", slug="draft", starts_at=NOW, ends_at=NOW, place="示例", audience="示例", live=False,
        locale=column.locale,
    ))  # fmt: skip
    text = Client().get("/events/calendar/").content.decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("STATUS:CANCELLED") == 1
    assert "示例草稿" not in text


def test_a_sample_is_marked_in_the_calendar_too(starter: HomePage) -> None:
    assert "司法所街头摆摊：带着问题来（示例）" in Client().get("/events/calendar/").content.decode().replace(
        "\r\n ", ""
    )


def test_an_event_cannot_end_before_it_begins(starter: HomePage) -> None:
    page = EventPage.objects.first()
    assert page is not None
    page.ends_at = page.starts_at - timedelta(minutes=1)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert "ends_at" in refused.value.error_dict


def test_search_finds_an_event_by_its_place_and_shows_its_day(starter: HomePage) -> None:
    page = EventPage.objects.get(slug="street-stall")
    assert "棠下镇示例广场" in page.search_text()
    assert page.search_meta() == f"{timezone.localtime(page.starts_at):%Y-%m-%d}"
