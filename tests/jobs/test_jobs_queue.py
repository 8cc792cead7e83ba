"""The queue: nothing asked for is lost, nothing runs twice at once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from jobs.errors import JobFailed
from jobs.models import Job
from jobs.queue import cancel, enqueue, retry
from jobs.registry import job, kinds, periodic
from jobs.runs import LEASE
from jobs.worker import claim, execute, start_periodic, sweep, work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls():
    seen = []

    @job("test.echo")
    def echo(run):
        seen.append(run.payload.get("say"))
        run.result = {"said": run.payload.get("say")}

    @job("test.hopeless")
    def hopeless(run):
        seen.append("hopeless")
        raise JobFailed("the file is empty")

    @job("test.flaky")
    def flaky(run):
        seen.append("flaky")
        raise RuntimeError("the disk hiccuped")

    before = set(kinds) - {"test.echo", "test.hopeless", "test.flaky"}
    yield seen
    for name in set(kinds) - before:
        del kinds[name]


def test_a_job_runs_once_and_keeps_its_result(calls):
    asked = enqueue("test.echo", {"say": "hello"})
    assert work_once() == 1
    assert work_once() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.progress, asked.result) == ("done", 100, {"said": "hello"})


def test_an_open_job_with_the_same_key_is_not_doubled(calls):
    first = enqueue("test.echo", key="once")
    assert enqueue("test.echo", key="once").pk == first.pk
    work_once()
    assert enqueue("test.echo", key="once").pk != first.pk


def test_an_unknown_kind_is_refused_at_once():
    with pytest.raises(LookupError, match=r"test\.nothing"):
        enqueue("test.nothing")


def test_a_final_failure_is_not_tried_again_and_says_why(calls):
    asked = enqueue("test.hopeless")
    work_once()
    asked.refresh_from_db()
    assert (asked.state, asked.attempts, asked.error) == ("failed", 1, "the file is empty")


def test_an_unexpected_failure_is_tried_three_times_with_a_pause(calls):
    asked = enqueue("test.flaky")
    for attempt in (1, 2, 3):
        Job.objects.filter(pk=asked.pk).update(run_after=timezone.now())
        work_once()
        asked.refresh_from_db()
        assert asked.attempts == attempt
    assert asked.state == "failed"
    assert "RuntimeError" in asked.error
    assert "hiccuped" not in asked.error
    assert calls == ["flaky"] * 3


def test_a_waiting_job_waits_for_its_time(calls):
    enqueue("test.echo", run_after=timezone.now() + timedelta(hours=1))
    assert work_once() == 0


def test_smaller_priority_runs_first(calls):
    enqueue("test.echo", {"say": "long"}, priority=10)
    enqueue("test.echo", {"say": "short"}, priority=0)
    work_once()
    assert calls == ["short", "long"]


def test_a_dead_workers_job_is_taken_up_again(calls):
    asked = enqueue("test.echo", {"say": "again"})
    claim("a worker that was killed")
    assert sweep() == 0
    Job.objects.filter(pk=asked.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert work_once() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("done", 2)


def test_a_clock_that_was_set_back_leaves_nothing_waiting_for_the_future(calls):
    """Yesterday the clock stood a month ahead: a worker died then, a retry waits, nightly work seems to be done."""

    @periodic("test.nightly", every=timedelta(days=1))
    def nightly(run):
        calls.append("nightly")

    ahead = timezone.now() + timedelta(days=30)
    died, waits, night = (
        enqueue("test.echo", {"say": "died"}),
        enqueue("test.echo", {"say": "waits"}),
        enqueue("test.nightly"),
    )
    claim("a worker that is killed")
    Job.objects.filter(pk=died.pk).update(created_at=ahead, started_at=ahead, leased_until=ahead + LEASE)
    Job.objects.filter(pk=waits.pk).update(created_at=ahead, run_after=ahead)
    Job.objects.filter(pk=night.pk).update(created_at=ahead, started_at=ahead, finished_at=ahead, state="done")
    assert work_once() == 0
    sweep()
    start_periodic()
    start_periodic()
    Job.objects.exclude(kind__startswith="test.").delete()
    assert work_once() == 3
    assert sorted(calls) == ["died", "nightly", "waits"]
    later = enqueue("test.echo", {"say": "tomorrow"}, run_after=timezone.now() + timedelta(days=1))
    sweep()
    later.refresh_from_db()
    assert later.run_after > timezone.now()


def test_a_job_that_kills_its_worker_three_times_is_given_up(calls):
    asked = enqueue("test.echo")
    for _ in range(3):
        claim("a worker that was killed")
        Job.objects.filter(pk=asked.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
        sweep()
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert asked.error


def test_a_worker_that_lost_its_lease_leaves_no_trace(calls):
    asked = enqueue("test.echo", {"say": "late"})
    late = claim("slow worker")
    Job.objects.filter(pk=asked.pk).update(leased_by="another worker")
    execute(late, "slow worker")
    asked.refresh_from_db()
    assert (asked.state, asked.leased_by) == ("running", "another worker")


def test_cancelling_stops_a_running_job_at_its_next_check(calls):
    @job("test.long")
    def long(run):
        cancel(run.job)
        run.progress(50, "half way")
        calls.append("never")

    asked = enqueue("test.long")
    work_once()
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    assert calls == []


def test_a_cancelled_waiting_job_never_runs_and_can_be_asked_for_again(calls):
    asked = enqueue("test.echo", {"say": "changed my mind"})
    assert cancel(asked)
    assert work_once() == 0
    retry(asked)
    assert work_once() == 1


def test_a_job_asked_for_in_a_rolled_back_transaction_does_not_exist(calls):
    with transaction.atomic():
        enqueue("test.echo")
        transaction.set_rollback(True)
    assert work_once() == 0


def test_progress_renews_the_lease(calls):
    @job("test.progress")
    def progress(run):
        Job.objects.filter(pk=run.job.pk).update(leased_until=timezone.now() + timedelta(seconds=1))
        run.progress(30, "cutting")
        run.job.refresh_from_db()
        calls.append((run.job.progress, run.job.note, run.job.leased_until > timezone.now() + LEASE / 2))

    enqueue("test.progress")
    work_once()
    assert calls == [(30, "cutting", True)]


def test_periodic_work_is_asked_for_once_until_it_is_due_again(calls):
    @periodic("test.nightly", every=timedelta(hours=1))
    def nightly(run):
        calls.append("nightly")

    start_periodic()
    start_periodic()
    assert Job.objects.filter(kind="test.nightly").count() == 1
    work_once()
    start_periodic()
    assert Job.objects.filter(kind="test.nightly").count() == 1
    Job.objects.filter(kind="test.nightly").update(created_at=timezone.now() - timedelta(hours=2))
    start_periodic()
    assert Job.objects.filter(kind="test.nightly").count() == 2
