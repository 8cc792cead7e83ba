"""Films that arrive in pieces: who may begin one, how a piece is added, and what happens to those never finished.

Knows no HTTP; `media.admin.tus` speaks the protocol. The checks on what a film is are those of every other route
(`media.films.check_upload`), the first of them already on the first piece.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from media.errors import FilmProblem
from media.films import add_version, check_size
from media.magic import HEAD_BYTES, sniff
from media.models import Video, VideoVersion
from media.models.uploads import KEEP, Upload, incoming_folder
from media.storage import MovableFile

PIECE_BYTES = 8 * 1024**2  # the largest piece: one request never holds a thread or a proxy's buffer for long
MOST_OPEN = 5
QUOTA_BYTES = 6 * 1024**3  # promised by one person at a time
RESERVE_BYTES = 1024**3  # stays free for the database and for what is made from films
BLOCK_BYTES = 256 * 1024


class NoRoom(FilmProblem):
    """The server has no room for this file now."""


class OverQuota(FilmProblem):
    """This person has too much on the way already."""


class WrongOffset(ValueError):
    """A piece that does not begin where the last one ended."""


class WrongSum(ValueError):
    """A piece that is not what its check sum says; nothing of it is kept."""


class Busy(ValueError):
    """Another request is adding to the same upload."""


def begin(owner: Any, *, name: str, size_bytes: int) -> Upload:
    """Promise room for a file. Raises FilmProblem for its size, OverQuota, NoRoom."""
    check_size(size_bytes)
    mine = Upload.objects.filter(owner=owner)
    promised = mine.aggregate(total=Sum("size_bytes"))["total"] or 0
    if mine.count() >= MOST_OPEN or promised + size_bytes > QUOTA_BYTES:
        raise OverQuota(
            _("You have %(count)d uploads on the way. Finish or delete them first.") % {"count": mine.count()}
        )
    # Twice each file: the original stays, and what is made from it takes about as much again.
    wanted = 2 * size_bytes + sum(2 * upload.size_bytes - upload.offset for upload in Upload.objects.all())
    if free_bytes() - wanted < RESERVE_BYTES:
        raise NoRoom(_("The disk of the server is nearly full. Tell the system administrator."))
    upload = Upload.objects.create(owner=owner, name=clean_name(name), size_bytes=size_bytes)
    upload.path.touch(mode=0o600)
    return upload


def free_bytes() -> int:
    return shutil.disk_usage(incoming_folder()).free


def clean_name(name: str) -> str:
    """The file name for people to read: one line, without a path."""
    flat = "".join(char if char.isprintable() else " " for char in name)
    return flat.replace("\\", "/").rpartition("/")[2].strip()[-200:] or "film"


def add_piece(
    upload: Upload, stream: BinaryIO, *, offset: int, length: int, checksum: tuple[str, bytes] | None = None
) -> int:
    """Append up to `length` bytes of `stream` at `offset`; returns the new offset.

    A stream that breaks off leaves what has come: the next piece goes on from there. `checksum` is (algorithm of
    hashlib, digest) of the whole piece. Raises WrongOffset, WrongSum, Busy, and FilmProblem where the first bytes are
    not a film's (the upload is gone then).
    """
    with _alone(upload) as file:
        before = file.seek(0, os.SEEK_END)
        if before != offset or before + length > upload.size_bytes:
            raise WrongOffset
        digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        try:
            for block in _blocks(stream, length):
                file.write(block)
                if digest:
                    digest.update(block)
            file.flush()
            if checksum and digest and digest.digest() != checksum[1]:
                raise WrongSum
        except WrongSum:
            file.truncate(before)
            raise
        finally:
            file.flush()
            os.fsync(file.fileno())
            after = file.seek(0, os.SEEK_END)
            Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now())
        if before < HEAD_BYTES and (after >= HEAD_BYTES or after == upload.size_bytes):
            _require_film(upload, file)
    return after


@contextmanager
def _alone(upload: Upload) -> Iterator[BinaryIO]:
    with upload.path.open("ab+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield file


def _blocks(stream: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (block := stream.read(min(BLOCK_BYTES, length))):
        length -= len(block)
        yield block


def _require_film(upload: Upload, file: BinaryIO) -> None:
    file.seek(0)
    try:
        sniff(file.read(HEAD_BYTES))
    except FilmProblem:
        upload.discard()
        raise


class FinishedUpload(MovableFile):
    """A complete upload as a file; keeping it moves a second name of the part into its place, or sends a copy there.

    The part itself stays until the film's row is committed: if the plug is pulled in between, the upload is whole.
    """

    def __init__(self, upload: Upload) -> None:
        second = upload.path.with_name(f"{upload.token}.taken")
        second.unlink(missing_ok=True)
        os.link(upload.path, second)
        super().__init__(second)
        self.name = upload.name
        self.upload = upload


def finished(owner: Any, token: str) -> FinishedUpload:
    """The complete upload `token` of `owner`. Raises FilmProblem."""
    upload = Upload.objects.filter(owner=owner, token=token).first()
    if upload is None or not upload.is_complete:
        raise FilmProblem(_("The upload is not complete. Choose the file again; it goes on from where it stopped."))
    return FinishedUpload(upload)


@transaction.atomic
def keep(video: Video, file: Any, *, user: Any) -> VideoVersion:
    """`file` of a form, sent with it or in pieces before it, as the film's next version."""
    version = add_version(video, file, name=file.name, user=user)
    if isinstance(file, FinishedUpload):
        names = [file.upload.path, Path(file.temporary_file_path())]  # the second stays where a copy was sent

        def forget() -> None:
            for name in names:
                name.unlink(missing_ok=True)

        file.upload.delete()
        transaction.on_commit(forget)
    return version


def sweep(now: datetime) -> int:
    """Discard what has had no piece for a day, and parts that no row knows. Returns how many went."""
    old = list(Upload.objects.filter(touched_at__lt=now - KEEP))
    for upload in old:
        upload.discard()
    known = set(Upload.objects.values_list("token", flat=True))
    lost = [path for path in incoming_folder().iterdir() if path.name not in known and _is_old(path)]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(old) + len(lost)


def _is_old(path: Path) -> bool:
    """By the clock of the disk: a part is there a moment before its row is committed."""
    return time.time() - path.stat().st_mtime > KEEP.total_seconds()
