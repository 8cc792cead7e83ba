"""Bytes of a source: a file, a folder or a zip read the same way, with a fingerprint over all of it."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.sources.problems import Problems, gettext_noop, missing_file

# A feed of a large country is about 1 GB unpacked; what is larger is a mistake or an attack.
MOST_BYTES = 2 * 1024**3
CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """Fingerprint of a file's bytes, or of the names and bytes of a folder's files in the order of their names.

    A Shapefile (.shp) counts with the parts beside it.

    Raises InputError where `path` is neither.
    """
    digest = hashlib.sha256()
    if path.is_file() and path.suffix.lower() == ".shp":
        for part in sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()):
            digest.update(part.suffix.encode() + b"\0")
            _feed(digest, part)
    elif path.is_file():
        _feed(digest, path)
    elif path.is_dir():
        for part in sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith(".")):
            digest.update(part.name.encode() + b"\0")
            _feed(digest, part)
    else:
        raise missing_file(path)
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", path: Path) -> None:
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise missing_file(path) from error


class Bundle:
    """Named files of a folder or a zip. Files one folder down in a zip count too, as many zips are made that way."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None = None) -> None:
        self.path = path
        self._archive = archive
        self._members: dict[str, str] = {}
        if archive is not None:
            for info in sorted(archive.infolist(), key=lambda info: info.filename.count("/"), reverse=True):
                parts = info.filename.split("/")
                if not info.is_dir() and len(parts) <= 2 and parts[0] != "__MACOSX":
                    self._members[parts[-1]] = info.filename
        elif path.is_dir():
            self._members = {part.name: part.name for part in sorted(path.iterdir()) if part.is_file()}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        return sorted(self._members)

    def read(self, name: str, problems: Problems) -> bytes:
        """The bytes of `name`; empty, with a problem noted, where they are too many or damaged."""
        try:
            if self._archive is None:
                return (self.path / self._members[name]).read_bytes()
            if self._archive.getinfo(self._members[name]).file_size > MOST_BYTES:
                problems.of(name).add(0, "-", self.path.name, gettext_noop("a file of at most 2 GB"))
                return b""
            return self._archive.read(self._members[name])
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
            problems.of(name).add(0, "-", error, gettext_noop("a file that is not damaged or locked by a password"))
            return b""


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """A folder or zip as a Bundle. Raises InputError where it is neither."""
    if path.is_dir():
        yield Bundle(path)
        return
    if not path.is_file():
        raise missing_file(path)
    problems = Problems()
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        problems.of(path.name).add(
            0, "-", path.suffix or "-", gettext_noop("a zip file that can be opened, or a folder")
        )
        problems.raise_any()
    with archive:
        yield Bundle(path, archive)
