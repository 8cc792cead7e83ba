"""What goes when its time is over, and what stays: exactly what the form promised."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.examples import starter_messages
from feedback.handling import add_note
from feedback.messages import Receipt, look_up
from feedback.models import Message, Note, ReplyTemplate
from feedback.purging import Purged, purge
from jobs.queue import enqueue
from jobs.registry import kinds
from jobs.worker import work_once
from trust.models import AuditEvent

NOW = timezone.now()
DAY = timedelta(days=1)


def keep(message: Message, **values: object) -> Message:
    Message.objects.filter(pk=message.pk).update(**values)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize(("days", "goes"), [(179, False), (181, True)])
def test_contact_data_go_180_days_after_closing_and_the_text_stays(message: Message, days: int, goes: bool) -> None:
    text = message.text
    keep(message, state="closed", closed_at=NOW - days * DAY)
    assert purge(NOW) == Purged(closed=0, contacts=int(goes), texts=0, spam=0)
    message.refresh_from_db()
    assert (message.name == "", message.contact == "") == (goes, goes)
    assert message.text == text
    assert message.erased == ("contact" if goes else "")
    assert purge(NOW).contacts == 0


@pytest.mark.parametrize("state", ["new", "assigned", "answered", "closed"])
def test_all_that_was_written_goes_two_years_after_it_came_in_closed_or_not(
    message: Message, sent: Receipt, state: str
) -> None:
    add_note(message, "示例备注", None)
    keep(message, state=state, received_at=NOW - 729 * DAY, closed_at=NOW - DAY if state == "closed" else None)
    assert purge(NOW).texts == 0
    keep(message, received_at=NOW - 731 * DAY)
    assert purge(NOW).texts == 1
    message.refresh_from_db()
    assert (message.text, message.name, message.contact, message.reply) == ("", "", "", "")
    assert (message.state, message.erased) == ("closed", "time")
    assert not Note.objects.exists()
    assert look_up(sent.number, sent.code) is None
    assert purge(NOW) == Purged(0, 0, 0, 0)


def test_what_went_at_a_persons_request_keeps_that_reason(message: Message) -> None:
    keep(message, state="closed", erased="request", received_at=NOW - 800 * DAY, text="", name="", contact="")
    assert purge(NOW) == Purged(0, 0, 0, 0)
    assert Message.objects.get().erased == "request"


def test_an_answer_that_nobody_objects_to_closes_the_matter(message: Message) -> None:
    keep(message, state="answered", reply="示例答复", replied_at=NOW - 29 * DAY)
    assert purge(NOW).closed == 0
    keep(message, replied_at=NOW - 31 * DAY)
    assert purge(NOW).closed == 1
    message.refresh_from_db()
    assert (message.state, message.closed_at) == ("closed", NOW)


def test_spam_goes_whole_after_thirty_days(message: Message) -> None:
    keep(message, state="spam", received_at=NOW - 29 * DAY)
    assert purge(NOW).spam == 0
    keep(message, received_at=NOW - 31 * DAY)
    assert purge(NOW).spam == 1
    assert not Message.objects.exists()


def test_the_worker_purges_and_the_trail_says_how_many_never_what(message: Message) -> None:
    keep(message, state="closed", closed_at=NOW - 200 * DAY)
    contact, name = "13800000000", "示例居民"
    assert "feedback.purge" in kinds
    enqueue("feedback.purge")
    assert work_once()
    event = AuditEvent.objects.get(action="feedback.purge")
    assert event.detail == {"closed": 0, "contacts": 1, "texts": 0, "spam": 0}
    assert not [row for row in AuditEvent.objects.values() if contact in str(row) or name in str(row)]


def test_nothing_to_purge_leaves_no_line(message: Message) -> None:
    purge(NOW)
    assert not AuditEvent.objects.filter(action="feedback.purge").exists()


def test_the_starter_sites_messages_are_marked_and_come_once(db: None) -> None:
    first = starter_messages()
    assert {message.state for message in first} == {"new", "assigned", "answered", "closed"}
    assert all(message.is_sample and "示例" in message.text for message in first)
    assert len({message.number for message in Message.objects.all()}) == len(first)
    assert ReplyTemplate.objects.count() >= 3
    assert starter_messages() == []
    assert Message.objects.count() == len(first)


def test_an_installation_with_messages_of_its_own_gets_no_samples(message: Message) -> None:
    assert starter_messages() == []
    assert Message.objects.count() == 1
