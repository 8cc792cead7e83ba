"""What the pipeline costs beyond ffmpeg itself: `python -m benchmarks.film [--seconds 20] [--repeats 3]`.

A drawn 1080p film goes through the product's own jobs (probe, MP4, poster, HLS in three sizes, sheet, checks, digests,
database) and through the same ffmpeg commands bare, in turns, both niced alike. Printed: the best wall time of each and
their ratio, which is to be 1.10 or less, and the same of processor time, which a busy machine disturbs less.
"""

# ruff: noqa: PLC0415 - Django's models can be imported once it is set up
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
NICE = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="length of the film (default: 20)")
    parser.add_argument("--repeats", type=int, default=3, help="turns of each (default: 3)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pufa-film-"))
    try:
        set_up(folder)
        clip = draw(folder, options.seconds)
        commands: list[list[str]] = []
        ours, bare = [], []
        for _turn in range(options.repeats):
            spent, commands = through_the_pipeline(clip)
            ours.append(spent)
            bare.append(without_it(clip, commands, folder))
            print(f"pipeline {ours[-1]}, bare ffmpeg {bare[-1]}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ratio = min(turn.wall_s for turn in ours) / min(turn.wall_s for turn in bare)
    of_cpu = min(turn.cpu_s for turn in ours) / min(turn.cpu_s for turn in bare)
    print(
        f"{options.seconds} s of 1080p, {len(commands)} ffmpeg commands, best of {options.repeats}: "
        f"ratio {ratio:.3f} of wall time, {of_cpu:.3f} of processor time"
    )
    return int(ratio > 1.10)


class Spent(NamedTuple):
    """Seconds by the clock and of the processor, this process and those it has waited for."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s ({self.cpu_s:.1f} CPU-s)"

    @classmethod
    def since(cls, start: "Spent | None" = None) -> "Spent":
        """What was spent since `start`, or since this process began."""
        times = os.times()
        now = cls(time.perf_counter(), sum(times[:4]))
        return now if start is None else cls(now.wall_s - start.wall_s, now.cpu_s - start.cpu_s)


def set_up(folder: Path) -> None:
    """A database and folders of its own."""
    os.environ |= {"PUFA_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    os.environ["PUFA_LOG_LEVEL"] = "ERROR"
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    subprocess.run([sys.executable, "manage.py", "migrate", "--no-input", "-v0"], check=True, cwd=ROOT)
    import django

    django.setup()


def draw(folder: Path, seconds: int) -> Path:
    """Moving patterns with a little noise, so that the encoder has something to do."""
    from media.ffmpeg import run_ffmpeg

    graph = f"testsrc2=s=1920x1080:r=25:d={seconds},noise=alls=8:allf=t[v];sine=f=440:d={seconds}[a]"
    output = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "-c:a", "aac", "clip.mp4"], workdir=folder)
    return folder / "clip.mp4"


def through_the_pipeline(clip: Path) -> tuple[Spent, list[list[str]]]:
    """(what it took from the claim of the first job to the end of the last, the ffmpeg arguments that were used)."""
    from django.core.files import File

    from jobs.worker import work_once
    from media import films, pipeline

    with clip.open("rb") as file:
        video = films.create_film("film", File(file), name=clip.name)
    commands: list[list[str]] = []
    run = pipeline.run_ffmpeg

    def noted(sources: Any, output: Any, **how: Any) -> str:
        commands.append([*(word for source in sources for word in source.arguments()), *output])
        return run(sources, output, **how)

    pipeline.run_ffmpeg = noted  # type: ignore[assignment]
    pipeline.STREAM_S = 0  # the whole way, although the film is short
    try:
        began = Spent.since()
        work_once()
        spent = Spent.since(began)
    finally:
        pipeline.run_ffmpeg = run
    film = type(video).objects.get(pk=video.pk)
    assert film.stream is not None, [job.error for job in [film.newest_version.stream_job()] if job]
    return spent, commands


def without_it(clip: Path, commands: list[list[str]], folder: Path) -> Spent:
    """What the same commands take by themselves."""
    from media.ffmpeg import executable

    work = folder / "bare"
    work.mkdir()
    os.link(clip, work / "original")
    began = Spent.since()
    for arguments in commands:
        subprocess.run(
            ["nice", "-n", str(NICE), executable(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *arguments],
            cwd=work,
            check=True,
        )
    spent = Spent.since(began)
    shutil.rmtree(work)
    return spent


if __name__ == "__main__":
    sys.exit(main())
