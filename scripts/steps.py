"""Progress lines, a log file and errors that end in one sentence: what set-up, serving and linting share.

Standard library only, and old syntax: set-up runs before anything is installed, perhaps on a Python that it refuses.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("PUFA_DATA_DIR") or ROOT / "var").resolve()
VENV = Path(os.environ.get("PUFA_VENV") or ROOT / ".venv").absolute()
VENV_PYTHON = VENV / "bin" / "python"


class Stop(Exception):
    """Work cannot go on; the message is one sentence that tells a person what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def machine() -> str:
    """What figures were measured on: processor, cores, Python."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    kind = names[0] if names else platform.machine()
    return f"{kind}, {os.cpu_count()} cores, Python {platform.python_version()}"


class Log:
    """Where the output of the programs we run goes, so that the screen stays readable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(time.strftime("%Y-%m-%d %H:%M:%S\n"), encoding="utf-8")
        except OSError as error:
            raise Stop(f"{path.parent} cannot be written ({error.strerror}): choose another PUFA_DATA_DIR.") from error

    def run(self, argv: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> bool:
        """Run a program with its output in the log; true where it succeeded."""
        words = [str(word) for word in argv]
        with self.path.open("a", encoding="utf-8") as out:
            out.write(f"\n$ {' '.join(words)}\n")
            out.flush()
            try:
                done = subprocess.run(
                    words,
                    cwd=cwd,
                    env={**os.environ, **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            except OSError as error:
                out.write(f"{error}\n")
                return False
            out.write(f"exit {done.returncode}\n")
        return done.returncode == 0

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def run_steps(steps: Sequence[tuple[str, Callable[[], str | None]]]) -> None:
    """Do the steps in order, one line each: `[2/7] Virtual environment … ready (3.1 s)`.

    A step returns what to say of its result; None says `ready`. The first `Stop` ends the run.
    """
    for number, (title, step) in enumerate(steps, 1):
        sys.stdout.write(f"[{number}/{len(steps)}] {title} … ")
        sys.stdout.flush()
        began = time.monotonic()
        try:
            result = step()
        except BaseException:
            say("failed")
            raise
        took = time.monotonic() - began
        say((result or "ready") + (f" ({took:.1f} s)" if took >= 0.5 else ""))
