"""The starter site on a free port with data of its own, served as `make run` serves it, gone when done.

For screenshots and for tests that should see what a newcomer sees. Standard library only.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import ROOT, Stop

READY = "Ctrl-C stops."
# A test's own settings must not reach the site that it looks at.
NOT_HANDED_DOWN = frozenset(
    {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PUFA_DATABASE_URL", "PUFA_PUBLIC_URL", "PUFA_REDIS_URL"}
)


@dataclass(frozen=True)
class TemporarySite:
    """`url` without a trailing slash; `accounts` maps user names to passwords; `output` is what the start printed."""

    url: str
    accounts: dict[str, str]
    output: str
    data_dir: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_accounts(data_dir: Path) -> dict[str, str]:
    rows = (data_dir / "keys" / "first-accounts.txt").read_text(encoding="utf-8").splitlines()
    return {name: password for name, password, _ in (row.split("\t") for row in rows)}


@contextmanager
def temporary_site(data_dir: Path) -> Iterator[TemporarySite]:
    """Start the site with its data in `data_dir`, stop it afterwards; raises Stop with its last words if it fails."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_DOWN}
    env |= {"PORT": str(port), "PUFA_DATA_DIR": str(data_dir), "PUFA_BIND": "127.0.0.1"}
    command = [sys.executable, "-m", "scripts.serve"]
    # Errors come in the same stream, so that a failed start can be told whole.
    server = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield TemporarySite(f"http://localhost:{port}", *_wait_until_ready(server, data_dir), data_dir)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def _wait_until_ready(server: subprocess.Popen[str], data_dir: Path) -> tuple[dict[str, str], str]:
    """Read what it prints to the last line of a good start; the server itself gives up after a while."""
    assert server.stdout is not None
    output = ""
    for line in server.stdout:
        output += line
        if line.strip() == READY:
            return read_accounts(data_dir), output
    raise Stop(f"The site did not start:\n{output[-2000:]}")
