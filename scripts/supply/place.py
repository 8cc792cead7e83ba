"""Where an installation lives, and how its programs are run: releases, data, settings, the user that serves."""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.steps import Log, Stop
from scripts.supply.release import MANIFEST

SERVICE_USER = "pufa"
#: Written last into a release's folder: without it the folder is what a broken attempt left.
WHOLE = ".whole"
PRODUCTION = "config.settings.production"


@dataclass(frozen=True)
class Place:
    """`target` holds `releases/<name>/`, the link `current`, and `history.json`."""

    target: Path
    data: Path
    settings: Path

    @property
    def releases(self) -> Path:
        return self.target / "releases"

    @property
    def link(self) -> Path:
        return self.target / "current"

    def current(self) -> Path | None:
        """Folder of the release that counts."""
        return self.link.resolve() if self.link.is_symlink() and self.link.exists() else None

    def switch_to(self, release: Path) -> None:
        """In one step: who looks sees the former or the new one."""
        fresh = self.target / ".current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(release.relative_to(self.target))
        fresh.replace(self.link)

    # What was done here

    def history(self) -> list[dict[str, Any]]:
        path = self.target / "history.json"
        if not path.is_file():
            return []
        entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return entries

    def note(self, **entry: Any) -> None:
        part = self.target / ".history.json"
        part.write_text(json.dumps([*self.history(), entry], indent=1, default=str) + "\n", encoding="utf-8")
        part.replace(self.target / "history.json")

    # Running its programs

    def variables(self) -> dict[str, str]:
        """What the settings file says, read as systemd reads it, with what every installation needs."""
        told: dict[str, str] = {"DJANGO_SETTINGS_MODULE": PRODUCTION, "PUFA_DATA_DIR": str(self.data)}
        told["NUMBA_CACHE_DIR"] = str(self.data / "work" / "numba")
        told["PYTHONDONTWRITEBYTECODE"] = ""  # install.sh asks for none, for the archive's sake
        for line in self.settings.read_text(encoding="utf-8").splitlines():
            match = re.fullmatch(r"\s*([A-Z][A-Z0-9_]*)=(.*?)\s*", line)
            if match:
                told[match[1]] = re.sub(r"""^(["'])(.*)\1$""", r"\2", match[2])
        return told

    def write_settings(self, example: Path) -> None:
        """The example with a key of this installation's own, for the operator to fill in."""
        key = f"PUFA_SECRET_KEY={secrets.token_urlsafe(60)}"
        text = re.sub(r"^PUFA_SECRET_KEY=$", key, example.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.touch(mode=0o600)
        self.settings.write_text(text, encoding="utf-8")

    def make_data(self) -> None:
        if not self.data.is_dir():
            self.data.mkdir(parents=True, mode=0o750)
            self.data.chmod(0o750)
            if os.geteuid() == 0 and (user := _user(SERVICE_USER)):
                os.chown(self.data, user.pw_uid, user.pw_gid)

    def server(self) -> pwd.struct_passwd | None:
        """Who owns the data and so must run what touches them, where that is somebody else than we."""
        owner = self.data.stat().st_uid
        if owner == os.geteuid():
            return None
        if os.geteuid() != 0:
            raise Stop(f"{self.data} belongs to another user: run this as that user, or as root.")
        return pwd.getpwuid(owner)

    def as_server(self, command: Sequence[str | Path]) -> list[str | Path]:
        user = self.server()
        if user is None:
            return list(command)
        program = shutil.which("setpriv")
        if program is None:
            raise Stop("setpriv is needed to become the user that serves (Debian: util-linux).")
        return [program, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups", *command]

    def manage(self, release: Path, log: Log, *words: str | Path) -> None:
        """Run `manage.py` of a release as the user that serves; Stop with its last words where it fails."""
        command = self.as_server([release / ".venv" / "bin" / "python", release / "manage.py", *words])
        if not log.run(command, env=self.variables(), cwd=release):
            raise Stop(f"`manage.py {words[0]}` of release {release.name} failed; its last words:\n{log.tail(5)}")


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def told_of(folder: Path) -> dict[str, Any]:
    """The manifest of an archive or release."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Stop(f"{folder} holds no release ({MANIFEST} cannot be read): unpack the archive again.") from error
    return manifest
