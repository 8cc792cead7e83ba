"""A short run of `scripts.faults.scans`: real processes, real kills."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from scripts.steps import ROOT
from scripts.temporary_site import NOT_HANDED_DOWN


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="copies the test's database file; by hand on PostgreSQL")
def test_no_answered_scan_is_lost_or_doubled_when_web_and_worker_are_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NOT_HANDED_DOWN:
        monkeypatch.delenv(name, raising=False)
    with sqlite3.connect(connection.settings_dict["NAME"]) as tables, sqlite3.connect(tmp_path / "db.sqlite3") as copy:
        tables.backup(copy)  # migrating anew takes longer than all the rest
    command = [
        sys.executable,
        "-m",
        "scripts.faults.scans",
        "--scans",
        "600",
        "--kills",
        "1",
        "--data-dir",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    row = [int(cell) for cell in re.findall(r"\d+", done.stdout.splitlines()[-1])]
    asked, answered, counted, web, worker, lost, doubled = row[:7]
    assert answered >= 600
    assert answered <= counted <= asked
    assert web == 1
    assert worker >= 1
    assert (lost, doubled) == (0, 0)
