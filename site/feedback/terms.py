"""The time limits of a message: what the form promises, the desk counts down and the purge carries out."""

from calendar import monthrange
from datetime import date, timedelta

#: An answer within three months; a message that waits longer is a fault in the inspection of government sites.
ANSWER_MONTHS = 3
#: From so many days before the end of that time the desk shows amber.
SOON_DAYS = 30
#: Names and ways to reach go so long after a message is closed.
CONTACT_DAYS = 180
#: Everything that was written goes so long after it came in, closed or not.
TEXT_DAYS = 730
#: Whoever was answered and says nothing more is taken to be content.
CLOSE_DAYS = 30
SPAM_DAYS = 30

KEEP_CONTACT = timedelta(days=CONTACT_DAYS)
KEEP_TEXT = timedelta(days=TEXT_DAYS)
KEEP_OPEN = timedelta(days=CLOSE_DAYS)
KEEP_SPAM = timedelta(days=SPAM_DAYS)


def answer_due(received_on: date) -> date:
    """Last day for an answer: the same day of the month, three months on, or that month's last.

    >>> answer_due(date(2026, 11, 30))
    datetime.date(2027, 2, 28)
    """
    months = received_on.month - 1 + ANSWER_MONTHS
    year, month = received_on.year + months // 12, months % 12 + 1
    return date(year, month, min(received_on.day, monthrange(year, month)[1]))
