"""Packages signed so that a bus company can tell ours from anybody's: ECDSA P-256 over SHA256SUMS, by openssl.

Optional: a package is signed where `manage.py make_package_key` has made a key. It lies beside the other keys, outside
the database; the public half goes to the bus company once, by another way than the packages.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from media.errors import FilmProblem
from media.ffmpeg import bare_environment

PRIVATE, PUBLIC = "package-signing.pem", "package-signing-public.pem"
SIGNATURE = "SHA256SUMS.sig"
LIMIT_S = 30


def private_key() -> Path | None:
    """The signing key, where one was made."""
    path = Path(settings.KEYS_ROOT) / PRIVATE
    return path if path.is_file() else None


def public_key() -> Path:
    return Path(settings.KEYS_ROOT) / PUBLIC


def fingerprint() -> str:
    """SHA-256 of the public key's file, to compare by telephone."""
    return hashlib.sha256(public_key().read_bytes()).hexdigest()


def make_key() -> None:
    """A new pair of keys. Raises FileExistsError rather than replace one: packages out there rest on it."""
    folder = Path(settings.KEYS_ROOT)
    private = folder / PRIVATE
    folder.mkdir(parents=True, exist_ok=True)
    private.touch(mode=0o600, exist_ok=False)
    try:
        key = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        private.write_bytes(key)
        public_key().write_bytes(_openssl("pkey", "-in", str(private), "-pubout"))
    except FilmProblem:
        private.unlink()
        raise


def sign(path: Path) -> bytes:
    """The signature of a file. Raises FilmProblem where it cannot be made: a package is never quietly unsigned."""
    key = private_key()
    if key is None:
        raise FilmProblem(_("There is no key to sign packages with."))
    return _openssl("dgst", "-sha256", "-sign", str(key), str(path))


def _openssl(*arguments: str) -> bytes:
    program = shutil.which("openssl")
    if program is None:
        raise FilmProblem(_("Packages are to be signed, but openssl is not installed. Tell the system administrator."))
    done = subprocess.run(
        [program, *arguments], env=bare_environment(), capture_output=True, timeout=LIMIT_S, check=False
    )
    if done.returncode:
        raise FilmProblem(_("The package could not be signed. Tell the system administrator."))
    return done.stdout
