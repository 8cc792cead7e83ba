"""Get an installation back: all is checked before anything is touched, and all takes its place or nothing does."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backups import archives, bucket, databases
from config.backups.archives import Entry, Manifest
from config.backups.errors import BackupFailed
from config.backups.saving import FOLDERS

#: Finished pages of another time have no place in the restored site.
STALE = ("baked",)


@dataclass(frozen=True)
class Restored:
    """What was read; `aside` is where the former data lie, if there were any."""

    manifest: Manifest
    with_keys: bool
    aside: Path | None


def restore(
    archive: Path,
    keys: Path | None,
    *,
    passphrase_file: Path | None,
    replace: bool,
    dry_run: bool = False,
    accept_missing: bool = False,
) -> Restored:
    """Lay the archive down in this installation's data folder and database; the site must not be running.

    Raises BackupFailed with everything as it was. What stood in the data folder before is moved aside, not removed.
    Files in an S3-compatible storage are compared where the archive only names them (`accept_missing`: some may be
    gone), and sent there where it holds them.
    """
    root = Path(settings.DATA_DIR)
    if not (replace or dry_run):
        _refuse_to_overwrite(root)
    if dry_run:
        manifest = archives.unpack(archive, None, passphrase_file)
        _check(manifest, root, accept_missing)
        if keys is not None:
            archives.unpack(keys, None, passphrase_file)
        return Restored(manifest, keys is not None, None)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    staged, aside = root / f".restore-{stamp}", root / f"replaced-{stamp}"
    root.mkdir(parents=True, exist_ok=True)
    staged.mkdir(mode=0o700)
    try:
        manifest = archives.unpack(archive, staged, passphrase_file)
        _check(manifest, root, accept_missing)
        if keys is not None:
            archives.unpack(keys, staged, passphrase_file)
            for path in (staged / "keys").glob("*"):
                path.chmod(0o600)
        dumped = staged / databases.NAMES[manifest.vendor]
        connections.close_all()
        if manifest.vendor == "sqlite":
            _compare(manifest, databases.unpack_sqlite(dumped, staged / _database_name()))
            dumped.unlink()
        bucket.send(manifest, staged, replace=replace)
        with _swapped(staged, aside, root, _places(manifest, keys is not None)):
            if manifest.vendor == "postgresql":
                _compare(manifest, databases.load_postgres(connection, dumped))
    except OSError as error:
        raise BackupFailed(_("Nothing was restored: %s") % error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Restored(manifest, keys is not None, aside if aside.exists() else None)


def _refuse_to_overwrite(root: Path) -> None:
    holds = [name for name in FOLDERS if any((root / name).rglob("*"))]
    if connection.vendor == "sqlite":
        holds += [path.name for path in [root / _database_name()] if path.exists() and path.stat().st_size]
    elif databases.count_postgres(connection):
        holds.append(connection.settings_dict["NAME"])
    if holds:
        raise BackupFailed(
            _("%(folder)s already holds data (%(names)s). Give --replace to put them aside and restore in their place.")
            % {"folder": root, "names": ", ".join(holds)}
        )


def _check(manifest: Manifest, root: Path, accept_missing: bool = False) -> None:
    """Whether this release on this database can be what was saved."""
    if manifest.vendor != connection.vendor:
        raise BackupFailed(
            _("The archive holds a database of %(theirs)s, and this installation runs on %(ours)s.")
            % {"theirs": manifest.vendor or "-", "ours": connection.vendor}
        )
    known = set(MigrationLoader(None).disk_migrations or {})
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise BackupFailed(
            _("The archive was made by a newer release (it has %s): install that one first.") % ", ".join(unknown[:3])
        )
    for entry in manifest.elsewhere:
        found = _look(entry, root)
        if found is None and accept_missing:
            continue
        if found != entry:
            raise BackupFailed(
                _("%s was left out of the archive and has to lie in the data folder as it was, which it does not.")
                % entry.path
            )


def _look(entry: Entry, root: Path) -> Entry | None:
    """What lies in the place of a file that the archive only names; None where nothing does."""
    if bucket.holds(entry.path.partition("/")[0]):
        return bucket.look(entry)
    path = root / entry.path
    return archives.checksum(path, entry.path) if path.is_file() else None


def _compare(manifest: Manifest, rows: dict[str, int]) -> None:
    if rows != manifest.rows:
        wrong = sorted(name for name in rows | manifest.rows if rows.get(name) != manifest.rows.get(name))
        raise BackupFailed(_("Tables do not have the rows that were saved: %s") % ", ".join(wrong))


def _database_name() -> str:
    return Path(str(connection.settings_dict["NAME"])).name


def _places(manifest: Manifest, with_keys: bool) -> list[str]:
    """What takes a new place, or goes: the database with its journals, the folders, the finished pages."""
    left_out = {entry.path.partition("/")[0] for entry in manifest.elsewhere}
    names = [name for name in FOLDERS if name not in left_out and not bucket.holds(name)] + [*STALE]
    if with_keys:
        names.append("keys")
    if manifest.vendor == "sqlite":
        names += [f"{_database_name()}{ending}" for ending in ("", "-wal", "-shm")]
    return names


@contextmanager
def _swapped(staged: Path, aside: Path, root: Path, names: list[str]) -> Iterator[None]:
    """Inside, the staged things are in place; an error puts everything back as it was."""
    undo: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        if source.exists() or source.is_symlink():
            target.parent.mkdir(exist_ok=True, mode=0o700)
            source.rename(target)
            undo.append((target, source))

    try:
        for name in names:
            move(root / name, aside / name)
            move(staged / name, root / name)
        yield
    except BaseException:
        for now, before in reversed(undo):
            now.rename(before)
        if aside.is_dir():
            aside.rmdir()
        raise
