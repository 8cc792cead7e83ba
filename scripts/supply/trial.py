"""Start a release on the data without anybody seeing it, and ask it whether it can serve.

Through a socket file: where there is no network there may not even be a loopback.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from scripts.steps import Log, Stop
from scripts.supply.place import Place

LIMIT_S = 120


class _ByFile(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def answers(place: Place, release: Path, log: Log) -> str:
    """`/readyz` must say 200 and the home page must come; Stop where they do not."""
    told = place.variables()
    host = told.get("PUFA_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    folder = Path(tempfile.mkdtemp(prefix="pufa-trial-"))
    try:
        if user := place.server():
            os.chown(folder, user.pw_uid, user.pw_gid)
        path = folder / "web.sock"
        command: list[str | Path] = [release / ".venv" / "bin" / "python", "-m", "gunicorn", "--pythonpath", "site"]
        command += [
            "--bind",
            f"unix:{path}",
            "--no-control-socket",
            "--threads",
            "2",
            "--timeout",
            "120",
            "config.wsgi",
        ]
        with log.path.open("a", encoding="utf-8") as out:
            server = subprocess.Popen(
                [str(word) for word in place.as_server(command)],
                cwd=release,
                env={**os.environ, **told},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            return _ask(server, path, host, log)
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask(server: subprocess.Popen[bytes], path: Path, host: str, log: Log) -> str:
    limit = time.monotonic() + LIMIT_S
    while not path.exists():
        if server.poll() is not None or time.monotonic() > limit:
            raise Stop(f"The release does not start; its last words:\n{log.tail(6)}")
        time.sleep(0.1)
    status, body = get(path, "/readyz", host)
    if status != 200:
        raise Stop(f"The release cannot serve: {body.decode(errors='replace')}")
    late = json.loads(body).get("worker") != "ok"
    status, body = get(path, "/", host)
    if status >= 500 or (status >= 400 and status != 404):  # a site without a page yet has none to show
        raise Stop(f"The home page answers with error {status}; the last words:\n{log.tail(6)}")
    return f"ready, home page {status}" + (", worker not running" if late else "")


def get(path: Path, address: str, host: str) -> tuple[int, bytes]:
    """Status and body, asked as the proxy of an HTTPS site asks."""
    connection = _ByFile(path)
    try:
        sent = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        connection.request("GET", address, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
