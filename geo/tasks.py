"""Work for the queue."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.models import Area, FileImport
from jobs.errors import JobFailed
from jobs.registry import job, periodic
from jobs.runs import Run


@job("geo.score", title=gettext_lazy("Score the routes of an area"))
def score(run: Run) -> None:
    """Payload: {"area": primary key}."""
    from geo.services import score_area  # noqa: PLC0415  every process registers tasks, few of them count

    area = Area.objects.filter(pk=run.payload["area"]).first()
    if area is None:
        raise JobFailed(_("The area was removed before its routes could be scored."))
    scores = score_area(area, run.progress)
    run.result = {"area": area.slug, "routes": len(scores)}


@job("geo.import", title=gettext_lazy("Check or import an uploaded file"))
def take_file_in(run: Run) -> None:
    """Payload: {"import": primary key, "apply": bool}."""
    from geo.file_imports import run_import  # noqa: PLC0415  loads the readers

    item = FileImport.objects.select_related("area").filter(pk=run.payload["import"]).first()
    if item is None or not item.file:
        raise JobFailed(_("The uploaded file was removed before it could be read."))
    run_import(run, item, apply=run.payload["apply"])


@periodic("geo.sweep_imports", every=timedelta(days=1), title=gettext_lazy("Remove abandoned uploads"))
def sweep_imports(run: Run) -> None:
    from geo.file_imports import sweep  # noqa: PLC0415

    run.result = {"removed": sweep()}


@job("geo.compile", title=gettext_lazy("Prepare the planner’s calculations"))
def compile_calculations(run: Run) -> None:
    """After an installation or upgrade, so that the first plan does not wait for the compiler."""
    from geo.core.warm import compile_kernels  # noqa: PLC0415

    compile_kernels()
