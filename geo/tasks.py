"""Work for the queue."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.models import Area
from jobs.errors import JobFailed
from jobs.registry import job
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


@job("geo.compile", title=gettext_lazy("Prepare the planner’s calculations"))
def compile_calculations(run: Run) -> None:
    """After an installation or upgrade, so that the first plan does not wait for the compiler."""
    from geo.core.warm import compile_kernels  # noqa: PLC0415

    compile_kernels()
