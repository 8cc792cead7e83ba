"""Figures: whom they are told, what they say, and that several processes add up."""

import ipaddress
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from campaigns import scans
from campaigns.models import ScanFile
from config import env
from config.metrics import middleware, state
from jobs.models import Job
from scripts.steps import ROOT

HERE = [ipaddress.ip_network("127.0.0.0/8")]


def told(client, **more):
    """Metric with its labels → value."""
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def asker(settings, db):
    """A client of a server that was started with an address listed."""
    settings.METRICS_FROM = HERE
    return Client(raise_request_exception=False)


def test_where_nobody_is_listed_there_is_no_such_page(client, db):
    assert client.get("/metrics").status_code == 404


def test_whoever_is_not_listed_finds_no_such_page(asker):
    assert asker.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert asker.get("/metrics", REMOTE_ADDR="").status_code == 404
    assert asker.get("/metrics", REMOTE_ADDR="127.0.0.9").status_code == 200


def test_behind_a_proxy_the_visitor_counts_and_not_the_proxy(asker, settings):
    settings.BEHIND_PROXY = True
    assert asker.get("/metrics", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 404
    assert asker.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1, 192.0.2.7").status_code == 404
    assert asker.get("/metrics", HTTP_X_FORWARDED_FOR="192.0.2.7, 127.0.0.1").status_code == 200


def test_a_scraper_is_asked_for_no_host_name_and_not_sent_to_https(asker, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = asker.get("/metrics", HTTP_HOST="10.0.0.7:8000")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_requests_are_counted_by_route_and_status_and_never_by_what_was_typed(asker):
    before = told(asker)
    for _ in range(3):
        asker.get("/search/?q=谁的名字")
    asker.get("/nowhere/13800138000/")
    asker.get("/search/", REQUEST_METHOD="BREW")
    after = told(asker)
    search = 'pufa_requests_total{method="GET",route="search:search",status="200"}'
    assert after[search] - before.get(search, 0) == 3
    assert any('status="404"' in key for key in after)
    assert any('method="other"' in key for key in after)
    text = "".join(after)
    assert "13800138000" not in text
    assert "谁的名字" not in text


def test_the_time_of_requests_is_told_as_a_histogram(asker):
    asker.get("/search/")
    buckets = [key for key in told(asker) if key.startswith("pufa_request_seconds_bucket") and "search" in key]
    assert len(buckets) == 12


def test_the_state_of_queue_scans_and_disk_is_that_of_now(asker, settings, tmp_path):
    now = timezone.now()
    Job.objects.create(kind="test", run_after=now - timedelta(minutes=10))
    Job.objects.create(kind="test", run_after=now + timedelta(minutes=10))
    Job.objects.create(kind="test", run_after=now, state="running", leased_until=now + timedelta(minutes=1))
    Job.objects.create(kind="test", run_after=now, state="failed", finished_at=now)
    Job.objects.create(kind="test", run_after=now, state="failed", finished_at=now - timedelta(days=3))
    settings.DATA_DIR = tmp_path
    for _ in range(5):
        scans.append_scan("ab12", now)
    found = told(asker)
    assert found['pufa_jobs{state="queued"}'] == 2
    assert found['pufa_jobs{state="running"}'] == 1
    assert found['pufa_jobs{state="failed"}'] == 1
    assert found["pufa_jobs_due"] == 1
    assert 599 <= found["pufa_oldest_job_seconds"] < 700
    assert found["pufa_scans_waiting"] == 5
    assert 0 < found["pufa_disk_free_bytes"] <= found["pufa_disk_size_bytes"]
    assert "pufa_backup_age_seconds" not in found
    scans.fold_scans()
    assert ScanFile.objects.exists()
    assert told(asker)["pufa_scans_waiting"] == 0


def test_the_age_of_the_newest_backup_is_told(asker, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    assert "pufa_backup_age_seconds" not in told(asker)
    for hours in (1, 30):
        stamp = timezone.localtime(timezone.now() - timedelta(hours=hours))
        (tmp_path / f"pufa-{stamp:%Y%m%d-%H%M%S}.tar").touch()
        (tmp_path / f"pufa-{stamp:%Y%m%d-%H%M%S}.keys.tar").touch()
    assert 3590 <= told(asker)["pufa_backup_age_seconds"] < 3700


def test_a_database_that_is_down_is_told_and_the_rest_still_is(asker, monkeypatch):
    def fail(now):
        raise DatabaseError("gone")

    monkeypatch.setattr(state, "_jobs", fail)
    found = told(asker)
    assert found["pufa_database_up"] == 0
    assert "pufa_disk_free_bytes" in found
    assert "pufa_jobs_due" not in found


def test_without_the_extra_there_is_no_page_and_check_says_why(settings, monkeypatch, db):
    settings.METRICS_FROM = HERE
    monkeypatch.setattr(middleware, "is_installed", lambda: False)
    monkeypatch.setattr("config.metrics.checks.is_installed", lambda: False)
    assert Client().get("/metrics").status_code == 404
    assert [message.id for message in run_checks() if message.id == "config.W001"] == ["config.W001"]
    settings.METRICS_FROM = []
    assert "config.W001" not in [message.id for message in run_checks()]


@pytest.mark.parametrize("value", ["nonsense", "10.0.0.0/99", "10.0.0.1/8"])
def test_a_list_that_is_none_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("PUFA_METRICS_FROM", value)
    with pytest.raises(ImproperlyConfigured, match="PUFA_METRICS_FROM"):
        env.networks("PUFA_METRICS_FROM")


def test_several_processes_add_up(tmp_path):
    """As gunicorn's are: each counts in files of its own, whoever is asked reads them all."""
    script = (
        "import sys; sys.path[:0] = ['site', '.']\n"
        "import django; django.setup()\n"
        "from config.metrics import numbers\n"
        "numbers.REQUESTS.labels('pages', 'GET', '200').inc(int(sys.argv[1]))\n"
        "numbers.SECONDS.labels('pages').observe(0.2)\n"
        "numbers.State.collect = lambda self: iter(())\n"
        "print(numbers.written().decode())\n"
    )
    env_of_both = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    for count in ("2", "5"):
        command = [sys.executable, "-c", script, count]
        done = subprocess.run(command, cwd=ROOT, env=env_of_both, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert re.search(r'pufa_requests_total\{[^}]*route="pages"[^}]*\} 7\.0', done.stdout)
    assert re.search(r'pufa_request_seconds_count\{route="pages"\} 2\.0', done.stdout)


def test_the_web_server_starts_with_a_folder_for_its_processes():
    assert "export PROMETHEUS_MULTIPROC_DIR" in (ROOT / "deploy/web.sh").read_text()
