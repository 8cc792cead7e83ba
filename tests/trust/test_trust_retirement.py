"""Retention: whole months leave the trail for sealed files, and what is left stays provable."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from trust import audit
from trust.audit import record, verify
from trust.chain import RETIRED, Fault, seal
from trust.models import AuditEvent
from trust.retirement import NotRetired, newest_cutoff, retire, verify_retired

TODAY = date(2026, 11, 24)


@pytest.fixture
def keys(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def trail(keys, transactional_db, monkeypatch):
    """Twenty-four rows: two on each fifteenth of the last twelve months."""
    now = datetime(2025, 12, 15, 9, tzinfo=timezone.get_default_timezone())
    for number in range(24):
        monkeypatch.setattr(audit.timezone, "now", lambda at=now: at)
        record("test.step", detail={"number": number, "字": "甲"})
        if number % 2:
            now = (now.replace(day=1) + timedelta(days=32)).replace(day=15)
    monkeypatch.undo()
    monkeypatch.setattr(settings, "KEYS_ROOT", keys)


@pytest.fixture
def archive(trail, tmp_path):
    retire(date(2026, 5, 1), tmp_path / "archive", TODAY)
    return tmp_path / "archive"


def tamper(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_six_months_are_kept_whatever_the_day():
    assert newest_cutoff(date(2026, 11, 24)) == date(2026, 5, 1)
    assert newest_cutoff(date(2026, 11, 1)) == date(2026, 5, 1)
    assert newest_cutoff(date(2026, 6, 30)) == date(2025, 12, 1)


def test_months_younger_than_six_are_refused(trail, tmp_path):
    with pytest.raises(NotRetired):
        retire(date(2026, 6, 1), tmp_path, TODAY)
    with pytest.raises(CommandError):
        call_command("retire_audit", before=date(2999, 1, 1), to=tmp_path)
    assert AuditEvent.objects.count() == 24


def test_whole_months_go_to_one_file_each_and_the_chain_goes_on(archive):
    assert sorted(path.name for path in archive.iterdir()) == [
        f"audit-{month}.jsonl" for month in ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
    ]
    first = AuditEvent.objects.order_by("sequence").first()
    assert first.sequence == 11
    last = AuditEvent.objects.order_by("sequence").last()
    assert (last.sequence, last.action) == (25, "audit.retire")
    assert last.detail["mac"] == first.previous_mac
    record("test.after")
    assert AuditEvent.objects.order_by("sequence").last().sequence == 26
    assert verify() == []
    assert verify_retired(archive) == []
    call_command("verify_audit", retired=archive)


def test_retiring_twice_does_nothing_new_and_a_later_month_follows(archive):
    assert retire(date(2026, 5, 1), archive, TODAY) == []
    later = retire(date(2026, 6, 1), archive, date(2026, 12, 1))
    assert [segment.month for segment in later] == ["2026-05"]
    assert (later[0].first, later[0].last) == (11, 12)
    assert verify() == verify_retired(archive) == []


def test_a_broken_trail_is_not_retired(trail, tmp_path):
    tamper("UPDATE trust_auditevent SET action = 'test.other' WHERE sequence = 2")
    with pytest.raises(NotRetired, match="第 2 条"):
        retire(date(2026, 5, 1), tmp_path / "archive", TODAY)
    assert AuditEvent.objects.count() == 24


def test_rows_whose_removal_was_not_committed_break_nothing(trail, tmp_path, monkeypatch):
    kept = list(AuditEvent.objects.values().order_by("sequence"))
    retire(date(2026, 5, 1), tmp_path / "archive", TODAY)
    tamper("DELETE FROM trust_auditevent WHERE sequence > 24")
    heads = settings.KEYS_ROOT / "audit.heads"
    heads.write_text("".join(line for line in heads.open() if not line.startswith("25 ")))
    AuditEvent.objects.bulk_create([AuditEvent(**row) for row in kept[:10]])
    assert verify() == []
    assert retire(date(2026, 5, 1), tmp_path / "archive", TODAY)
    assert AuditEvent.objects.order_by("sequence").first().sequence == 11
    assert verify() == verify_retired(tmp_path / "archive") == []


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE trust_auditevent SET action = 'test.other' WHERE sequence = 15", (15, Fault.ALTERED)),
        ("DELETE FROM trust_auditevent WHERE sequence = 11", (11, Fault.MISSING)),
        ("DELETE FROM trust_auditevent WHERE sequence = 15", (15, Fault.MISSING)),
        ("DELETE FROM trust_auditevent WHERE sequence = 25", (25, Fault.CUT_OFF)),
        ("DELETE FROM trust_auditevent", (11, Fault.CUT_OFF)),
    ],
)
def test_tampering_with_what_is_left_is_found(archive, sql, found):
    tamper(sql)
    assert found in verify()


def test_reordering_what_is_left_is_found(archive):
    for old, new in ((12, 99), (13, 12), (99, 13)):
        tamper("UPDATE trust_auditevent SET sequence = %s WHERE sequence = %s", new, old)
    assert {12, 13} <= {place.sequence for place in verify()}


def test_a_rest_sealed_again_without_the_key_is_found(archive):
    previous = AuditEvent.objects.order_by("sequence").first().previous_mac
    for event in AuditEvent.objects.order_by("sequence"):
        mac = seal(b"a guess", previous, audit._row(event))
        tamper("UPDATE trust_auditevent SET previous_mac = %s, mac = %s WHERE id = %s", previous, mac, event.pk)
        previous = mac
    assert {place.sequence for place in verify()} == set(range(11, 26))


def rewrite(path, change):
    path.chmod(0o640)
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in change(rows_of(path))))


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def altered(rows):
    rows[0]["row"]["action"] = "test.other"
    return rows


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (altered, Fault.ALTERED),
        (lambda rows: rows[1:], Fault.MISSING),
        (lambda rows: rows[:1], Fault.CUT_OFF),
        (lambda rows: rows[::-1], Fault.MISSING),
        (lambda rows: [*rows, {"note": "x"}], Fault.ALTERED),
    ],
    ids=["altered", "first gone", "last gone", "reordered", "added"],
)
def test_tampering_with_a_retired_month_is_found(archive, change, fault):
    rewrite(archive / "audit-2026-02.jsonl", change)
    assert fault in {place.fault for place in verify_retired(archive)}
    assert verify() == []
    with pytest.raises(CommandError):
        call_command("verify_audit", retired=archive)


def test_a_lost_month_is_found(archive):
    (archive / "audit-2026-03.jsonl").unlink()
    assert verify_retired(archive) == [(7, Fault.MISSING)]


@pytest.mark.parametrize("keep", [lambda lines: lines[1:], lambda lines: [lines[0].replace("2025-12", "2025-11")]])
def test_a_list_of_retired_months_that_was_changed_is_found(archive, keys, keep):
    lines = (keys / RETIRED).read_text().splitlines()
    (keys / RETIRED).write_text("\n".join(keep(lines)) + "\n")
    assert verify() == [(1, Fault.RETIRED_ALTERED)]


def test_a_list_of_retired_months_whose_end_was_cut_is_found(archive, keys):
    lines = (keys / RETIRED).read_text().splitlines()
    (keys / RETIRED).write_text("\n".join(lines[:-1]) + "\n")
    assert (9, Fault.MISSING) in verify()
