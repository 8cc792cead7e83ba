"""Streams to and from the file of a backup, through `openssl enc` where there is a passphrase.

Anyone can open such a file without us: `openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass file:P -in FILE`.
CBC hides but does not prove, so the manifest, which holds the checksum of everything else, carries an HMAC as well.
"""

import hashlib
import hmac
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from config.backups.errors import BackupFailed

SUFFIX = ".enc"
SHORTEST = 16  # characters of a passphrase
_CIPHER = ("-aes-256-cbc", "-pbkdf2", "-iter", "600000")  # OWASP's figure for PBKDF2-HMAC-SHA256


def passphrase_of(file: Path) -> bytes:
    """First line of the file, which is what openssl takes too."""
    try:
        passphrase = (file.read_bytes().splitlines() or [b""])[0]
    except OSError as error:
        raise BackupFailed(
            _("The passphrase file %(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
        ) from error
    if len(passphrase) < SHORTEST:
        raise BackupFailed(
            _("The passphrase in %(file)s has fewer than %(n)d characters.") % {"file": file, "n": SHORTEST}
        )
    return passphrase


def mac(passphrase: bytes, salt: bytes, content: bytes) -> str:
    """HMAC-SHA-256 in hex, under a key of scrypt (N 2¹⁴, r 8, p 1)."""
    return hmac.new(hashlib.scrypt(passphrase, salt=salt, n=2**14, r=8, p=1), content, hashlib.sha256).hexdigest()


@contextmanager
def writing(path: Path, passphrase_file: Path | None) -> Iterator[IO[bytes]]:
    """Bytes written here land in `path`, encrypted where there is a passphrase."""
    if passphrase_file is None:
        with path.open("wb") as plain:
            yield plain
        return
    arguments = ["-e", "-salt", "-pass", f"file:{passphrase_file}", "-out", str(path)]
    with tempfile.TemporaryFile() as said, _openssl(arguments, said, stdin=subprocess.PIPE) as process:
        try:
            with cast("IO[bytes]", process.stdin) as stream:
                yield stream
        except BrokenPipeError as error:
            raise BackupFailed(_said(said)) from error
        if process.wait():
            raise BackupFailed(_said(said))


@contextmanager
def reading(path: Path, passphrase_file: Path | None) -> Iterator[IO[bytes]]:
    """The plain bytes of `path`; a name that ends in `.enc` needs the passphrase."""
    if path.suffix != SUFFIX:
        with path.open("rb") as plain:
            yield plain
        return
    if passphrase_file is None:
        raise BackupFailed(
            _("%(file)s is encrypted: name its passphrase file in PUFA_BACKUP_PASSPHRASE_FILE.") % {"file": path.name}
        )
    arguments = ["-d", "-pass", f"file:{passphrase_file}", "-in", str(path)]
    with tempfile.TemporaryFile() as said, _openssl(arguments, said, stdout=subprocess.PIPE) as process:
        stream = cast("IO[bytes]", process.stdout)
        yield stream
        while stream.read(1 << 20):
            pass  # to the end, else openssl would complain of us
        if process.wait():
            raise BackupFailed(_said(said))


@contextmanager
def _openssl(arguments: list[str], said: IO[bytes], **pipes: int) -> Iterator["subprocess.Popen[bytes]"]:
    program = shutil.which("openssl")
    if program is None:
        raise BackupFailed(_("Encryption needs the program openssl: install it and try again."))
    with subprocess.Popen([program, "enc", *_CIPHER, *arguments], stderr=said, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _said(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines() or [""]
    return _("Encryption failed (wrong passphrase, damaged file or full disk?): %(reason)s") % {"reason": lines[0]}
