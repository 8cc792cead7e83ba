"""What the worker does for films. Every row that it makes ends ready, or failed with a reason."""

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.errors import Cancelled, JobFailed
from jobs.models import Job
from jobs.registry import job, periodic
from jobs.runs import Run
from media import buscuts, packaging, pipeline, streaming, uploads
from media.errors import FilmProblem
from media.models import BusCut, MediaPackage, State, VideoVersion
from media.storage import forget_unfinished

STALE_FOLDER_S = 24 * 3600


@job("media.process", title=gettext_lazy("Prepare a film"))
def process(run: Run) -> None:
    version = VideoVersion.objects.filter(pk=run.payload["process"]).select_related("video").first()
    _make(version, pipeline.process, run)


@job("media.stream", title=gettext_lazy("Prepare a film for slow lines"))
def stream(run: Run) -> None:
    """The film is public by its MP4 already; a failure here is told by the job alone."""
    version = VideoVersion.objects.filter(pk=run.payload["stream"]).select_related("video").first()
    if version is None:
        raise JobFailed(_("What was to be made has been deleted."))
    try:
        with full_disk_in_words():
            streaming.make(version, run)
    except (JobFailed, Cancelled):
        streaming.tidy(version)
        raise


@job("media.bus_cut", title=gettext_lazy("Cut a film for the bus"))
def bus_cut(run: Run) -> None:
    cut = BusCut.objects.filter(pk=run.payload["bus_cut"]).select_related("version__video", "profile").first()
    _make(cut, buscuts.make, run)


@job("media.package", title=gettext_lazy("Pack a playlist for the bus"))
def package(run: Run) -> None:
    made = MediaPackage.objects.filter(pk=run.payload["package"]).select_related("playlist").first()
    _make(made, packaging.make, run)


def _make(made: Any, make: Callable[[Any, Run], None], run: Run) -> None:
    """Run `make`; a final failure is written on the row as well, where its people look."""
    if made is None:  # deleted while it waited
        raise JobFailed(_("What was to be made has been deleted."))
    try:
        with full_disk_in_words():
            make(made, run)
    except JobFailed as error:
        _fail(made, str(error))
        raise
    except Cancelled:
        _fail(made, _("Cancelled."))
        raise


@contextmanager
def full_disk_in_words() -> Iterator[None]:
    """A full disk is final and has a sentence: three more attempts would fill it again."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise FilmProblem(_("The disk of the server is full. Tell the system administrator.")) from error


def _fail(made: Any, message: str) -> None:
    """Unless it is ready from an earlier run: those files are still good."""
    type(made).objects.filter(pk=made.pk).exclude(state=State.READY).update(state=State.FAILED, message=message)


@periodic(
    "media.sweep_uploads", every=timedelta(hours=1), title=gettext_lazy("Discard uploads that were never finished")
)
def sweep_uploads(run: Run) -> None:
    uploads.sweep(timezone.now())
    forget_unfinished(timezone.now() - uploads.KEEP)


@periodic("media.sweep", every=timedelta(minutes=5), title=gettext_lazy("Tidy up after films"))
def sweep(run: Run) -> None:
    """Fail rows whose job has ended without them (a worker killed three times), and clear forgotten folders."""
    for model in (VideoVersion, BusCut, MediaPackage):
        for made in model.objects.filter(state__in=[State.WAITING, State.PROCESSING]):
            run.check()
            last = made.latest_job()
            if last is not None and last.state in (Job.State.FAILED, Job.State.CANCELLED):
                _fail(made, last.error or _("Cancelled."))
    root = Path(settings.WORK_ROOT) / "media"
    for folder in root.glob("*") if root.is_dir() else []:
        if time.time() - folder.stat().st_mtime > STALE_FOLDER_S:
            shutil.rmtree(folder, ignore_errors=True)
