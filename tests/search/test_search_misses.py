"""What is looked for in vain is counted, and nothing is kept about who asked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from search import misses
from search.misses import KEPT, looks_personal, note, prune, report
from search.models import NoResult

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[str, int]]:
    return list(NoResult.objects.order_by("query").values_list("query", "count"))


def test_one_wording_is_one_row_a_day_whatever_its_script_or_width(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        note("電子鎖　ＡＢ")
        note("电子锁 ab")
        note(" 电子锁   AB ")
    assert rows() == [("电子锁 ab", 3)]
    note("电子锁 ab", date(2026, 1, 1))
    assert NoResult.objects.count() == 2


@pytest.mark.parametrize(
    "query",
    ["44070319900101123x", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "6222 0000 1111 2222", "a@b.cn",
     "张三 13800138000", "0750-3380000"],
)  # fmt: skip
def test_what_looks_like_a_number_or_an_address_of_a_person_is_not_kept(query: str) -> None:
    assert looks_personal(query)
    note(query)
    assert rows() == []


@pytest.mark.parametrize("query", ["第二百五十三条", "12348", "2026年11月", "scl-90", "24小时"])
def test_ordinary_numbers_are_kept(query: str) -> None:
    assert not looks_personal(query)


def test_only_words_a_day_and_a_count_are_stored() -> None:
    assert {field.name for field in NoResult._meta.fields} == {"id", "day", "query", "count"}


def test_a_flood_of_nonsense_does_not_fill_the_table(monkeypatch: Any) -> None:
    monkeypatch.setattr(misses, "MOST_A_DAY", 3)
    for number in range(6):
        note(f"胡话{number}")
    assert NoResult.objects.count() == 3


def test_rows_are_forgotten_after_180_days() -> None:
    today = timezone.localdate()
    note("旧词", today - KEPT - timedelta(days=1))
    note("新词", today - KEPT)
    assert [row["query"] for row in report()] == ["新词"]
    assert prune() == 1
    assert rows() == [("新词", 1)]


def test_the_page_counts_a_miss_and_sets_no_cookie(home: Any) -> None:
    response = Client().get("/search/", {"q": "反垄断"})
    assert "没有找到" in response.content.decode()
    assert not response.cookies
    assert rows() == [("反垄断", 1)]


@pytest.mark.parametrize("query", ["假释", "24", "", "  "])
def test_the_page_counts_nothing_where_something_is_found_or_nothing_asked(home: Any, query: str) -> None:
    Client().get("/search/", {"q": query})
    assert rows() == []


def test_editors_see_the_report_and_visitors_do_not(admin_client: Client) -> None:
    note("反垄断")
    note("反垄断")
    note("反垄断", timezone.localdate() - timedelta(days=40))
    answer = admin_client.get("/admin/reports/searches/").content.decode()
    assert "反垄断" in answer
    assert [row["times"] for row in report()] == [3]
    recent = admin_client.get("/admin/reports/searches/", {"days": "30"})
    assert [row["times"] for row in recent.context["object_list"]] == [2]
    exported = admin_client.get("/admin/reports/searches/", {"export": "csv"})
    assert "反垄断" in b"".join(exported.streaming_content).decode()
    assert Client().get("/admin/reports/searches/").status_code == 302
