"""What becomes of films when their worker is killed, told to stop, or out of disk (twenty minutes).

A site of its own in a temporary folder. Each round uploads a film long enough for MP4, poster and HLS, starts a real
worker, does the harm at a random moment of the work, then sweeps at most twice. It ends well where every job is done
or failed with a reason, no ffmpeg outlives its worker, nothing half-written is shown and nothing is there twice.
`python -m scripts.faults --only films [--kills 20] [--seed 1]` prints a Markdown table; the exit code is the number of
bad rounds.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from scripts.steps import ROOT, say

WORK = [sys.executable, str(ROOT / "manage.py"), "work"]
KINDS = ("media.process", "media.stream")
SWEEPS = 2
LIMIT_S = 300
FILM_S = 200  # over three minutes: HLS is made too
DISK_KIB = 700


@dataclass
class Round:
    """One film and what was done to its worker."""

    harm: str
    moment_s: float = 0.0
    doing: str = ""
    ends: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    sweeps: int = 0
    faults: list[str] = field(default_factory=list)

    def row(self, number: int) -> str:
        ends = "; ".join(f"{kind.partition('.')[2]} {end}" for kind, end in self.ends.items())
        moment = f"{self.moment_s:.1f} s" if self.moment_s else "–"
        verdict = "; ".join(self.faults) or "good"
        cells = [number, self.harm, moment, self.doing, ends, self.attempts, self.sweeps, verdict]
        return f"| {' | '.join(map(str, cells))} |"


class TooLate(Exception):
    """The work had ended before the moment of harm."""

    def __init__(self, length_s: float) -> None:
        super().__init__(f"all was done after {length_s:.1f} s")
        self.length_s = length_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="rounds of kill -9 (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (default: 1)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pufa-faults-"))
    try:
        rounds = list(run(folder, options.kills, random.Random(options.seed)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bad = sum(bool(done.faults) for done in rounds)
    say(f"\n{len(rounds)} rounds, {bad} bad; seed {options.seed}, {time.strftime('%Y-%m-%d')}")
    return min(bad, 100)


def run(folder: Path, kills: int, dice: random.Random) -> Iterator[Round]:
    os.environ |= {
        "PUFA_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PUFA_LOG_LEVEL": "ERROR",
    }
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    subprocess.run([*WORK[:-1], "migrate", "--no-input", "-v0"], check=True, cwd=ROOT)
    import django  # noqa: PLC0415 — the settings are chosen above

    django.setup()
    clip = draw(folder)
    heads = ["round", "harm", "after", "doing", "how the jobs ended", "attempts", "sweeps", "verdict"]
    say(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    whole = play(Round("none"), clip)
    say(whole.row(0))
    yield whole
    length_s = whole.moment_s
    harms = ["kill -9"] * kills + ["SIGTERM"] * 3
    number = 0
    while number < len(harms):
        try:
            done = play(Round(harms[number], dice.uniform(0.0, length_s)), clip)
        except TooLate as late:  # the machine has become faster: the moment is drawn anew
            length_s = late.length_s
            continue
        number += 1
        say(done.row(number))
        yield done
    done = play(Round("disk full"), clip)
    say(done.row(number + 1))
    yield done


def draw(folder: Path) -> Path:
    """A small film of 200 seconds that looks different at every moment."""
    from media.ffmpeg import run_ffmpeg  # noqa: PLC0415

    graph = f"testsrc2=s=160x90:r=5:d={FILM_S}[v];sine=f=440:d={FILM_S}[a]"
    output = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "-c:a", "aac", "clip.mp4"], workdir=folder)
    return folder / "clip.mp4"


def play(this: Round, clip: Path) -> Round:
    """Upload, work, harm, sweep, look."""
    from django.core.files import File  # noqa: PLC0415

    from media import films  # noqa: PLC0415

    with clip.open("rb") as file:
        video = films.create_film(this.harm, File(file), name="clip.mp4", no_captions_reason="none", published=True)
    version = video.newest_version
    harms = {"kill -9": kill, "SIGTERM": terminate, "disk full": fill, "none": let_be}
    try:
        harms[this.harm](this, version)
        for _sweep in range(SWEEPS):
            if not open_jobs(version):
                break
            this.sweeps += 1
            let_leases_run_out(version)
            take_up()
        look(this, version)
    except (AssertionError, subprocess.SubprocessError) as error:
        this.faults.append(str(error))
    finally:
        video.delete()
    return this


def take_up() -> None:
    """What another worker does: sweep, then run what is due."""
    from jobs.worker import sweep, work_once  # noqa: PLC0415

    sweep()
    work_once()


def let_be(this: Round, version: Any) -> None:
    """Without harm, to learn how long the work takes from its start."""
    with worker() as process:
        wait_for_start(version)
        began = time.monotonic()
        wait_until(lambda: not open_jobs(version))
        this.moment_s = time.monotonic() - began
        process.terminate()


def kill(this: Round, version: Any) -> None:
    with worker() as process:
        await_moment(this, version)
        process.kill()
    orphans_end(this)
    shown_is_whole(this, version)


def terminate(this: Round, version: Any) -> None:
    """SIGTERM: the job in hand is finished, no other is begun."""
    with worker() as process:
        await_moment(this, version)
        process.terminate()
        process.join(LIMIT_S)
        if process.exitcode != 0:
            this.faults.append(f"the worker ended with {process.exitcode}")
    if [job for job in jobs(version) if job.state == "running"]:
        this.faults.append("a job was left in the middle")
    orphans_end(this)


def fill(this: Round, version: Any) -> None:
    """The work folder on a disk of less than a megabyte, in a mount of the worker's own (needs root)."""
    this.doing = f"disk of {DISK_KIB} KiB"
    place = work_root() / "media"
    place.mkdir(parents=True, exist_ok=True)
    mount = f'mount -t tmpfs -o size={DISK_KIB}k tmpfs "$1" && shift && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", mount, "sh", str(place), *WORK, "--once"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=LIMIT_S)
    orphans_end(this)
    version.refresh_from_db()
    if version.state != "failed" or not version.message:
        this.faults.append(f"the film is {version.state} on a full disk")
    shown_is_whole(this, version)


def look(this: Round, version: Any) -> None:
    """How the jobs ended, and that what is shown is whole, once, and all there is."""
    from media.models import State  # noqa: PLC0415

    orphans_end(this)
    shown_is_whole(this, version)
    version.refresh_from_db()
    for job in reversed(jobs(version)):
        reason = f" ({job.error})" if job.state == "failed" else ""
        this.ends[job.kind] = f"{job.state}{reason}"
        this.attempts = max(this.attempts, job.attempts)
        if job.is_open:
            this.faults.append(f"{job.kind} is still {job.state} after {SWEEPS} sweeps")
        if job.state == "failed" and not job.error:
            this.faults.append(f"{job.kind} failed without a reason")
    if version.state not in {State.READY, State.FAILED}:
        this.faults.append(f"the film is {version.state}")
    if left := list((work_root() / "media").glob("*")):
        this.faults.append(f"left in the work folder: {', '.join(path.name for path in left)}")
    if extra := stored(version) - named(version):
        this.faults.append(f"in the storage without a row: {', '.join(sorted(extra))}")


def shown_is_whole(this: Round, version: Any) -> None:
    """Every file that a row names is there with its digest; a ready film has all that a page needs."""
    version.refresh_from_db()
    rows = list(version.renditions.all())
    for made in rows:
        if not Path(made.file.path).is_file():
            this.faults.append(f"{made.kind} is shown and not there")
        elif made.kind != "stream" and digest(Path(made.file.path)) != made.sha256:
            this.faults.append(f"{made.kind} is shown and not whole")
    kinds = [made.kind for made in rows]
    if len(kinds) != len(set(kinds)):
        this.faults.append("a rendition is there twice")
    if version.state == "ready" and not {"mp4_720", "poster"} <= set(kinds):
        this.faults.append("the film is ready without its files")
    if missing := named(version) - stored(version):
        this.faults.append(f"named and not stored: {', '.join(sorted(missing))}")


def stored(version: Any) -> set[str]:
    base = uploads_root() / "films" / version.token
    return {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}


def named(version: Any) -> set[str]:
    """Files of the rows; a stream's play lists and media lie beside its master list."""
    names: set[str] = set()
    for made in version.renditions.all():
        parts = made.file.name.split("/")[2:]
        names.add("/".join(parts))
        if made.kind == "stream":
            for place in range(len(made.facts["sizes"])):
                names |= {f"{parts[0]}/v{place}.m4s", f"{parts[0]}/v{place}.m3u8"}
    return names


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def jobs(version: Any) -> list[Any]:
    from jobs.models import Job  # noqa: PLC0415

    keys = [version.job_key, version.stream_key]
    return list(Job.objects.filter(kind__in=KINDS, key__in=keys).order_by("-pk"))


def open_jobs(version: Any) -> list[Any]:
    return [job for job in jobs(version) if job.is_open]


def doing(version: Any) -> str:
    running = next((job for job in jobs(version) if job.state == "running"), None)
    return f"{running.kind.partition('.')[2]} {running.progress:.0f} %" if running else "between jobs"


def let_leases_run_out(version: Any) -> None:
    """As if a minute had passed: a killed worker's lease ends, a waiting retry is due."""
    from django.utils import timezone  # noqa: PLC0415

    from jobs.models import Job  # noqa: PLC0415

    past = timezone.now() - timedelta(seconds=1)
    mine = Job.objects.filter(pk__in=[job.pk for job in open_jobs(version)])
    mine.filter(state="running").update(leased_until=past)
    mine.filter(state="queued").update(run_after=past)


@contextmanager
def worker() -> Iterator[Any]:
    """`manage.py work` in a process of its own, forked so that a round does not wait for Django to load."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    connections.close_all()  # a connection must not be shared with the child
    process = multiprocessing.get_context("fork").Process(target=call_command, args=("work",))
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            process.terminate()
        process.join(LIMIT_S)


def wait_for_start(version: Any) -> None:
    wait_until(lambda: any(job.attempts for job in jobs(version)))


def await_moment(this: Round, version: Any) -> None:
    """Until `moment_s` after the work began; raises TooLate where it ends before."""
    wait_for_start(version)
    began = time.monotonic()
    while (gone_s := time.monotonic() - began) < this.moment_s:
        if not open_jobs(version):
            raise TooLate(gone_s)
        time.sleep(min(0.05, this.moment_s - gone_s))
    this.doing = doing(version)


def wait_until(true: Any) -> None:
    limit = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > limit:
            raise AssertionError(f"nothing happened for {LIMIT_S} s")
        time.sleep(0.05)


def orphans_end(this: Round) -> None:
    """No process works in our work folder two seconds after its worker died."""
    limit = time.monotonic() + 2
    while (left := processes_in(work_root())) and time.monotonic() < limit:
        time.sleep(0.05)
    if left:
        this.faults.append(f"{len(left)} ffmpeg outlived the worker")


def processes_in(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").resolve().is_relative_to(folder):
                found.append(entry.name)
        except OSError:
            continue
    return found


def work_root() -> Path:
    return Path(os.environ["PUFA_DATA_DIR"]) / "work"


def uploads_root() -> Path:
    return Path(os.environ["PUFA_DATA_DIR"]) / "uploads"


if __name__ == "__main__":
    sys.exit(main())
