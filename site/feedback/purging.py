"""What goes by itself when its time is over."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from feedback import limits
from feedback.messages import erase
from feedback.models import Message
from feedback.terms import KEEP_CONTACT, KEEP_OPEN, KEEP_SPAM, KEEP_TEXT
from trust.audit import record

State, Erased = Message.State, Message.Erased


@dataclass(frozen=True)
class Purged:
    closed: int
    contacts: int
    texts: int
    spam: int


def purge(now: datetime) -> Purged:
    """Close what was answered long ago, then remove what has outlived the promise made at the form.

    Contact data go `KEEP_CONTACT` after closing; all that was written `KEEP_TEXT` after it came in, closed or not;
    spam whole, `KEEP_SPAM` after it came in. Repeating it changes nothing.
    """
    limits.forget()
    closed = Message.objects.filter(state=State.ANSWERED, replied_at__lt=now - KEEP_OPEN).update(
        state=State.CLOSED, closed_at=now
    )
    spam = Message.objects.filter(state=State.SPAM, received_at__lt=now - KEEP_SPAM)
    gone = spam.count()
    spam.delete()
    texts = 0
    for message in Message.objects.filter(received_at__lt=now - KEEP_TEXT).exclude(
        erased__in=[Erased.TIME, Erased.REQUEST]
    ):
        erase(message, Erased.TIME)
        texts += 1
    contacts = (
        Message.objects.filter(closed_at__lt=now - KEEP_CONTACT, erased=Erased.NO)
        .filter(~Q(name="") | ~Q(contact=""))
        .update(name="", contact="", erased=Erased.CONTACT, erased_at=now)
    )
    purged = Purged(closed, contacts, texts, gone)
    if any((closed, contacts, texts, gone)):
        record("feedback.purge", detail={"closed": closed, "contacts": contacts, "texts": texts, "spam": gone})
    return purged
