"""The folder of finished pages: `<generation>/<host>/<path>/index.html` and `.gz`, with `current` as a link.

A file appears whole or not at all. Names of generations never come back, so a late file in an old folder is seen by
nobody. The web server may serve from `current` by itself.
"""

import fcntl
import gzip
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from baking.keys import Key

PAGE = "index.html"
KEPT = 2  # generations
#: Pages of one generation and process; addresses without end (laws by date) must not fill the disk.
MOST_PAGES = 20_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """One representation of a finished page: its bytes as they are sent, and when they were made (POSIX seconds)."""

    content: bytes
    is_gzip: bool
    made_at: float


class _State:
    def __init__(self) -> None:
        self.sweeping = threading.Lock()
        self.generation = ""
        self.written = 0
        self.complained = False


_state = _State()


def root() -> Path:
    return Path(settings.BAKED_ROOT)


def read(generation: str, key: Key, *, as_gzip: bool) -> Kept | None:
    """The page, compressed if that is wanted and there; None where it is not kept."""
    page = _page(generation, key)
    for path in (page.with_name(f"{PAGE}.gz"), page) if as_gzip else (page,):
        with suppress(OSError), path.open("rb") as file:
            return Kept(file.read(), path.suffix == ".gz", os.fstat(file.fileno()).st_mtime)
    return None


def write(generation: str, key: Key, content: bytes) -> bool:
    """Keep the page in both forms; False where the disk will not have it, which is told once a generation."""
    if _state.generation != generation:
        _state.generation, _state.written, _state.complained = generation, 0, False
    if _state.written >= MOST_PAGES:
        return False
    page = _page(generation, key)
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        # The plain page comes last: where it is, the other is.
        _put(page.with_name(f"{PAGE}.gz"), gzip.compress(content, compresslevel=9, mtime=0))
        _put(page, content)
    except OSError as error:
        if not _state.complained:
            _state.complained = True
            logger.error("Finished pages cannot be kept in %s (%s); pages are made anew", root(), error.strerror)
        return False
    _state.written += 1
    return True


def point_to(name_now: Callable[[], str]) -> None:
    """Let `current` name the generation that counts, and remove the old ones.

    `name_now` reads the database under the lock: of two processes that do this at once, the later one is right.
    """
    try:
        root().mkdir(parents=True, exist_ok=True)
        with _locked():
            name = name_now()
            (root() / name).mkdir(exist_ok=True)
            link = root() / "current"
            if not link.is_symlink() or os.readlink(link) != name:  # noqa: PTH115 - the text of the link
                fresh = root() / f".current-{os.getpid()}-{threading.get_ident()}"
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(name)
                fresh.replace(link)
    except OSError as error:
        logger.error("%s cannot be written (%s); pages are made anew", root(), error.strerror)
        return
    if any(_old(name)):
        # A publisher does not wait for thousands of files to go.
        threading.Thread(target=sweep, args=[name], daemon=True, name="baking.sweep").start()


def sweep(name: str) -> None:
    """Remove all but the generation `name` and the one before it."""
    if not _state.sweeping.acquire(blocking=False):
        return
    try:
        for folder in list(_old(name)):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        _state.sweeping.release()


def _old(name: str) -> Iterator[Path]:
    number = _number(name)
    if number is None:
        return
    kept = range(number - KEPT + 1, number + 1)
    for folder in root().iterdir():
        if not folder.is_symlink() and folder.is_dir() and _number(folder.name) not in (None, *kept):
            yield folder


def _number(name: str) -> int | None:
    number, dash, _rest = name.partition("-")
    return int(number) if dash and number.isascii() and number.isdigit() else None


def _page(generation: str, key: Key) -> Path:
    return root().joinpath(generation, key.host, *key.parts, PAGE)


def _put(path: Path, content: bytes) -> None:
    """Write beside it, then move into place, so that no reader ever sees half a page."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # Readable by the web server, unlike what mkstemp makes.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _locked() -> Iterator[None]:
    with (root() / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
