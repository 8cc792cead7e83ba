"""Files in an S3-compatible storage: a backup names them by checksum, a restore compares them or sends them there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from config.backups import archives
from config.backups.archives import Entry, Manifest, Tick
from config.backups.errors import BackupFailed

#: Folders of an archive, and the storages whose files they are.
ALIASES = {"uploads": "default", "private": "private"}


def holds(folder: str) -> bool:
    """Whether the files of this folder lie in the bucket, not on the disk."""
    return folder in ALIASES and hasattr(storages[ALIASES[folder]], "names")


def entries(tick: Tick) -> Iterator[Entry]:
    """Every file of the bucket, by the digest that it carries; one that carries none is read."""
    for folder, alias in ALIASES.items():
        if not holds(folder):
            continue
        storage: Any = storages[alias]
        for name in storage.names():
            tick()
            try:
                facts = storage.facts(name)
                if facts.sha256:
                    yield Entry(f"{folder}/{name}", facts.size, facts.sha256)
                else:
                    yield _read(storage, folder, name)
            except FileNotFoundError:
                continue  # removed since they were listed


def look(entry: Entry) -> Entry | None:
    """What lies in the bucket in this file's place, by its bytes; None where nothing does."""
    storage, folder, name = _place(entry)
    try:
        return _read(storage, folder, name)
    except FileNotFoundError:
        return None


def send(manifest: Manifest, staged: Path, *, replace: bool) -> None:
    """Send the files of an archive that belong into the bucket there, and remove their staged copies.

    What is there already and equal stays; what differs is overwritten with `replace`, else BackupFailed is raised
    before anything is sent.
    """
    wanted = [entry for entry in manifest.files if holds(entry.path.partition("/")[0])]
    there = {entry: look(entry) for entry in wanted}
    differing = [entry.path for entry in wanted if there[entry] not in (None, entry)]
    if differing and not replace:
        raise BackupFailed(
            _("The storage already holds another %s. Give --replace to overwrite what differs.") % differing[0]
        )
    for entry in wanted:
        path = staged / entry.path
        if there[entry] != entry:
            storage, _folder, name = _place(entry)
            storage.delete(name)
            with path.open("rb") as file:
                storage.save(name, File(file))
        path.unlink()


def _place(entry: Entry) -> tuple[Any, str, str]:
    folder, _slash, name = entry.path.partition("/")
    return storages[ALIASES[folder]], folder, name


def _read(storage: Any, folder: str, name: str) -> Entry:
    with storage.read(name) as content:
        return archives.checksum_of(content, f"{folder}/{name}")
