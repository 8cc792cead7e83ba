"""What the public does with a message: send it, read the answer, take it along, have it erased.

The trail keeps that it happened and to which number, never what was written, by whom, or from which address.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import receipts
from feedback.models import Message
from feedback.terms import answer_due
from trust.audit import boundary, record

FIELDS = ("kind", "about", "text", "name", "contact", "by_guardian", "sensitive_consent")
ATTEMPTS = 5


@dataclass(frozen=True)
class Receipt:
    """What the person takes away; the code is not kept by us."""

    number: str
    code: str


def submit(values: dict[str, Any], submission: str, *, spam: bool = False) -> Receipt:
    """Keep one message. `submission` names the form that was filled in: sent twice, it is kept once."""
    kept = hashlib.sha256(submission.encode()).hexdigest()
    code = receipts.code_for(submission)
    for attempt in range(ATTEMPTS):
        if known := Message.objects.filter(submission=kept).values_list("number", flat=True).first():
            return Receipt(known, code)
        now = timezone.now()
        today = timezone.localdate(now)
        number = receipts.new_number(today)
        try:
            with transaction.atomic():
                message = Message.objects.create(
                    number=number,
                    code_digest=receipts.digest(number, code),
                    submission=kept,
                    state=Message.State.SPAM if spam else Message.State.NEW,
                    received_at=now,
                    due_on=answer_due(today),
                    **{name: values[name] for name in FIELDS},
                )
                record_quietly("feedback.received", message)
            break
        except IntegrityError:  # the number is taken, or the same form came twice at once
            if attempt == ATTEMPTS - 1:
                raise
    return Receipt(number, code)


def look_up(number: str, code: str) -> Message | None:
    """The message that `number` and `code` open together; None where either is wrong."""
    number, code = receipts.tidy_number(number), receipts.tidy_code(code)
    message = Message.objects.filter(number=number).first() if number else None
    opens = receipts.fits(number, code, message.code_digest if message else "")
    return message if message and opens else None


def held(message: Message) -> dict[str, Any]:
    """Everything that is kept of a message and its writer, under the names that people see."""
    return {
        _("Receipt number"): message.number,
        _("Kind"): message.get_kind_display(),
        _("Page"): message.about,
        _("Message"): message.text,
        _("Person's name"): message.name,
        _("Telephone or e-mail"): message.contact,
        _("Written by a guardian"): _("yes") if message.by_guardian else _("no"),
        _("Consent to sensitive data"): _("yes") if message.sensitive_consent else _("no"),
        _("State"): message.get_state_display(),
        _("Received"): _moment(message.received_at),
        _("Reply"): message.reply,
        _("Answered"): _moment(message.replied_at),
        _("Closed"): _moment(message.closed_at),
    }


@transaction.atomic
def erase(message: Message, why: str) -> None:
    """Remove everything personal at once; number, kind, dates and state stay, for counting."""
    if message.is_waiting or message.state == Message.State.ANSWERED:
        message.state, message.closed_at = Message.State.CLOSED, timezone.now()
    message.text = message.name = message.contact = message.about = message.reply = message.code_digest = ""
    message.submission = None
    message.by_guardian = message.sensitive_consent = False
    message.erased, message.erased_at = why, timezone.now()
    message.notes.all().delete()
    message.save()


def record_quietly(action: str, message: Message) -> None:
    """Write to the trail without the address of whoever asked: for the public, that would be personal data."""
    with boundary():
        record(action, subject=message)


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
