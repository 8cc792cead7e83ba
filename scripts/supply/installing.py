"""The steps of an installation, an upgrade and the way back."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from scripts.steps import Log, Stop, say
from scripts.supply import sums, trial
from scripts.supply.place import WHOLE, Place, told_of

Steps = Sequence[tuple[str, Callable[[], "str | None"]]]
LEAST_FREE_BYTES = 3 * 1024**3
KEPT_RELEASES = 3
CODE = ("site", "geo", "media", "campaigns")
APPLIED = (
    "from django.db import connection; from django.db.migrations.recorder import MigrationRecorder as R; import json; "
    "print('APPLIED', json.dumps(sorted(map(list, R(connection).applied_migrations()))))"
)


class Work:
    """What all three share. As a context manager it undoes a failed attempt."""

    def __init__(self, place: Place, log: Log) -> None:
        self.place = place
        self.log = log

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, reason: BaseException | None, trace: TracebackType | None) -> None:
        if reason is not None:
            self.undo()

    def undo(self) -> None: ...

    def needs_current(self) -> Path:
        current = self.place.current()
        if current is None:
            raise Stop(f"Nothing is installed in {self.place.target}: run `install` first, or name another --target.")
        return current


class _FromArchive(Work):
    """Laying a new release beside the others."""

    def __init__(self, place: Place, log: Log, archive: Path) -> None:
        super().__init__(place, log)
        self.archive = archive
        self.manifest = told_of(archive / "source")
        self.release = place.releases / str(self.manifest["release"])

    def check_archive(self) -> str:
        count = sums.check(self.archive)
        machine, python = platform.machine(), ".".join(map(str, sys.version_info[:2]))
        if machine != self.manifest["machine"]:
            raise Stop(f"This archive is for {self.manifest['machine']}; this machine is {machine}.")
        if python != self.manifest["python"]:
            raise Stop(f"This archive is for Python {self.manifest['python']}; this is {python}.")
        free = shutil.disk_usage(self.place.target).free
        if free < LEAST_FREE_BYTES:
            raise Stop(f"{self.place.target} has {free / 1e9:.1f} GB free; {LEAST_FREE_BYTES / 1e9:.1f} GB are needed.")
        tried = "" if self.manifest["built_on_its_own_machine"] else "; made elsewhere, not tried on such a machine"
        return f"{self.manifest['release']}, {count} files as packed{tried}"

    def lay_down(self) -> str | None:
        """Code, packages from the archive's wheels, translations: everything that does not touch the data."""
        if (self.release / WHOLE).is_file():
            return "already there"
        shutil.rmtree(self.release, ignore_errors=True)
        shutil.copytree(self.archive / "source", self.release)
        wheels = str(self.archive / "wheels")
        # Nothing of this machine's own settings may send pip or uv to an index.
        env = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": wheels,
            "PIP_CONFIG_FILE": os.devnull,
            "UV_NO_INDEX": "1",
            "UV_FIND_LINKS": wheels,
            "UV_OFFLINE": "1",
            "UV_NO_CACHE": "1",
            "UV_NO_CONFIG": "1",
            "UV_COMPILE_BYTECODE": os.environ.get("UV_COMPILE_BYTECODE", "1"),
            "PYTHONDONTWRITEBYTECODE": "",
            "PUFA_VENV": str(self.release / ".venv"),
            "PUFA_DATA_DIR": str(self.release / "var"),
        }
        if not self.log.run([sys.executable, "-m", "scripts.setup", "services"], env=env, cwd=self.release):
            raise Stop(f"The packages could not be installed; the last words:\n{self.log.tail(6)}")
        # Who serves may not write here: byte code is made now, or never.
        self.log.run([self.release / ".venv" / "bin" / "python", "-m", "compileall", "-q", *CODE], cwd=self.release)
        shutil.rmtree(self.release / "var", ignore_errors=True)
        (self.release / WHOLE).touch()
        return None

    def migrate(self) -> None:
        self.place.manage(self.release, self.log, "migrate", "--no-input")

    def collect(self) -> None:
        self.place.manage(self.release, self.log, "collectstatic", "--no-input", "--verbosity", "0")

    def check_settings(self) -> None:
        self.place.manage(self.release, self.log, "check", "--deploy", "--fail-level", "ERROR")

    def try_out(self) -> str:
        return trial.answers(self.place, self.release, self.log)


class Install(_FromArchive):
    """The first release."""

    def __init__(self, place: Place, log: Log, archive: Path, *, starter: bool) -> None:
        super().__init__(place, log, archive)
        self.starter = starter

    def steps(self) -> Steps:
        steps: list[tuple[str, Callable[[], str | None]]] = [
            ("Archive", self.check_archive),
            ("Code and packages", self.lay_down),
            ("Settings", self.find_settings),
            ("Database", self.migrate),
            ("Static files", self.collect),
        ]
        if self.starter:
            steps.append(("Starter site", self.load_starter))
        return [*steps, ("Trial", self.try_out), ("Let it count", self.switch)]

    def check_archive(self) -> str:
        current = self.place.current()
        if current is not None:
            raise Stop(f"Release {current.name} is installed in {self.place.target}: run `upgrade` instead.")
        return super().check_archive()

    def find_settings(self) -> str:
        self.place.make_data()
        if not self.place.settings.is_file():
            self.place.write_settings(self.release / "deploy" / "pufa.env.example")
            raise Stop(
                f"{self.place.settings} was made, with a secret key of its own: fill in the host names, the address "
                "and the database, then run the command again."
            )
        self.check_settings()
        return str(self.place.settings)

    def load_starter(self) -> None:
        self.place.manage(self.release, self.log, "load_starter")

    def switch(self) -> None:
        self.place.switch_to(self.release)
        self.place.note(at=_now(), did="install", to=self.release.name)

    def done(self) -> str:
        return (
            f"Release {self.release.name} is installed. Put the units and nginx in their places "
            f"({self.place.link}/docs/operations.md, In production) and start them."
        )


class Upgrade(_FromArchive):
    """From the release that counts to the archive's."""

    def __init__(self, place: Place, log: Log, archive: Path, *, backup_to: Path | None, stopped: bool) -> None:
        super().__init__(place, log, archive)
        self.backup_to = backup_to
        self.stopped = stopped
        self.former: Path | None = None
        self.backup: Path | None = None
        self.applied: list[list[str]] = []
        self.touched = False

    def steps(self) -> Steps:
        return [
            ("Archive", self.check_archive),
            ("Backup", self.save),
            ("Code and packages", self.lay_down),
            ("Settings", self.check_settings),
            ("Database", self.migrate),
            ("Static files", self.collect),
            ("Trial", self.try_out),
            ("Let it count", self.switch),
        ]

    def check_archive(self) -> str:
        self.former = self.needs_current()
        if self.former.name == self.release.name:
            raise Stop(f"Release {self.former.name} is installed already.")
        return super().check_archive()

    def save(self) -> str:
        """By the release that knows this database; encrypted where there is a passphrase."""
        assert self.former is not None
        told = self.place.variables()
        folder = self.backup_to or Path(told.get("PUFA_BACKUP_DIR") or self.place.target / "backups")
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            if user := self.place.server():
                os.chown(folder, user.pw_uid, user.pw_gid)
        before = set(folder.iterdir())
        seal = ["--encrypt"] if told.get("PUFA_BACKUP_PASSPHRASE_FILE") else []
        self.place.manage(self.former, self.log, "backup", "--to", folder.absolute(), *seal)
        self.backup = next(path for path in sorted(set(folder.iterdir()) - before) if ".keys." not in path.name)
        self.applied = applied(self.place, self.former, self.log)
        return str(self.backup)

    def migrate(self) -> None:
        self.touched = True
        super().migrate()

    def switch(self) -> None:
        assert self.former is not None
        self.place.switch_to(self.release)
        self.place.note(
            at=_now(), did="upgrade", **{"from": self.former.name}, to=self.release.name, backup=str(self.backup)
        )
        self._forget_old()

    def undo(self) -> None:
        """The former release counted all along: give it its static files and, where nobody wrote since, its data."""
        if self.former is None or self.former.name == self.release.name:
            return
        if not self.touched:
            shutil.rmtree(self.release, ignore_errors=True)
            say(f"\nNothing was changed: release {self.former.name} goes on.")
            return
        with contextlib.suppress(Stop):
            self.place.manage(self.former, self.log, "collectstatic", "--no-input", "--verbosity", "0")
        self._say_what_of_the_data()
        shutil.rmtree(self.release, ignore_errors=True)

    def _say_what_of_the_data(self) -> None:
        assert self.former is not None
        more = [name for name in applied(self.place, self.former, self.log) if name not in self.applied]
        if not more:
            say(f"\nThe database is as it was: release {self.former.name} goes on.")
        elif self.stopped:
            assert self.backup is not None
            self.place.manage(self.former, self.log, "restore", self.backup, "--replace")
            say(f"\nThe data of before are back, from {self.backup}: release {self.former.name} goes on.")
        else:
            say(
                f"\nRelease {self.former.name} goes on. The database has {len(more)} migrations of the new release, "
                "made to let the former one serve. To have the data of before as well, stop the site and run\n"
                f"  {self.former}/.venv/bin/python manage.py restore {self.backup} --replace"
            )

    def _forget_old(self) -> None:
        kept = [self.release, self.former]
        others = [path for path in self.place.releases.iterdir() if path.is_dir() and path not in kept]
        for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_RELEASES - len(kept) :]:
            shutil.rmtree(path, ignore_errors=True)

    def done(self) -> str:
        return (
            f"Release {self.release.name} counts. Restart, the web server first: systemctl restart pufa-web "
            f"'pufa-worker@*'\nBack: {self.place.link}/deploy/install.sh rollback. Before the upgrade: {self.backup}"
        )


class Rollback(Work):
    """To the release from which the one that counts was reached."""

    def __init__(self, place: Place, log: Log, *, restore: bool) -> None:
        super().__init__(place, log)
        self.restore = restore
        self.entry: dict[str, Any] = {}
        self.former = Path()

    def steps(self) -> Steps:
        steps: list[tuple[str, Callable[[], str | None]]] = [("Release before", self.find)]
        if self.restore:
            steps.append(("Data of before", self.give_back))
        return [*steps, ("Static files", self.collect), ("Trial", self.try_out), ("Let it count", self.switch)]

    def find(self) -> str:
        current = self.needs_current()
        entries = [one for one in self.place.history() if one["did"] == "upgrade" and one["to"] == current.name]
        if not entries:
            raise Stop(f"Release {current.name} was not reached by an upgrade: there is nothing to go back to.")
        self.entry = entries[-1]
        self.former = self.place.releases / self.entry["from"]
        if not (self.former / WHOLE).is_file():
            raise Stop(f"Release {self.former.name} is no longer here: upgrade to its archive instead.")
        return self.former.name

    def give_back(self) -> str:
        self.place.manage(self.former, self.log, "restore", self.entry["backup"], "--replace")
        return str(self.entry["backup"])

    def collect(self) -> None:
        self.place.manage(self.former, self.log, "collectstatic", "--no-input", "--verbosity", "0")

    def try_out(self) -> str:
        return trial.answers(self.place, self.former, self.log)

    def switch(self) -> None:
        self.place.switch_to(self.former)
        backup = self.entry["backup"] if self.restore else ""
        self.place.note(
            at=_now(), did="rollback", **{"from": self.entry["to"]}, to=self.former.name, restored=str(backup)
        )

    def done(self) -> str:
        kept = f"What was written since is under replaced-* in {self.place.data}. " if self.restore else ""
        return f"Release {self.former.name} counts again. {kept}Restart: systemctl restart pufa-web 'pufa-worker@*'"


def applied(place: Place, release: Path, log: Log) -> list[list[str]]:
    """Migrations that the database has, as [app, name]."""
    with tempfile.TemporaryFile("w+") as out:
        command = place.as_server([release / ".venv" / "bin" / "python", release / "manage.py", "shell", "-c", APPLIED])
        env = {**os.environ, **place.variables()}
        words = [str(word) for word in command]
        subprocess.run(words, cwd=release, env=env, stdout=out, stdin=subprocess.DEVNULL, check=False)
        out.seek(0)
        lines = [line for line in out.read().splitlines() if line.startswith("APPLIED ")]
    if not lines:
        raise Stop(f"The database cannot be asked for its migrations; the last words:\n{log.tail(5)}")
    found: list[list[str]] = json.loads(lines[-1].removeprefix("APPLIED "))
    return found


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
