"""A whole copy of the database while the site runs, and the way back: SQLite's online backup, or pg_dump.

Copies come with the number of rows of every table at that very moment, for the restore to compare.
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from config.backups.errors import BackupFailed

NAMES = {"sqlite": "database.sqlite3.gz", "postgresql": "database.pgdump"}
Rows = dict[str, int]


def dump(connection: BaseDatabaseWrapper, folder: Path, tick: Callable[[], None]) -> tuple[Path, Rows]:
    """Copy into a new file in `folder`; returns it and the rows of each table."""
    target = folder / NAMES[connection.vendor]
    if connection.vendor == "postgresql":
        return target, _dump_postgres(connection, target, tick)
    plain = folder / "database.sqlite3"
    with (
        closing(sqlite3.connect(f"{Path(connection.settings_dict['NAME']).as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(plain)) as copy,
    ):
        source.backup(copy)  # in one read transaction: writers go on and are not in it
        copy.execute("PRAGMA journal_mode=DELETE")
    rows = count_sqlite(plain)
    with plain.open("rb") as file, gzip.open(target, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(_Ticking(file, tick), packed, 1 << 20)
    plain.unlink()
    return target, rows


class _Ticking:
    def __init__(self, file: BinaryIO, tick: Callable[[], None]) -> None:
        self._file, self._tick = file, tick

    def read(self, size: int = -1) -> bytes:
        self._tick()
        return self._file.read(size)


def unpack_sqlite(packed: Path, target: Path) -> Rows:
    """The database file out of an archive, checked by SQLite itself; returns its rows."""
    with gzip.open(packed, "rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    with closing(sqlite3.connect(target)) as copy:
        said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise BackupFailed(_("SQLite finds the saved database damaged: %s") % said)
    target.chmod(0o640)
    return count_sqlite(target)


def count_sqlite(path: Path) -> Rows:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _count(database.execute, name) for name in sorted(names) if not name.startswith("sqlite_")}


def count_postgres(connection: BaseDatabaseWrapper) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        names = [row[0] for row in cursor.fetchall()]

        def run(sql: str) -> Any:
            cursor.execute(sql)
            return cursor

        return {name: _count(run, name) for name in names}


def _count(execute: Callable[[str], Any], table: str) -> int:
    quoted = table.replace('"', '""')
    return int(execute(f'SELECT COUNT(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 - a name out of the catalogue


def load_postgres(connection: BaseDatabaseWrapper, dumped: Path) -> Rows:
    """Put the dump in the place of every table there is, in one transaction: all of it, or the database as it was."""
    program, environment = _client("pg_restore", connection)
    psql, _same = _client("psql", connection)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        options = ["--clean", "--if-exists", "--no-owner", "--no-acl"]
        _run([program, *options, "--file", str(script), str(dumped)], environment)
        clearing = Path(folder) / "clear.sql"
        tables = [f'"{name}"' for name in count_postgres(connection)]
        clearing.write_text(f"DROP TABLE IF EXISTS {', '.join(tables)} CASCADE;\n" if tables else "")
        connection.close()
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
        _run([psql, *options, f"--file={clearing}", f"--file={script}"], environment)
    return count_postgres(connection)


def _dump_postgres(connection: BaseDatabaseWrapper, target: Path, tick: Callable[[], None]) -> Rows:
    program, environment = _client("pg_dump", connection)
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            # One snapshot for the dump and the counts.
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            options = ["--format=custom", f"--snapshot={cursor.fetchone()[0]}", "--no-owner", "--no-acl"]
            _run([program, *options, "--file", str(target)], environment, tick)
            rows = count_postgres(own)
            cursor.execute("ROLLBACK")
    finally:
        own.close()
    return rows


def _client(name: str, connection: BaseDatabaseWrapper) -> tuple[str, dict[str, str]]:
    """A program of PostgreSQL's and the environment by which it finds the database; no password on a command line."""
    program = shutil.which(name)
    if program is None:
        raise BackupFailed(
            _("PostgreSQL's %s is missing on this machine: install its client programs (Debian: postgresql-client).")
            % name
        )
    held = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    told = {ours: held[theirs] for ours, theirs in names.items()}
    told |= {f"PG{name.upper()}": held["OPTIONS"].get(name) for name in ("sslmode", "sslrootcert")}
    return program, os.environ | {name: str(value) for name, value in told.items() if value}


def _run(command: list[str], environment: dict[str, str], tick: Callable[[], None] = lambda: None) -> None:
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said) as process,
    ):
        while True:
            try:
                failed = process.wait(timeout=2)
                break
            except subprocess.TimeoutExpired:
                tick()
        if failed:
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines() or [""]
            raise BackupFailed(f"{Path(command[0]).name}: {words[-1]}")
