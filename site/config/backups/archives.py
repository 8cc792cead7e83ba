"""The file of a backup: a tar whose last member, the manifest, names every other one with its length and checksum.

Written and read in one pass, so a backup needs no room for a second copy of the films.
"""

import hashlib
import hmac
import io
import json
import os
import secrets
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from config.backups import sealing
from config.backups.errors import BackupFailed

FORMAT = 1
MANIFEST = "manifest.json"
MAC = "manifest.hmac"
BLOCK_BYTES = 1 << 20

#: Called now and then during long work.
Tick = Callable[[], None]


@dataclass(frozen=True)
class Entry:
    """One file: its place under the data folder with `/`, its length in bytes, SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass
class Manifest:
    """What is in the archive, and what the database was: vendor, applied migrations, rows of every table."""

    made_at: str
    vendor: str = ""
    migrations: list[list[str]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    files: list[Entry] = field(default_factory=list)
    #: Files that belong to it and were left out; they have to lie in the data folder before a restore.
    elsewhere: list[Entry] = field(default_factory=list)
    format: int = FORMAT

    def spelled(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


class Writer:
    """Adds files and notes them in the manifest."""

    def __init__(self, stream: IO[bytes], manifest: Manifest, tick: Tick) -> None:
        self.manifest = manifest
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `finish` closes it
        self.tick = tick

    def add(self, path: Path, name: str) -> None:
        """As long as it is now; what is appended meanwhile is left for the next backup. FileNotFoundError if gone."""
        with path.open("rb") as file:
            info = self._tar.gettarinfo(arcname=name, fileobj=file)
            counted = _Hashing(file, info.size, self.tick)
            info.type, info.linkname, info.mode = tarfile.REGTYPE, "", 0o640  # two names of one file: twice
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            self._tar.addfile(info, counted)  # type: ignore[arg-type]
        self.manifest.files.append(Entry(name, info.size, counted.digest.hexdigest()))

    def finish(self, passphrase: bytes | None) -> None:
        content = self.manifest.spelled()
        if passphrase is not None:
            salt = secrets.token_bytes(16)
            self._put(MAC, f"{salt.hex()} {sealing.mac(passphrase, salt, content)}\n".encode())
        self._put(MANIFEST, content)
        self._tar.close()

    def _put(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o640
        self._tar.addfile(info, io.BytesIO(content))


class _Hashing:
    """The first `size` bytes of a file, hashed as they are read."""

    def __init__(self, file: IO[bytes], size: int, tick: Tick) -> None:
        self.digest = hashlib.sha256()
        self._file, self._left, self._tick = file, size, tick

    def read(self, size: int) -> bytes:
        self._tick()
        block = self._file.read(min(size, self._left))
        self._left -= len(block)
        self.digest.update(block)
        return block


@contextmanager
def writer(path: Path, manifest: Manifest, passphrase_file: Path | None, tick: Tick) -> Iterator[Writer]:
    """Appears under its name whole or not at all, readable by its owner alone."""
    passphrase = sealing.passphrase_of(passphrase_file) if passphrase_file else None
    part = path.with_name(f".{path.name}.part")
    try:
        part.touch(mode=0o600)
        with sealing.writing(part, passphrase_file) as stream:
            made = Writer(stream, manifest, tick)
            yield made
            made.finish(passphrase)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def unpack(path: Path, into: Path | None, passphrase_file: Path | None) -> Manifest:
    """Check everything in the archive, and lay it down under `into` where that is given.

    Raises BackupFailed at the first thing that is not as the manifest says; what was laid down by then is no use.
    """
    passphrase = sealing.passphrase_of(passphrase_file) if passphrase_file and path.suffix == sealing.SUFFIX else None
    found: dict[str, Entry] = {}
    papers: dict[str, bytes] = {}
    try:
        with sealing.reading(path, passphrase_file) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _is_safe(member.name) or member.name in found:
                    raise BackupFailed(_("The archive holds something that we did not put there: %s") % member.name)
                if member.name in (MANIFEST, MAC):
                    papers[member.name] = content.read()
                else:
                    found[member.name] = _lay_down(member.name, content, into)
    except (tarfile.TarError, OSError) as error:
        raise BackupFailed(
            _("%(file)s is damaged, cut off, or encrypted with another passphrase (%(reason)s).")
            % {"file": path.name, "reason": error}
        ) from error
    manifest = _read_manifest(papers, passphrase)
    for entry in manifest.files:
        if found.pop(entry.path, None) != entry:
            raise BackupFailed(_("%s in the archive is not what was saved: its checksum differs.") % entry.path)
    if found:
        raise BackupFailed(_("The archive holds something that we did not put there: %s") % next(iter(found)))
    return manifest


def checksum(path: Path, name: str) -> Entry:
    with path.open("rb") as file:
        return checksum_of(file, name)


def checksum_of(content: IO[bytes], name: str) -> Entry:
    return _lay_down(name, content, None)


def _lay_down(name: str, content: IO[bytes], into: Path | None) -> Entry:
    digest, size = hashlib.sha256(), 0
    target = into / name if into is not None else Path(os.devnull)
    if into is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while block := content.read(BLOCK_BYTES):
            file.write(block)
            digest.update(block)
            size += len(block)
    if into is not None:
        target.chmod(0o640)
    return Entry(name, size, digest.hexdigest())


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and bool(path.parts) and ".." not in path.parts


def _read_manifest(papers: dict[str, bytes], passphrase: bytes | None) -> Manifest:
    if MANIFEST not in papers:
        raise BackupFailed(_("The archive has no manifest: it is no backup of ours, or was cut off."))
    if passphrase is not None:
        salt, _space, seal = papers.get(MAC, b"").decode(errors="replace").strip().partition(" ")
        try:
            right = hmac.compare_digest(seal, sealing.mac(passphrase, bytes.fromhex(salt), papers[MANIFEST]))
        except ValueError:
            right = False
        if not right:
            raise BackupFailed(_("The manifest does not carry the seal of this passphrase."))
    try:
        held: dict[str, Any] = json.loads(papers[MANIFEST])
        held["files"] = [Entry(**entry) for entry in held["files"]]
        held["elsewhere"] = [Entry(**entry) for entry in held["elsewhere"]]
        manifest = Manifest(**held)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupFailed(_("The manifest of the archive cannot be read: %s") % error) from error
    if manifest.format != FORMAT:
        raise BackupFailed(
            _("The archive has format %(n)s; this release reads %(ours)d.") % {"n": manifest.format, "ours": FORMAT}
        )
    return manifest
