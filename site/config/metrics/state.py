"""How the installation stands now: queue, scans, disk, backup. Looked up when somebody asks, kept nowhere."""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from campaigns.scans import waiting
from config.backups.saving import made_at
from jobs.heartbeat import silent_for_s
from jobs.models import Job

FAILED_WITHIN = timedelta(days=1)

logger = logging.getLogger(__name__)


class State(Collector):
    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        try:
            of_database = [
                *_jobs(now),
                _gauge("pufa_scans_waiting", "Scans written down and not yet counted.", waiting()),
            ]
        except DatabaseError as error:
            logger.error("The database cannot be read: %s", error)
            of_database = []
        yield _gauge("pufa_database_up", "1 where the database answers.", float(bool(of_database)))
        yield from of_database
        disk = shutil.disk_usage(settings.DATA_DIR)
        yield _gauge("pufa_disk_free_bytes", "Free room of the data folder.", disk.free)
        yield _gauge("pufa_disk_size_bytes", "Size of the disk that holds the data folder.", disk.total)
        age_s = backup_age_s(now)
        if age_s is not None:
            yield _gauge("pufa_backup_age_seconds", "Since the newest archive in PUFA_BACKUP_DIR was made.", age_s)


def _jobs(now: datetime) -> Iterator[Metric]:
    states = dict(Job.objects.filter(state__in=Job.OPEN).values_list("state").annotate(n=Count("pk")))
    found = GaugeMetricFamily("pufa_jobs", "Jobs by state; failed ones of the last day.", labels=["state"])
    for state in Job.OPEN:
        found.add_metric([state.value], states.get(state.value, 0))
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gt=now - FAILED_WITHIN).count()
    found.add_metric([Job.State.FAILED.value], failed)
    yield found
    due = Job.objects.filter(state=Job.State.QUEUED, run_after__lte=now).aggregate(
        n=Count("pk"), first=Min("run_after")
    )
    yield _gauge("pufa_jobs_due", "Jobs that could begin and wait for a worker.", due["n"])
    oldest_s = (now - due["first"]).total_seconds() if due["first"] else 0.0
    yield _gauge("pufa_oldest_job_seconds", "How long the oldest of these has waited.", oldest_s)
    silent_s = silent_for_s(now)
    if silent_s is not None:
        yield _gauge("pufa_worker_silent_seconds", "Since a worker last showed that it lives.", silent_s)


def backup_age_s(now: datetime) -> float | None:
    """None where no folder is named or nothing is in it."""
    folder = settings.BACKUP_DIR
    if folder is None or not folder.is_dir():
        return None
    made = [when for path in folder.iterdir() if (when := made_at(path)) is not None]
    return (now - max(made)).total_seconds() if made else None


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
