"""What probes are told, and that asking costs nothing and leaves no trace."""

import json
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import health, slow_queries
from config.logs import JsonFormatter, LineFormatter, masked
from jobs.heartbeat import PULSE
from jobs.models import Job


def test_a_process_that_is_up_says_so_without_the_database(client):
    """No `django_db` mark: a query would fail the test."""
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert answer.status_code == 200
    assert answer.json() == {"process": "ok"}
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_probes_by_address_are_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", HTTP_HOST="10.0.0.7").status_code == 200


@pytest.mark.django_db
def test_a_node_is_ready_and_tells_how_long_no_worker_was_heard(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() | {"worker_silent_s": None} == {
        "data_folder": "ok",
        "database": "ok",
        "migrations": "ok",
        "worker": "late",
        "worker_silent_s": None,
    }
    now = timezone.now()
    job = Job.objects.create(kind=PULSE, state=Job.State.DONE, run_after=now, finished_at=now - timedelta(seconds=40))
    told = client.get("/readyz").json()
    assert (told["worker"], 39 <= told["worker_silent_s"] <= 60) == ("ok", True)
    job.finished_at = now - timedelta(hours=1)
    job.save()
    assert client.get("/readyz").json()["worker"] == "late"
    # One long film, and nothing else for an hour.
    Job.objects.create(kind="x", state=Job.State.RUNNING, run_after=now, leased_until=now + timedelta(seconds=50))
    assert client.get("/readyz").json()["worker_silent_s"] == 0
    assert not client.get("/readyz").cookies


@pytest.mark.django_db
def test_a_node_whose_schema_is_behind_gets_no_requests(client):
    app, name = next(iter(health._newest()))
    MigrationRecorder(connection).record_unapplied(app, name)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


def test_a_node_without_its_database_gets_no_requests(client, monkeypatch):
    def gone(self):
        raise OperationalError("could not connect")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


@pytest.mark.django_db
def test_a_node_that_cannot_write_gets_no_requests(client, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "gone"
    assert client.get("/readyz").json()["data_folder"] == "not writable"
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["data_folder"]) == (503, "full")


@pytest.mark.parametrize(
    "personal",
    [
        "44070319900101123X",
        "6222020200112233445",
        "13800138000",
        "0750-3822222",
        "wang@example.cn",
        "192.0.2.17",
        "2001:db8:0:1::17",
    ],
)
def test_a_log_line_holds_no_personal_data(personal):
    assert personal not in masked(f"Not Found: /x for {personal}, twice")
    assert masked(f"a {personal} b") == "a *** b"


def test_what_was_searched_for_is_not_in_the_log():
    assert masked("Bad Request: /search/?q=王小明&page=2") == "Bad Request: /search/?***&***"
    assert "王小明" not in masked("duplicate key\nDETAIL:  Key (name, phone)=(王小明, 1) already exists.")


def test_times_and_job_numbers_stay_readable():
    line = "2026-11-24 13:30:53,120 job 41 geo.compile ended after 12.5 s; Django 5.2.1"
    assert masked(line) == line


def record(message, *arguments, exc_info=None):
    return logging.LogRecord("config", logging.ERROR, __file__, 1, message, arguments, exc_info)


def test_json_lines_carry_the_error_and_mask_it():
    try:
        raise ValueError("13800138000 is taken")
    except ValueError:
        line = JsonFormatter().format(record("job %d failed for %s", 7, "wang@example.cn", exc_info=sys.exc_info()))
    assert "\n" not in line
    held = json.loads(line)
    assert held["message"] == "job 7 failed for ***"
    assert (held["level"], held["logger"], held["error"]) == ("ERROR", "config", "ValueError")
    assert "ValueError: *** is taken" in held["traceback"]
    assert "13800138000" not in LineFormatter().format(record("%s", "13800138000"))


@pytest.mark.django_db
def test_a_slow_query_is_told_without_its_values(settings, caplog, monkeypatch):
    settings.SLOW_QUERY_MS = 100
    clock = iter([0.0, 0.05, 1.0, 1.25])
    monkeypatch.setattr(slow_queries, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    Job.objects.filter(kind="quick").exists()
    Job.objects.filter(kind="王小明").exists()
    (line,) = (entry.getMessage() for entry in caplog.records if entry.name == "config.slow_queries")
    assert line.startswith("250 ms: SELECT")
    assert "jobs_job" in line
    assert "王小明" not in line
