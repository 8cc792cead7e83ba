"""A scan is kept once: not lost, not doubled, and says nothing about who scanned."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import scans
from campaigns.models import AdCode, Placement, ScanCount, ScanFile

PHONE = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0 Mobile Safari/537.36 "
    "MicroMessenger/8.0.49"
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def code(face: Placement) -> AdCode:
    return AdCode.objects.create(code="abc234", placement=face, landing_path="/law/")


def scan(code: AdCode, **headers: str) -> Any:
    return Client().get(f"/q/{code.code}", headers={"User-Agent": PHONE} | headers)


def total() -> int:
    return sum(ScanCount.objects.values_list("count", flat=True))


def test_a_scan_leads_to_the_landing_path_without_cookie_or_cache(code: AdCode) -> None:
    answer = scan(code)
    assert (answer.status_code, answer["Location"]) == (302, "/law/")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_scan_lands_in_the_script_that_the_phone_reads(code: AdCode) -> None:
    assert scan(code, **{"Accept-Language": "zh-HK,zh;q=0.9"})["Location"] == "/zh-hant/law/"
    assert scan(code, **{"Accept-Language": "zh-CN,zh;q=0.9"})["Location"] == "/law/"


def test_a_scan_record_holds_the_code_and_the_time_and_nothing_else(code: AdCode) -> None:
    scan(code)
    (file,) = scans.folder().glob("*.log")
    written, moment = file.read_text().strip().split(" ")
    assert written == "abc234"
    assert abs((timezone.now() - datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z")).total_seconds()) < 60


def test_a_code_typed_in_capitals_works(code: AdCode) -> None:
    assert Client().get("/q/ABC234", headers={"User-Agent": PHONE}).status_code == 302


def test_an_unknown_code_is_not_found_and_leaves_no_record(code: AdCode) -> None:
    assert Client().get("/q/zzzzzz", headers={"User-Agent": PHONE}).status_code == 404
    assert not list(scans.folder().glob("*.log"))


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Moz": "prefetch"},
    ],
)
def test_machines_and_prefetches_are_led_on_but_not_counted(code: AdCode, headers: dict[str, str]) -> None:
    assert scan(code, **headers).status_code == 302
    assert scans.fold_scans() == 0


def test_a_head_request_is_led_on_but_not_counted(code: AdCode) -> None:
    assert Client().head("/q/abc234", headers={"User-Agent": PHONE}).status_code == 302
    assert scans.fold_scans() == 0


def test_a_phone_whose_maker_is_called_cubot_is_a_person(code: AdCode) -> None:
    scan(code, **{"User-Agent": "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Chrome/99.0 Mobile Safari/537.36"})
    assert scans.fold_scans() == 1


def test_scans_are_counted_by_local_day_and_hour(code: AdCode) -> None:
    scans.append_scan("abc234", datetime(2026, 12, 1, 15, 59, tzinfo=UTC))  # 23:59 in China
    scans.append_scan("abc234", datetime(2026, 12, 1, 16, 1, tzinfo=UTC))  # 00:01 the next day
    assert scans.fold_scans() == 2
    rows = set(ScanCount.objects.values_list("day", "hour", "count"))
    assert rows == {(date(2026, 12, 1), 23, 1), (date(2026, 12, 2), 0, 1)}


def test_folding_again_adds_nothing_and_new_scans_are_added(code: AdCode) -> None:
    for _ in range(3):
        scan(code)
    assert (scans.fold_scans(), scans.fold_scans(), total()) == (3, 0, 3)
    scan(code)
    assert (scans.fold_scans(), total()) == (1, 4)


def test_a_crash_between_counting_and_moving_on_neither_loses_nor_doubles(
    code: AdCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        scan(code)
    with monkeypatch.context() as broken:

        def crash(self: ScanFile, *args: Any, **kwargs: Any) -> None:
            raise SystemExit("killed")

        broken.setattr(ScanFile, "save", crash)
        broken.setattr(ScanFile.objects, "get_or_create", lambda **kwargs: ScanFile.objects.bulk_create(
            [ScanFile(**kwargs)], ignore_conflicts=True))  # fmt: skip
        with pytest.raises(SystemExit):
            scans.fold_scans()
    assert total() == 0  # the counts were undone together with the offset
    assert (scans.fold_scans(), total()) == (5, 5)


def test_a_record_still_being_written_waits_for_its_end(code: AdCode) -> None:
    scan(code)
    (file,) = scans.folder().glob("*.log")
    whole = file.read_bytes()
    with file.open("ab") as more:
        more.write(whole[:10])
    assert scans.fold_scans() == 1
    with file.open("ab") as more:
        more.write(whole[10:])
    assert (scans.fold_scans(), total()) == (1, 2)


def test_a_damaged_record_is_left_out_and_the_rest_is_counted(code: AdCode, caplog: pytest.LogCaptureFixture) -> None:
    scan(code)
    (file,) = scans.folder().glob("*.log")
    file.write_bytes(b"\xff\xfe nonsense\nabc234 yesterday\n" + file.read_bytes())
    assert (scans.fold_scans(), total()) == (1, 1)
    assert "damaged" in caplog.text


def test_more_records_than_one_chunk_are_all_counted(code: AdCode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "CHUNK_BYTES", 100)
    for _ in range(40):
        scans.append_scan("abc234", datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    assert (scans.fold_scans(), total()) == (40, 40)


def test_a_full_disk_still_shows_the_page(code: AdCode, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("campaigns.code_views.append_scan", full)
    assert scan(code).status_code == 302


@pytest.mark.parametrize("path", ["//elsewhere.example/", "https://elsewhere.example/", "law/", "/\\elsewhere", "/a b"])
def test_a_code_never_leads_to_another_site(code: AdCode, path: str) -> None:
    from django.core.exceptions import ValidationError

    code.landing_path = path
    with pytest.raises(ValidationError):
        code.full_clean()
