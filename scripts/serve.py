"""Serve the site on this machine: migrate, load the starter site, then keep one web server and one worker running.

`make run` calls it. Ctrl-C or SIGTERM stops both in order. A worker that dies is started again, later each time; when
the web server dies, everything stops with an error, for whoever supervises us to see. Standard library only.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from scripts.steps import DATA_DIR, ROOT, VENV, VENV_PYTHON, Log, Stop, run_steps, say

PORT = os.environ.get("PORT") or "8000"
BIND = os.environ.get("PUFA_BIND") or "0.0.0.0"
SETTINGS = os.environ.get("DJANGO_SETTINGS_MODULE") or "config.settings.dev"
ENV = {**os.environ, "PORT": PORT, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}
MANAGE = [VENV_PYTHON, ROOT / "manage.py"]
LOGS = DATA_DIR / "log"
ACCOUNTS = DATA_DIR / "keys" / "first-accounts.txt"

THREADS = 16  # one film or upload must never block the admin
START_LIMIT_S = 120
STOP_LIMIT_S = 30
LONGEST_PAUSE_S = 60
STEADY_S = 300  # a worker that ran this long starts again at once
LOG_LIMIT_BYTES = 10_000_000
PR_SET_PDEATHSIG = 1


class Child:
    """One program that we keep running, with its output in a log of its own."""

    def __init__(self, name: str, command: Callable[[], Sequence[str | Path]]) -> None:
        self.name = name
        self.command = command
        self.log = LOGS / f"{name}.log"
        self.started_at = 0.0
        self.pause_s = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in self.command()],
                cwd=ROOT,
                env=ENV,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone; we tell the children
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
            )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def next_pause_s(self) -> int:
        """How long to wait before the next start: 1, 2, 4 … 60 s, and anew after a steady run."""
        steady = time.monotonic() - self.started_at > STEADY_S
        self.pause_s = 1 if steady or not self.pause_s else min(self.pause_s * 2, LONGEST_PAUSE_S)
        return self.pause_s

    def last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-8:])


def _end_with_parent() -> None:
    """In the child: end when we do, even by `kill -9`, so that no server is left holding the port (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(children: Sequence[Child], limit_s: float = STOP_LIMIT_S) -> None:
    """Ask all to end, wait, then insist."""
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    limit = time.monotonic() + limit_s
    for process in running:
        try:
            process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def web_command() -> list[str | Path]:
    binds = [f"{BIND}:{PORT}"]
    if BIND == "0.0.0.0" and _is_free(socket.AF_INET6, "::1"):
        binds.append(f"[::1]:{PORT}")  # `localhost` is ::1 first in many browsers
    command: list[str | Path] = [VENV / "bin" / "gunicorn", "--pythonpath", "site", "--chdir", ROOT]
    for bind in binds:
        command += ["--bind", bind]
    command += ["--no-control-socket"]  # it would lie in the home folder; everything we write lies in the data folder
    return [*command, "--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "120", "config.wsgi"]


def _is_free(family: socket.AddressFamily, host: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(PORT)))
    except OSError:
        return False
    return True


def check_port() -> str:
    if not PORT.isdigit() or not 0 < int(PORT) < 65536:
        raise Stop(f"PORT is {PORT!r}: set it to a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in BIND else socket.AF_INET
    if not _is_free(family, BIND.strip("[]")):
        raise Stop(
            f"Port {PORT} on {BIND} is taken, perhaps by another `make run`: "
            f"stop that one, or choose another port: `PORT={int(PORT) + 1} make run`."
        )
    return f"{PORT} is free"


def migrate(log: Log) -> None:
    if not log.run([*MANAGE, "migrate", "--no-input"], env=ENV):
        raise Stop(f"The database could not be brought up to date; its last words:\n{log.tail(4)}")


def collect_static(log: Log) -> None:
    """Styles, scripts and images, compressed once instead of at every request."""
    if not log.run([*MANAGE, "collectstatic", "--no-input"], env=ENV):
        raise Stop(f"The static files could not be collected; the last words:\n{log.tail(4)}")


def load_starter(log: Log) -> None:
    """The example content, first accounts included; it changes nothing that is already there."""
    say()  # the command shows its own progress
    with log.path.open("ab") as errors:
        done = subprocess.run([*MANAGE, "load_starter"], cwd=ROOT, env=ENV, stderr=errors, check=False)
    if done.returncode:
        raise Stop(f"The starter site could not be loaded; its last words:\n{log.tail(4)}\nLog: {log.path}")


def wait_for(web: Child) -> None:
    """Until the home page answers; an error page is an answer of a server that failed to start well."""
    host = "127.0.0.1" if BIND == "0.0.0.0" else BIND
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit:
        if web.has_ended():
            raise Stop(f"The web server did not start; its last words:\n{web.last_words()}\nLog: {web.log}")
        try:
            with urllib.request.urlopen(f"http://{host}:{PORT}/", timeout=10):
                return
        except urllib.error.HTTPError as error:
            raise Stop(f"The site answers with error {error.code}; see {web.log}.") from error
        except OSError:
            time.sleep(0.2)
    raise Stop(f"The site did not answer within {START_LIMIT_S} s; see {web.log}.")


def start_web(web: Child) -> None:
    web.start()
    wait_for(web)


def announce(first: bool) -> None:
    url = os.environ.get("PUFA_PUBLIC_URL", "").rstrip("/") or f"http://localhost:{PORT}"
    say(f"\n普法直通车 · Pufa Express is running.\n\n  网站 Public site   {url}/\n  后台 Admin         {url}/admin/")
    say(f"  投放规划 Planner   {url}/planner/\n")
    if first and ACCOUNTS.exists():
        say("  账号 Accounts (user name, password, role)")
        for line in ACCOUNTS.read_text(encoding="utf-8").splitlines():
            name, password, role = line.split("\t")
            say(f"    {name:<18}{password:<22}{role}")
        say(f"  These passwords were made for this installation alone; they are kept in {ACCOUNTS}\n")
    elif ACCOUNTS.exists():
        say(f"  账号 First accounts: {ACCOUNTS}")
    say(f"  日志 Logs: {LOGS}\n  Ctrl-C stops.")


def keep_running(web: Child, worker: Child) -> int:
    """Watch both until told to stop; the worker may come and go, the web server may not."""
    start_worker_at: float | None = None
    while True:
        time.sleep(0.5)
        if web.has_ended():
            say(f"\nThe web server ended by itself; its last words:\n{web.last_words()}\nLog: {web.log}")
            return 1
        now = time.monotonic()
        if worker.has_ended() and start_worker_at is None:
            pause_s = worker.next_pause_s()
            say(f"The worker ended; it starts again in {pause_s} s. Log: {worker.log}")
            start_worker_at = now + pause_s
        if start_worker_at is not None and now >= start_worker_at:
            worker.start()
            start_worker_at = None


def _stop_on(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, _stop_on)
    signal.signal(signal.SIGHUP, _stop_on)
    first = not ACCOUNTS.exists()
    web, worker = Child("web", web_command), Child("worker", lambda: [*MANAGE, "work"])
    try:
        log = Log(LOGS / "start.log")
        run_steps(
            [
                ("Port", check_port),
                ("Database", lambda: migrate(log)),
                ("Static files", lambda: collect_static(log)),
                ("Starter site", lambda: load_starter(log)),
                ("Worker", worker.start),
                ("Web server", lambda: start_web(web)),
            ]
        )
        announce(first)
        return keep_running(web, worker)
    except Stop as reason:
        say(f"\n{reason}")
        return 1
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0
    finally:
        stop([web, worker])


if __name__ == "__main__":
    sys.exit(main())
