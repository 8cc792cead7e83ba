"""排期表: every row a flight, every sum the sum of its rows, every figure that of the plan."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import PlanVersion, RateLine
from campaigns.services.booking import approve_plan, book_plan, make_good
from campaigns.services.mediaschedule import HEAD_ROW, rows
from campaigns.services.planning import make_plan
from trust.roles import Role


@pytest.fixture
def plan(campaign: Any, planner: Any) -> PlanVersion:
    return make_plan(campaign, iterations=60, user=planner)


def sheet_of(plan: PlanVersion, user: Any) -> Any:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("campaigns:plan_schedule", args=[plan.pk]))
    assert "attachment" in answer["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


def table(sheet: Any) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[HEAD_ROW]]
    return [
        dict(zip(heads, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=HEAD_ROW + 1)
        if any(cell.value is not None for cell in row)
    ]


def test_a_plan_that_is_not_booked_lists_its_picks_and_they_add_up(plan: PlanVersion, planner: Any) -> None:
    *flights, total = table(sheet_of(plan, planner))
    picks = {pick.name: pick for pick in plan.picks.select_related("placement")}
    assert {row["点位"] for row in flights} == set(picks)
    for row in flights:
        pick = picks[row["点位"]]
        line = RateLine.objects.get(format=pick.format)
        units = pick.placement.wrapped_buses or 1
        often = pick.placement.plays_per_loop or 1  # the list has the spot once in a loop
        assert row["数量"] == units
        assert row["刊例价（元）"] == line.list_price_cny * units * often  # 28 days are one period
        assert row["执行价（元）"] == line.net_price_cny * units * often
        assert row["制作费（元）"] == line.production_cny * units
        assert row["合计（元）"] == pick.cost_cny
        assert (row["上刊"].date(), row["下刊"].date(), row["天数"]) == (date(2026, 12, 1), date(2026, 12, 28), 28)
        assert row["状态"] == "计划中"
    assert Decimal(str(total["合计（元）"])) == plan.cost_cny
    for head in ("刊例价（元）", "执行价（元）", "制作费（元）", "合计（元）", "数量"):
        assert total[head] == sum(row[head] for row in flights)


def test_weeks_hold_the_days_of_each_flight(plan: PlanVersion, planner: Any) -> None:
    for row in table(sheet_of(plan, planner))[:-1]:
        weeks = {head: value for head, value in row.items() if head and head[:2].isdigit()}
        assert list(weeks) == ["11-30", "12-07", "12-14", "12-21", "12-28"]
        assert list(weeks.values()) == [6, 7, 7, 7, 1]


def test_once_booked_it_lists_flights_codes_and_what_was_made_good(
    plan: PlanVersion, planner: Any, person: Any
) -> None:
    approve_plan(plan, person("second", Role.FINAL_REVIEWER))
    book_plan(plan, planner)
    lost = plan.bookings.order_by("pk").first()
    assert lost is not None
    make_good(lost, lost.placement, (lost.ends_on + timedelta(days=7), lost.ends_on + timedelta(days=9)),
              why="灯箱不亮", person=planner)  # fmt: skip
    *flights, total = table(sheet_of(plan, planner))
    assert len(flights) == plan.picks.count() + 1
    codes = {code.code for booking in plan.bookings.all() for code in booking.codes.all()}
    assert {row["广告码"] for row in flights} == codes
    (free,) = [row for row in flights if row["状态"] == "补刊"]
    assert (free["合计（元）"], free["天数"]) == (0, 3)
    assert Decimal(str(total["合计（元）"])) == plan.cost_cny


def test_it_says_which_plan_and_that_the_data_are_samples(plan: PlanVersion, planner: Any) -> None:
    sheet = sheet_of(plan, planner)
    top = [sheet[f"A{row}"].value for row in range(1, 5)]
    assert top[0] == "示例活动 · 排期表"
    assert plan.sha256 in top[2]
    assert "示例数据" in top[3]


def test_a_name_that_looks_like_a_formula_stays_text(plan: PlanVersion, planner: Any) -> None:
    place = plan.picks.select_related("placement").first().placement  # type: ignore[union-attr]
    place.name = "=1+1"
    place.save()
    sheet = sheet_of(plan, planner)
    cells = [cell for row in sheet.iter_rows(min_row=HEAD_ROW + 1, min_col=3, max_col=3) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=1+1" in [cell.value for cell in cells]


def test_artwork_is_looked_for_once_for_each_face_however_many_placements(plan: PlanVersion) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = rows(plan)
    faces = {(row.placement.format, row.placement.width_m, row.placement.height_m) for row in found}
    looked = [query for query in asked.captured_queries if 'FROM "campaigns_artwork"' in query["sql"]]
    assert len(looked) == len(faces) < len(found)
