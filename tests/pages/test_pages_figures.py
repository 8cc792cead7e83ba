"""Figures as tables, bars and files: the same numbers everywhere, each with its time and source."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pages import figures
from pages.models import HomePage, OutcomesPage

URL = "/outcomes/three-years-three-moves/"


@pytest.fixture
def outcomes_page(starter: HomePage) -> OutcomesPage:
    return OutcomesPage.objects.get(slug="three-years-three-moves")


def table(address: str) -> list[dict[str, str]]:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("\ufeff")  # without it a spreadsheet takes the hanzi for another encoding
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_every_figure_of_the_page(outcomes_page: OutcomesPage) -> None:
    rows = table(f"{URL}csv/")
    assert [(row["统计什么"], Decimal(row["数值"])) for row in rows] == [
        (figure["what"], figure["value"])
        for move in figures.parts(outcomes_page.moves)
        for figure in move.value["figures"]
    ]
    assert all(row["单位"] and row["来源"] and row["统计截止日"] for row in rows)
    assert Client().get(f"{URL}csv/")["Content-Disposition"] == 'attachment; filename="three-years-three-moves.csv"'


def test_the_outreach_log_is_a_file_of_counts(outcomes_page: OutcomesPage) -> None:
    rows = table(f"{URL}outreach/")
    log = [block for block in outcomes_page.moves if block.block_type == "outreach"]
    assert len(rows) == sum(len(block.value["counts"]) for block in log) > 0
    assert all(row["人次"].isdigit() and row["示例"] == "是" for row in rows)
    html = Client().get(URL).content.decode()
    assert f"{sum(int(row['人次']) for row in rows):,}" in html


def test_programs_get_numbers_as_numbers_and_days_as_days(outcomes_page: OutcomesPage) -> None:
    response = Client().get(f"{URL}json/")
    assert response["Content-Type"] == "application/json"
    found = json.loads(response.content)
    assert found["url"].endswith(URL)
    visits = next(row for row in found["figures"] if row["value"] == 3762)
    assert visits["since"] == "2020-07-01"
    assert visits["as_of"] == "2023-07-01"
    assert next(row for row in found["figures"] if row["value"] == 14)["since"] is None
    assert {row["is_sample"] for row in found["outreach"]} == {True}


def test_each_figure_of_the_table_stands_in_the_page_with_its_span(outcomes_page: OutcomesPage) -> None:
    html = Client().get(URL).content.decode()
    for row in figures.figure_rows(outcomes_page.moves):
        assert row.what in html
        assert f"{row.value:,}" in html
    assert html.count('<svg viewBox="0 0 100 10"') == sum(len(c.bars) for c in figures.charts(outcomes_page.moves))


def test_only_figures_of_one_unit_and_one_span_stand_side_by_side(outcomes_page: OutcomesPage) -> None:
    charts = figures.charts(outcomes_page.moves)
    assert [chart.unit for chart in charts] == ["人次"]
    values = [bar.value for bar in charts[0].bars]
    assert values == sorted(values, reverse=True)
    assert charts[0].bars[0].length == figures.BAR_UNITS
    assert all(bar.length >= 1 for bar in charts[0].bars)
    assert charts[0].bars[0].length / charts[0].bars[1].length == pytest.approx(3762 / 3598, rel=0.02)


def test_a_text_that_a_spreadsheet_would_run_is_only_text() -> None:
    row = figures.FigureRow("=1+1", "@示例", Decimal(-5), "次", None, date(2026, 1, 1), "+来源")
    cells = next(csv.reader(io.StringIO(figures.figures_csv([row]).splitlines()[1])))
    assert cells == ["'=1+1", "'@示例", "-5", "次", "", "2026-01-01", "'+来源"]


def test_a_page_of_figures_without_an_outreach_log_offers_none(outcomes_page: OutcomesPage) -> None:
    outcomes_page.moves = [
        (block.block_type, block.value) for block in outcomes_page.moves if block.block_type == "move"
    ]
    outcomes_page.save()
    assert "outreach/" not in Client().get(URL).content.decode()
    assert table(f"{URL}outreach/") == []


@pytest.mark.parametrize("address", ["xml/", "csv/x/", "csv"])
def test_there_are_no_other_files(address: str, outcomes_page: OutcomesPage) -> None:
    response: Any = Client().get(URL + address)
    assert response.status_code in {301, 404}
