"""An area's holidays as staff write them, one period a line: 放假 2026-10-01 2026-10-07 国庆节."""

from datetime import date, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from geo.core.days import DaysOff

KINDS = {"放假": "holidays", "上班": "workdays", "学校放假": "school_holidays"}
LONGEST_DAYS = 120


def parse_days_off(text: str) -> DaysOff:
    """The calendar that `text` describes; ValidationError naming the line that cannot be read."""
    found: dict[str, set[date]] = {name: set() for name in KINDS.values()}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if words[0] not in KINDS:
            _refuse(number)
        found[KINDS[words[0]]].update(_days(words[1:3], number))
    return DaysOff(**{name: frozenset(days) for name, days in found.items()})


def check_days_off(text: str) -> None:
    """A validator for the field."""
    parse_days_off(text)


def _days(words: list[str], number: int) -> list[date]:
    """From the first date to the second, which may be left out for a single day."""
    dates = [found for word in words if (found := _date(word)) is not None]
    if not dates or _date(words[0]) is None or not 0 <= (dates[-1] - dates[0]).days < LONGEST_DAYS:
        _refuse(number)
    return [dates[0] + timedelta(days=step) for step in range((dates[-1] - dates[0]).days + 1)]


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _refuse(number: int) -> NoReturn:
    raise ValidationError(
        _("Line %(number)d cannot be read: expected %(kinds)s, then a first and a last day such as 2026-10-01.")
        % {"number": number, "kinds": pgettext("between kinds of day", ", ").join(KINDS)}
    )
