"""What a release is called, and which files of the checkout are its."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.steps import Stop

#: Where an archive, and what was installed from it, says which release it is.
MANIFEST = "MANIFEST.json"


@dataclass(frozen=True)
class Release:
    """`commit` is abbreviated; `made_at` is the commit's time, ISO 8601 in UTC; `clean`: nothing was changed since."""

    version: str
    commit: str
    made_at: str
    clean: bool

    @property
    def name(self) -> str:
        return f"{self.version}-{self.commit}" + ("" if self.clean else "-changed")


def release_of(root: Path) -> Release:
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    commit, seconds = _git(root, "log", "-1", "--abbrev=10", "--format=%h %ct").split()
    made_at = datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")
    return Release(str(version), commit, made_at, not _git(root, "status", "--porcelain"))


def tracked_files(root: Path) -> list[str]:
    """Paths with `/`, sorted; what is deleted but not committed is left out."""
    listed = _git(root, "ls-files", "-z").split("\0")
    return sorted(name for name in listed if name and (root / name).is_file())


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except OSError as error:
        raise Stop("git is needed to tell which files belong to the release: install it.") from error
    if done.returncode:
        raise Stop(f"A release is made from a git checkout; git says: {done.stderr.strip()}")
    return done.stdout.strip()
