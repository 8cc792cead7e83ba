"""Prices and placements as tables: what goes out comes in unchanged, and what is wrong is named by row and column."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, Placement, RateCard
from campaigns.services.inventory import generate_placements
from campaigns.services.pricefiles import INVENTORY, PRICES, as_csv, as_xlsx, exported, take_in
from trust.errors import InputError
from trust.roles import Role


def changed(table: list[list[str]], row: int, column: str, value: str) -> list[list[str]]:
    copy = [list(cells) for cells in table]
    copy[row][copy[0].index(column)] = value
    return copy


@pytest.mark.parametrize("kind", [PRICES, INVENTORY])
@pytest.mark.parametrize(("write", "name"), [(as_csv, "a.csv"), (as_xlsx, "a.xlsx")])
def test_what_goes_out_comes_in_unchanged(campaign: Campaign, card: RateCard, kind: str, write: Any, name: str) -> None:
    table = exported(kind, campaign.area, card)
    report = take_in(kind, campaign.area, card, name, write(table))
    assert (report.created, report.updated, report.unchanged) == (0, 0, len(table) - 1)
    assert exported(kind, campaign.area, card) == table


def test_a_changed_price_is_taken_and_stays_when_the_network_is_read_again(campaign: Campaign, card: RateCard) -> None:
    table = exported(INVENTORY, campaign.area, None)
    code = table[1][0]
    report = take_in(INVENTORY, campaign.area, None, "a.csv", as_csv(changed(table, 1, "执行价（元）", "1,234.50")))
    assert (report.updated, report.unchanged) == (1, len(table) - 2)
    assert Placement.objects.get(code=code).net_price_cny == Decimal("1234.50")
    generate_placements(campaign.area, card)
    assert Placement.objects.get(code=code).net_price_cny == Decimal("1234.50")


def test_every_problem_is_named_by_row_and_column_and_nothing_is_taken(campaign: Campaign) -> None:
    table = exported(INVENTORY, campaign.area, None)
    before = exported(INVENTORY, campaign.area, None)
    broken = changed(table, 1, "执行价（元）", "很贵")
    broken = changed(broken, 2, "媒体", "飞艇")
    broken = changed(broken, 3, "制作费（元）", "-5")
    broken = changed(broken, 4, "执行价（元）", "77")
    broken.append(list(broken[5]))
    with pytest.raises(InputError) as caught:
        take_in(INVENTORY, campaign.area, None, "点位.csv", as_csv(broken))
    found = {(problem.row, problem.field) for problem in caught.value.problems}
    assert {(2, "执行价（元）"), (3, "媒体"), (4, "制作费（元）")} <= found
    assert any(problem.row == len(broken) and "row" in problem.expected for problem in caught.value.problems)
    assert exported(INVENTORY, campaign.area, None) == before


def test_missing_and_unknown_columns_are_named(campaign: Campaign) -> None:
    with pytest.raises(InputError) as caught:
        take_in(INVENTORY, campaign.area, None, "a.csv", "编号,颜色\nx,红\n".encode())
    assert {problem.field for problem in caught.value.problems} >= {"颜色", "执行价（元）"}


def test_a_cell_that_looks_like_a_formula_goes_out_as_text_and_comes_in_as_it_was(campaign: Campaign) -> None:
    place = Placement.objects.filter(area=campaign.area).order_by("code").first()
    assert place is not None
    place.street = "=HYPERLINK(1)"
    place.save()
    table = exported(INVENTORY, campaign.area, None)
    assert table[1][table[0].index("镇街")] == "'=HYPERLINK(1)"
    take_in(INVENTORY, campaign.area, None, "a.csv", as_csv(table))
    place.refresh_from_db()
    assert place.street == "=HYPERLINK(1)"


def test_the_command_tries_first_and_then_takes_in(campaign: Campaign, card: RateCard, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    table = changed(exported(PRICES, campaign.area, card), 1, "执行价（元）", "999")
    file.write_bytes(as_csv(table))
    call_command("import_prices", str(file), area="town", rate_card=card.name, dry_run=True)
    assert exported(PRICES, campaign.area, card) != table
    call_command("import_prices", str(file), area="town", rate_card=card.name)
    assert exported(PRICES, campaign.area, RateCard.objects.get())[1][4] == "999.00"
    with pytest.raises(CommandError):
        call_command("import_prices", str(file), area="town", rate_card="没有这张")


class TestScreen:
    def send(self, user: Any, area: str, table: list[list[str]], **more: str) -> Any:
        client = Client()
        client.force_login(user)
        file = SimpleUploadedFile("点位.csv", as_csv(table))
        return client.post(reverse("campaigns:prices", args=[area]), {"file": file, **more}, follow=True)

    def test_it_tries_names_problems_and_takes_in(self, campaign: Campaign, planner: Any) -> None:
        table = changed(exported(INVENTORY, campaign.area, None), 1, "执行价（元）", "1")
        code = table[1][0]
        assert "1 个有变化" in self.send(planner, "town", table, dry="1").content.decode()
        assert Placement.objects.get(code=code).net_price_cny != 1
        wrong = self.send(planner, "town", changed(table, 2, "媒体", "飞艇"))
        assert wrong.status_code == 422
        assert "第 3 行" in wrong.content.decode()
        self.send(planner, "town", table)
        assert Placement.objects.get(code=code).net_price_cny == 1

    def test_who_may_only_look_may_not_take_in(self, campaign: Campaign, person: Any) -> None:
        answer = self.send(person("auditor", Role.AUDITOR), "town", exported(INVENTORY, campaign.area, None))
        assert answer.status_code == 403

    def test_both_kinds_of_file_can_be_downloaded(self, campaign: Campaign, card: RateCard, planner: Any) -> None:
        client = Client()
        client.force_login(planner)
        text = client.get(reverse("campaigns:price_file", args=["town", "csv"]), {"card": card.pk}).content
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        assert len(rows) == 4
        assert client.get(reverse("campaigns:price_file", args=["town", "xlsx"])).content[:2] == b"PK"
        assert client.get(reverse("campaigns:price_file", args=["town", "exe"])).status_code == 404
