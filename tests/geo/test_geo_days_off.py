"""Holidays as staff write them: read line by line, and a line that cannot be read is named."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from geo.core.days import Flight
from geo.days_off import parse_days_off
from geo.models import Area

TEXT = "放假 2026-10-01 2026-10-07 国庆节\n\n上班 2026-10-10 调休\n学校放假 2026-10-01 2026-10-08\n"


def test_periods_and_single_days_are_read():
    found = parse_days_off(TEXT)
    assert len(found.holidays) == 7
    assert found.workdays == {date(2026, 10, 10)}
    assert max(found.school_holidays) == date(2026, 10, 8)
    assert parse_days_off("") == parse_days_off(" \n")


@pytest.mark.parametrize(
    "line",
    [
        "国庆节",
        "放假",
        "放假 国庆节 2026-10-01",
        "放假 2026-13-01",
        "放假 2026-10-07 2026-10-01",
        "放假 2026-10-01 2027-10-01",
    ],
)
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(ValidationError, match="第 2 行"):
        parse_days_off(f"上班 2026-10-10\n{line}")


@pytest.mark.django_db
def test_an_area_refuses_what_it_could_not_read_later():
    area = Area(slug="town", name="示例镇", days_off="假期 2026-10-01")
    with pytest.raises(ValidationError) as caught:
        area.full_clean()
    assert list(caught.value.message_dict) == ["days_off"]


def test_october_with_its_holidays():
    from geo.core.days import flight_of

    assert flight_of(date(2026, 10, 1), date(2026, 10, 11), parse_days_off(TEXT)) == Flight(3, 0, 8, 8)
