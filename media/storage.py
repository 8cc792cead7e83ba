"""Where films lie: originals and bus files in the private storage, what the public plays in the default one."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

BLOCK_BYTES = 1024 * 1024


def private_storage() -> Storage:
    """Never reachable by URL; files leave it through views that ask who is there."""
    return storages["private"]


class PrivateDisk(FileSystemStorage):
    """Files without an address: Django's own storage would give them one below MEDIA_URL."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")


def new_token() -> str:
    """A folder name that cannot be guessed: renditions of an unpublished film lie in the public storage too."""
    return secrets.token_hex(12)


class MovableFile(File):
    """A finished local file handed to a storage: the local storage renames it into place, others upload it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def store(storage: Storage, path: Path, name: str) -> str:
    """Move the finished file `path` into `storage` as `name`; returns the name given. All or nothing on a local disk:
    the file is complete before it has its name."""
    with MovableFile(path) as content:
        return storage.save(name, content)


def sha256_of(file: Any) -> tuple[str, int]:
    """(hex digest, bytes) of an open binary file, a FieldFile or a path."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return sha256_of(opened)
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def fetch(field_file: Any, target: Path) -> None:
    """Bring a stored file to `target` for ffmpeg, under a name that we chose: a hard link where it is local."""
    try:
        os.link(field_file.path, target)
    except NotImplementedError:
        field_file.storage.download(field_file.name, target)
    except OSError:
        with field_file.open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, BLOCK_BYTES)


def listed(storage: Storage, name: str) -> tuple[list[str], list[str]]:
    """(folders, files) directly in a folder of a storage; nothing where there is none."""
    try:
        return storage.listdir(name)
    except FileNotFoundError:
        return [], []


def delete_folder(storage: Storage, name: str) -> None:
    """Delete every file below a folder of a storage, and the folder where the storage has folders."""
    folders, files = listed(storage, name)
    for file in files:
        storage.delete(f"{name}/{file}")
    for folder in folders:
        delete_folder(storage, f"{name}/{folder}")
    storage.delete(name)


def forget_unfinished(before: datetime) -> int:
    """Remove what a killed process had sent of a file to a storage that takes files in pieces; how many files."""
    kept = [storages["default"], private_storage()]
    return sum(storage.forget_unfinished(before) for storage in kept if hasattr(storage, "forget_unfinished"))


@contextmanager
def work_folder(name: str) -> Iterator[Path]:
    """A private folder for one job, empty at the start (a killed worker's leavings go first), gone at the end."""
    root = Path(settings.WORK_ROOT) / "media"
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = root / f"{name}.{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
