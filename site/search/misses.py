"""What was looked for in vain: counted by day and wording, so that editors learn what is missing, and by nobody."""

import re
from datetime import date, timedelta
from typing import Any

from django.db import connections, router
from django.db.models import Max, QuerySet, Sum
from django.http import HttpResponse
from django.utils import timezone

from search.models import NoResult
from zh.scripts import fold
from zh.spacing import clean_line, narrow

KEPT = timedelta(days=180)
# A script that asks for nonsense must not fill the table.
MOST_A_DAY = 2000
# ID-card, phone and bank-card numbers: so many digits in a row, however they are grouped, and e-mail addresses.
_GROUPING = re.compile(r"(?<=\d)[\s.·・\-–—_/]+(?=[\dx])")
_PERSONAL = re.compile(r"\d{7}|\S@\S")


def normalised(query: str) -> str:
    """One wording for what differs only in script, width, case or white space."""
    return fold(narrow(clean_line(query)))[:60].strip()


def looks_personal(query: str) -> bool:
    """Whether `query` holds what looks like a number or an address of a person."""
    return bool(_PERSONAL.search(_GROUPING.sub("", narrow(query))))


def note(query: str, day: date | None = None) -> None:
    """Count one search without result, in one statement; nothing is kept of a query that looks personal."""
    wording = normalised(query)
    if not wording or looks_personal(query):
        return
    day = day or timezone.localdate()
    table = NoResult._meta.db_table
    # A statement of our own: the ORM cannot count up in an upsert, nor refuse within it.
    sql = f"""
        INSERT INTO {table} (day, query, count)
        SELECT %s, %s, 1 WHERE (SELECT count(*) FROM {table} WHERE day = %s) < %s
        ON CONFLICT (day, query) DO UPDATE SET count = {table}.count + 1
    """  # noqa: S608 - the name of a table and placeholders
    with connections[router.db_for_write(NoResult)].cursor() as cursor:
        cursor.execute(sql, [day, wording, day, MOST_A_DAY])


def report(since: date | None = None) -> QuerySet[NoResult, Any]:
    """Rows of `query`, `times` and `last` (day), the most frequent first."""
    rows = NoResult.objects.filter(day__gte=max(since or date.min, timezone.localdate() - KEPT))
    return rows.order_by().values("query").annotate(times=Sum("count"), last=Max("day")).order_by("-times", "-last")


def prune() -> int:
    """Forget what is older than 180 days; returns how many rows went."""
    return NoResult.objects.filter(day__lt=timezone.localdate() - KEPT).delete()[0]


class NotingResponse(HttpResponse):
    """Counts a search without result once the page has been sent, so that no reader waits for the database's turn."""

    missed = ""

    def close(self) -> None:
        try:
            if self.missed:
                note(self.missed)
                prune()  # by the day's index; nothing is kept longer for want of a worker
        finally:
            super().close()
