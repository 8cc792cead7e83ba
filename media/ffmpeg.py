"""The only door to ffmpeg: an argument list, a private folder, white lists before each input, limits, no orphans."""

import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from media.limits import CONTAINERS, DECODERS, MAX_PIXELS, MAX_STREAMS, Limits

CONFINE = Path(__file__).with_name("confine.py")
TAIL_BYTES = 8_000


class FfmpegFailed(RuntimeError):
    """ffmpeg ended with an error; the message is for the log, `tail` holds its last words."""

    def __init__(self, code: int, tail: str) -> None:
        super().__init__(f"ffmpeg ended with code {code}: {tail[-600:].strip()}")
        self.code = code
        self.tail = tail


@dataclass(frozen=True)
class Source:
    """One input: a file name inside the working folder, the only demuxer and decoders allowed to read it."""

    name: str
    demuxer: str
    options: Sequence[str] = ()
    decoders: str = DECODERS
    formats: str = field(default="")

    def arguments(self) -> list[str]:
        return [
            *("-protocol_whitelist", "file,pipe"),
            *("-format_whitelist", self.formats or CONTAINERS[self.demuxer]),
            *("-codec_whitelist", self.decoders),
            *("-max_pixels", str(MAX_PIXELS)),
            *("-max_streams", str(MAX_STREAMS)),
            *self.options,
            *("-f", self.demuxer),
            *("-i", self.name if self.name.startswith("pipe:") else f"file:{self.name}"),
        ]


def executable() -> str:
    """Path of the ffmpeg binary that the Python package imageio-ffmpeg carries (never one found on PATH)."""
    import imageio_ffmpeg  # noqa: PLC0415 — only the worker needs it

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def confined(program: Sequence[str], limits: Limits) -> list[str]:
    """The argument list that runs `program` under `limits` and kills it when this process dies."""
    numbers = (limits.cpu_s, limits.memory_bytes, limits.file_bytes, limits.nice, os.getpid())
    return [sys.executable, "-I", "-S", str(CONFINE), *map(str, numbers), *program]


def bare_environment() -> dict[str, str]:
    """Nothing of ours reaches the child: no secrets, no proxy, no library path."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def run_ffmpeg(
    sources: Sequence[Source],
    output: Sequence[str],
    *,
    workdir: Path,
    tick: Callable[[float], None] | None = None,
    limits: Limits | None = None,
    feed: Iterable[bytes] | None = None,
) -> str:
    """Run one ffmpeg command in `workdir` and return the end of what it logged.

    Parameters
    ----------
    sources : the inputs, in order.
    output : filters, encoders and the output names, all relative to `workdir`.
    tick : called about twice a second with the seconds of output written so far; whatever it raises (a cancelled
        job, a lost lease) kills ffmpeg and is passed on.
    feed : bytes for `pipe:0`, for inputs that we draw ourselves.

    Raises
    ------
    FfmpegFailed : a non-zero exit, or the wall-clock limit.
    """
    limits = limits or Limits()
    program = [executable(), "-hide_banner", "-nostdin", "-y", "-loglevel", "info"]
    program += ["-progress", "pipe:1", "-nostats", "-stats_period", "0.5"]
    for source in sources:
        program += source.arguments()
    program += output
    log_path = workdir / "ffmpeg.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            confined(program, limits),
            cwd=workdir,
            env=bare_environment(),
            stdin=subprocess.PIPE if feed is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            if feed is not None and process.stdin is not None:
                threading.Thread(target=_pour, args=(feed, process.stdin), daemon=True).start()
            if process.stdout is not None:
                _follow(process.stdout, tick or (lambda seconds: None), time.monotonic() + limits.wall_s)
            code = process.wait(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
    tail = _tail(log_path)
    if code != 0:
        raise FfmpegFailed(code, tail)
    return tail


def _follow(stdout: IO[bytes], tick: Callable[[float], None], deadline: float) -> None:
    """Read `-progress` lines until the stream ends; tick even while ffmpeg is silent."""
    seconds, pending, last_tick = 0.0, b"", 0.0
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while True:
            if time.monotonic() > deadline:
                raise FfmpegFailed(-1, "the time limit was reached")
            if selector.select(timeout=0.5):
                chunk = os.read(stdout.fileno(), 65_536)
                if not chunk:
                    return
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    key, _, value = line.partition(b"=")
                    if key == b"out_time_us" and value.strip().lstrip(b"-").isdigit():
                        seconds = max(seconds, int(value) / 1e6)
            if time.monotonic() - last_tick >= 0.4:
                last_tick = time.monotonic()
                tick(seconds)


def _pour(feed: Iterable[bytes], stdin: IO[bytes]) -> None:
    try:
        for block in feed:
            stdin.write(block)
        stdin.close()
    except (BrokenPipeError, ValueError):  # ffmpeg has ended: its exit code tells why
        return


def _tail(path: Path) -> str:
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return log.read().decode("utf-8", "replace")
