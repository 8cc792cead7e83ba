"""An installation to be harmed: PostgreSQL or SQLite, Redis, gunicorn, a worker, each a process that can be killed.

What ends is started again two seconds later, as `Restart=always` and `RestartSec=2` of deploy/systemd do; nothing else
is done for it. Linux and the programs that scripts/services.sh installs are needed.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.steps import ROOT
from scripts.temporary_site import free_port

RESTART_S = 2.0
LIMIT_S = 240


@dataclass
class Part:
    """One program with all that it starts, in a session of its own."""

    name: str
    command: list[str]
    env: dict[str, str]
    cwd: Path
    log: Path
    wanted: bool = False
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = 0.0

    def start(self) -> None:
        self.wanted = True
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.cwd, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, number: signal.Signals) -> None:
        """To the program and everything that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        self.wanted = False
        if self.process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.wait()


@dataclass
class Stand:
    folder: Path
    env: dict[str, str]
    port: int
    parts: dict[str, Part] = field(default_factory=dict)

    def add(self, name: str, command: list[str], *, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Part:
        part = Part(name, command, env or self.env, cwd, self.folder / f"{name}.log")
        self.parts[name] = part
        return part

    def manage(self, *arguments: str, code: Path = ROOT) -> None:
        command = [sys.executable, str(code / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=code, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")

    def kill(self, name: str) -> None:
        self.parts[name].signal(signal.SIGKILL)

    def look_after(self, until: threading.Event) -> None:
        """What systemd does."""
        while not until.wait(0.1):
            for part in list(self.parts.values()):
                if not part.wanted or part.process is None or part.process.poll() is None:
                    part.ended_at = 0.0
                elif not part.ended_at:
                    part.ended_at = time.monotonic()
                elif time.monotonic() - part.ended_at >= RESTART_S:
                    part.ended_at = 0.0
                    part.start()


def gunicorn(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "--pythonpath", "site", "--bind", f"127.0.0.1:{port}"]
    return [*command, "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "config.wsgi"]


@contextmanager
def stand(
    *,
    postgres: bool = True,
    data: Path | None = None,
    first: Callable[[Stand], None] | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[Stand]:
    """The starter site, running; this process is set up as one of its own, for making things and looking at them.

    `first` is called when the services are up and nothing of ours is; `environment` is added to that of ours.
    """
    folder = Path(tempfile.mkdtemp(prefix="pufa-faults-"))
    folder.chmod(0o755)
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("PUFA_")} | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "PUFA_DATA_DIR": str(data or folder / "data"),
        "PUFA_SECRET_KEY": secrets.token_urlsafe(60),
        "PUFA_ALLOWED_HOSTS": "localhost",
        "PUFA_PUBLIC_URL": f"http://localhost:{port}",
        "PUFA_DEMO": "1",
        "PUFA_HTTPS": "0",
        "PUFA_BEHIND_PROXY": "0",
        "PUFA_SECOND_FACTOR": "0",
        "PUFA_LOG_LEVEL": "ERROR",
        "PYTHONUNBUFFERED": "1",
    }
    Path(env["PUFA_DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    made, done = Stand(folder, env, port), threading.Event()
    keeper = threading.Thread(target=made.look_after, args=[done], daemon=True)
    try:
        if postgres:
            add_postgres(made)
            add_redis(made)
        made.env |= environment or {}
        if first is not None:
            first(made)
        for command in (["migrate", "--no-input"], ["collectstatic", "--no-input"], ["load_starter"]):
            made.manage(*command)
        set_up_here(made.env)
        made.add("web", gunicorn(port)).start()
        made.add("worker", [sys.executable, "manage.py", "work"]).start()
        keeper.start()
        wait_for(lambda: answers(port), "the site")
        yield made
    finally:
        done.set()
        if keeper.is_alive():
            keeper.join()
        for part in reversed(made.parts.values()):
            part.stop()
        shutil.rmtree(folder, ignore_errors=True)


def add_postgres(made: Stand) -> None:
    """With its own settings for safety: what it has confirmed is on the disk."""
    program = max(Path("/usr/lib/postgresql").glob("*/bin"))
    data, port, password = made.folder / "pg", free_port(), secrets.token_hex(16)
    data.mkdir()
    (made.folder / "password").write_text(f"{password}\n")
    user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        for path in (data, made.folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    make = ["-D", str(data), "-U", "pufa", "-A", "scram-sha-256", f"--pwfile={made.folder / 'password'}"]
    run([*user, str(program / "initdb"), *make, "-E", "UTF8", "--locale=C.UTF-8"])
    serve = ["-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    made.add("postgres", [*user, str(program / "postgres"), *serve], cwd=Path("/")).start()
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "pufa"]
    environment = os.environ | {"PGPASSWORD": password}
    wait_for(lambda: not call([str(program / "pg_isready"), *address], environment), "PostgreSQL")
    run([str(program / "createdb"), *address, "pufa"], environment)
    made.env["PUFA_DATABASE_URL"] = f"postgres://pufa:{password}@127.0.0.1:{port}/pufa"


def add_redis(made: Stand) -> None:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    made.add("redis", [*command, "--dir", str(made.folder)]).start()
    wait_for(lambda: not call(["redis-cli", "-p", str(port), "ping"], dict(os.environ)), "Redis")
    made.env["PUFA_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"


def set_up_here(env: dict[str, str]) -> None:
    os.environ |= env
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django  # noqa: PLC0415 — the settings are chosen above

    django.setup()


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd="/", env=env, check=True, stdout=subprocess.DEVNULL)


def call(command: list[str], env: dict[str, str]) -> int:
    return subprocess.run(command, cwd="/", env=env, capture_output=True, check=False).returncode


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_for(true: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> float:
    """Seconds that it took; AssertionError after `limit_s`."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > limit_s:
            raise AssertionError(f"{what} did not come back within {limit_s:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - began


def fresh() -> None:
    """This process's own connections may be those of a killed server."""
    from django.core.cache import caches  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    caches.close_all()
