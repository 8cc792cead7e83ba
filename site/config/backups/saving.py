"""Make a backup: keys, then the database, then the files, each by the order that keeps them in step.

The noted seals of the trail must not be newer than its rows, so keys come before the database. Every file that a row
names must be there, so files come after it. Films and pictures never change under one name. What lies in an
S3-compatible storage stays there and is named with its checksum.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backups import archives, bucket, databases, sealing
from config.backups.archives import Manifest, Tick, Writer
from config.backups.errors import BackupFailed

PREFIX = "pufa-"
KEYS = ".keys"
UPLOADS = "uploads"
#: Folders of files that can be made by nobody else; all else in the data folder is made anew.
FOLDERS = (UPLOADS, "private", "scans")
#: Keys that a backup must not keep: the day's salt (it would tell visitors apart later), first passwords in plain.
NOT_KEPT = ("feedback-salt-*", "first-accounts.txt")


@dataclass(frozen=True)
class Saved:
    """`files` are in the archive; `elsewhere` are named in it and lie where they were."""

    archive: Path
    keys: Path
    files: int
    elsewhere: int
    rows: int
    size: int


def save(
    folder: Path,
    *,
    passphrase_file: Path | None = None,
    uploads: bool = True,
    keep: int = 0,
    tick: Tick = lambda: None,
) -> Saved:
    """One archive and one of keys in `folder`; then all but the newest `keep` pairs go (0: all stay).

    Raises BackupFailed, or OSError where the disk refuses; then nothing of this backup is left.
    """
    now = timezone.now()
    stem = f"{PREFIX}{now.astimezone(timezone.get_default_timezone()):%Y%m%d-%H%M%S}"
    ending = f".tar{sealing.SUFFIX}" if passphrase_file else ".tar"
    archive, keys = folder / f"{stem}{ending}", folder / f"{stem}{KEYS}{ending}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupFailed(_("%s is a public folder: anybody could fetch the backup. Choose another.") % folder)
    try:
        with archives.writer(keys, Manifest(now.isoformat()), passphrase_file, tick) as made:
            _add_keys(made)
        manifest = Manifest(now.isoformat(), connection.vendor, _migrations())
        with archives.writer(archive, manifest, passphrase_file, tick) as made:
            _add_database(made, tick)
            _add_files(made, uploads)
    except BaseException:
        keys.unlink(missing_ok=True)
        raise
    if keep:
        _forget_old(folder, keep)
    rows = sum(manifest.rows.values())
    size = archive.stat().st_size + keys.stat().st_size
    return Saved(archive, keys, len(manifest.files) - 1, len(manifest.elsewhere), rows, size)


def made_at(path: Path) -> datetime | None:
    """When this archive was made, by its name; None where it is not one of ours or holds keys."""
    name = path.name.removesuffix(sealing.SUFFIX)
    if not name.endswith(".tar") or name.endswith(f"{KEYS}.tar"):
        return None
    try:
        stamp = datetime.strptime(name, f"{PREFIX}%Y%m%d-%H%M%S.tar")  # noqa: DTZ007 - the zone is the next line's
    except ValueError:
        return None
    return timezone.make_aware(stamp)


def keys_beside(archive: Path) -> Path:
    stem, dot, ending = archive.name.partition(".")
    return archive.with_name(f"{stem}{KEYS}{dot}{ending}")


def _add_keys(made: Writer) -> None:
    root = Path(settings.KEYS_ROOT)
    for path in sorted(root.iterdir()) if root.is_dir() else []:
        if path.is_file() and not any(path.match(pattern) for pattern in NOT_KEPT):
            made.add(path, f"keys/{path.name}")


def _add_database(made: Writer, tick: Tick) -> None:
    work = Path(settings.WORK_ROOT)
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="backup-") as folder:
        copy, made.manifest.rows = databases.dump(connection, Path(folder), tick)
        made.add(copy, copy.name)


def _add_files(made: Writer, uploads: bool) -> None:
    for path, name in _files():
        made.tick()
        try:
            if not uploads and name.startswith(f"{UPLOADS}/"):
                made.manifest.elsewhere.append(archives.checksum(path, name))
            else:
                made.add(path, name)
        except FileNotFoundError:
            continue  # removed since the folder was listed
    made.manifest.elsewhere += bucket.entries(made.tick)


def _files() -> Iterator[tuple[Path, str]]:
    root = Path(settings.DATA_DIR)
    for folder in (name for name in FOLDERS if not bucket.holds(name)):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, path.relative_to(root).as_posix()


def _migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _forget_old(folder: Path, keep: int) -> None:
    ours = sorted((path for path in folder.iterdir() if made_at(path)), key=lambda path: path.name.split(".")[0])
    for path in ours[:-keep]:
        keys_beside(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
