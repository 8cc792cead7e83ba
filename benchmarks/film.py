"""What the pipeline costs beyond ffmpeg itself: `python -m benchmarks.film [--seconds 20] [--repeats 3]`.

A drawn 1080p film goes through the product's own jobs (probe, MP4, poster, HLS in three sizes, sheet, checks, digests,
database) and through the same ffmpeg commands bare, in turns. Printed: the best wall time of each and their ratio,
which issue 5 wants at 1.10 or less. Both are niced alike.
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
from typing import Any

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
            seconds, commands = through_the_pipeline(clip)
            ours.append(seconds)
            bare.append(without_it(clip, commands, folder))
            print(f"pipeline {ours[-1]:.1f} s, bare ffmpeg {bare[-1]:.1f} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ratio = min(ours) / min(bare)
    print(
        f"{options.seconds} s of 1080p, {len(commands)} ffmpeg commands, best of {options.repeats}: "
        f"pipeline {min(ours):.1f} s, bare {min(bare):.1f} s, ratio {ratio:.3f}"
    )
    return int(ratio > 1.10)


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


def through_the_pipeline(clip: Path) -> tuple[float, list[list[str]]]:
    """(seconds from the claim of the first job to the end of the last, the ffmpeg arguments that were used)."""
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
        began = time.perf_counter()
        work_once()
        seconds = time.perf_counter() - began
    finally:
        pipeline.run_ffmpeg = run
    film = type(video).objects.get(pk=video.pk)
    assert film.stream is not None, [job.error for job in [film.newest_version.stream_job()] if job]
    return seconds, commands


def without_it(clip: Path, commands: list[list[str]], folder: Path) -> float:
    """Seconds that the same commands take by themselves."""
    from media.ffmpeg import executable

    work = folder / "bare"
    work.mkdir()
    os.link(clip, work / "original")
    began = time.perf_counter()
    for arguments in commands:
        subprocess.run(
            ["nice", "-n", str(NICE), executable(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *arguments],
            cwd=work,
            check=True,
        )
    seconds = time.perf_counter() - began
    shutil.rmtree(work)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
