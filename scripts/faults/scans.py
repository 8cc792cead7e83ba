"""What becomes of scans when the web process and the worker are killed in the middle of bursts.

A site of its own in a temporary folder (on PostgreSQL: in the empty database that PUFA_DATABASE_URL names), served by
gunicorn as `make run` does, with a real worker that counts without pause. Sixteen phones scan in bursts, each its own
code. Meanwhile `kill -9` meets the web process with all its threads, and the worker: now at any moment, now between
adding to the counts and moving the file's offset on. In the end no scan that was answered may be lost, and no code may
have more counts than phones asked for or than records were written.

`python -m scripts.faults.scans [--scans 10000] [--kills 5] [--seed 1]` prints a Markdown table; its exit code is the
number of codes whose counts are wrong.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from scripts.steps import ROOT, say
from scripts.temporary_site import free_port

PHONES = 16
BURST = 25
AGENT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0 Mobile Safari/537.36"
LIMIT_S = 1200
ANSWER_S = 20.0
COUNT_EVERY_S = 0.2


@dataclass
class Book:
    """What the phones know: how often each code was asked for, and how often the page's address came back."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, which: Counter[str], code: str) -> None:
        with self.lock:
            which[code] += 1

    @property
    def total(self) -> int:
        with self.lock:
            return sum(self.answered.values())


@dataclass
class Process:
    """A program in a session of its own, so that a kill meets all its processes."""

    command: list[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(self.command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)

    def kill(self) -> None:
        if self.running is None:
            return
        if self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.kills += 1

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            try:
                self.running.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.running.pid, signal.SIGKILL)
                self.running.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scans", type=int, default=10_000, help="answered scans to reach (default: 10000)")
    parser.add_argument("--kills", type=int, default=5, help="of the web process, and of the worker (default: 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    parser.add_argument("--data-dir", type=Path, help="a migrated data folder to use instead of a new one")
    parser.add_argument("--count", type=int, metavar="N", help=argparse.SUPPRESS)  # be the worker that dies at work
    options = parser.parse_args()
    if options.count is not None:
        return work_until_killed(options.count)
    folder = options.data_dir or Path(tempfile.mkdtemp(prefix="pufa-scans-"))
    os.environ |= {"PUFA_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    os.environ["PUFA_LOG_LEVEL"] = "ERROR"
    try:
        if options.data_dir is None:
            subprocess.run([sys.executable, "manage.py", "migrate", "--no-input", "-v0"], check=True, cwd=ROOT)
        set_up()
        return run(folder, options.scans, options.kills, random.Random(options.seed))
    finally:
        if options.data_dir is None:
            shutil.rmtree(folder, ignore_errors=True)


def set_up() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django  # noqa: PLC0415 — the settings are chosen above

    django.setup()


def work_until_killed(moment: int) -> int:
    """A worker that dies by SIGKILL as it has counted for the `moment`-th time and not yet moved the offset on."""
    set_up()
    from django.core.management import call_command  # noqa: PLC0415

    from campaigns.models import ScanFile  # noqa: PLC0415

    save, counted = ScanFile.save, [0]

    def die(self: Any, *args: Any, **kwargs: Any) -> None:
        counted[0] += bool(self.pk)
        if counted[0] == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        save(self, *args, **kwargs)

    ScanFile.save = die  # type: ignore[method-assign]
    call_command("work")
    return 0


def run(folder: Path, scans: int, each: int, dice: random.Random) -> int:
    codes, book, port, over = make_codes(), Book(), free_port(), threading.Event()
    began = time.monotonic()
    web = Process(web_command(port), folder / "web.log")
    worker = Process([], folder / "worker.log")
    start_worker(worker, dice)
    start_web(web, port)
    phones = [
        threading.Thread(target=scan, args=(code, port, book, over, random.Random(dice.random())), daemon=True)
        for code in codes
    ]
    for phone in phones:
        phone.start()
    moments = sorted((dice.uniform(0.05, 0.9) * scans, which) for which in ("web", "worker") for _ in range(each))
    try:
        while (done := book.total) < scans:
            if time.monotonic() - began > LIMIT_S:
                raise SystemExit(f"only {done} scans were answered in {LIMIT_S} s; see {web.log}")
            if worker.running is not None and worker.running.poll() is not None:
                worker.kills += 1  # it died at work
                start_worker(worker, dice)
            if moments and done >= moments[0][0]:
                if moments.pop(0)[1] == "web":
                    web.kill()
                    start_web(web, port)
                else:
                    worker.kill()
                    start_worker(worker, dice)
            ask_to_count()
            time.sleep(COUNT_EVERY_S)
    finally:
        over.set()
        for phone in phones:
            phone.join(ANSWER_S + 5)
        web.stop()
        worker.stop()
    count_the_rest()
    kills = (web.kills, worker.kills)
    return report(folder, codes, book, kills, time.monotonic() - began)


def web_command(port: int) -> list[str]:
    served = ["--worker-class", "gthread", "--threads", "16", "--timeout", "120", "config.wsgi"]
    paths = ["--pythonpath", "site", "--chdir", str(ROOT), "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *paths, "--bind", f"127.0.0.1:{port}", *served]


def start_web(web: Process, port: int) -> None:
    web.start()
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        if answers(port, "/healthz") == 200:
            return
        time.sleep(0.1)
    raise SystemExit(f"the web process does not answer; see {web.log}")


def start_worker(worker: Process, dice: random.Random) -> None:
    """Every other one dies at work by itself. The lease of one that was killed runs out as if a minute had passed."""
    end_leases()
    dies = [sys.executable, "-m", "scripts.faults.scans", "--count", str(dice.randint(2, 6))]
    worker.command = dies if worker.kills % 2 == 0 else [sys.executable, "manage.py", "work"]
    worker.start()


def end_leases() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from jobs.models import Job  # noqa: PLC0415

    Job.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))


def ask_to_count() -> None:
    from jobs.queue import enqueue  # noqa: PLC0415

    enqueue("campaigns.fold_scans", key="campaigns.fold_scans")


def count_the_rest() -> None:
    """What another worker does in the end: take the killed one's job, then run what is due."""
    from jobs.worker import sweep, work_once  # noqa: PLC0415

    end_leases()
    sweep()
    ask_to_count()
    work_once()


def make_codes() -> list[str]:
    """An ad for each phone."""
    from campaigns.models import AdCode, Format, Placement  # noqa: PLC0415
    from geo.models import Area  # noqa: PLC0415

    # In bulk, past the signals: a search index or a page store has no part in this.
    (area,) = Area.objects.bulk_create([Area(slug="scan-faults", name="示例")])
    face = Placement(area=area, code="face", format=Format.SHELTER, name="示例", net_price_cny=1)
    (place,) = Placement.objects.bulk_create([face])
    ads = AdCode.objects.bulk_create([AdCode(placement=place, landing_path="/law/") for _ in range(PHONES)])
    return [ad.code for ad in ads]


def scan(code: str, port: int, book: Book, over: threading.Event, dice: random.Random) -> None:
    """One phone: bursts of scans, each over a connection of its own; what is not answered is a new scan later."""
    while not over.is_set():
        for _ in range(BURST):
            if over.is_set():
                return
            status = answers(port, f"/q/{code}", lambda: book.note(book.asked, code))
            if status == 302:
                book.note(book.answered, code)
            else:
                over.wait(0.2)
        over.wait(dice.uniform(0.0, 0.1))


def answers(port: int, path: str, connected: Callable[[], None] = lambda: None) -> int:
    """The status that came back whole; 0 for none. `connected` is called before anything is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        connection.connect()
        connected()
        connection.request("GET", path, headers={"User-Agent": AGENT, "Host": "localhost"})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def report(folder: Path, codes: list[str], book: Book, kills: tuple[int, int], seconds: float) -> int:
    from campaigns.models import ScanCount  # noqa: PLC0415

    counted: Counter[str] = Counter()
    for code, count in ScanCount.objects.values_list("code__code", "count"):
        counted[code] += count
    written: Counter[str] = Counter()
    for file in (folder / "scans").glob("*.log"):
        written.update(line.split(b" ")[0].decode() for line in file.read_bytes().splitlines())
    lost = sum(max(0, book.answered[code] - counted[code]) for code in codes)
    doubled = sum(max(0, counted[code] - min(book.asked[code], written[code])) for code in codes)
    wrong = [
        code
        for code in codes
        if not book.answered[code] <= counted[code] <= book.asked[code] or counted[code] != written[code]
    ]
    heads = ["asked", "answered", "counted", "kills of the web", "kills of the worker", "lost", "doubled", "seconds"]
    cells = [
        sum(book.asked.values()), sum(book.answered.values()), sum(counted[code] for code in codes), *kills,
        lost, doubled, f"{seconds:.0f}",
    ]  # fmt: skip
    say(f"| {' | '.join(heads)} |\n|{'--:|' * len(heads)}\n| {' | '.join(map(str, cells))} |")
    for code in wrong:
        numbers = [which[code] for which in (book.asked, book.answered, written, counted)]
        say(f"{code}: asked, answered, written, counted = {numbers}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
