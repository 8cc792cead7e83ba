"""An uploaded file from its answers to the tables: the check and the import are one job, the first rolled back."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from geo.check_map import check_svg
from geo.intake import Intake, Taken, prepare, series_of, store
from geo.loading import Provenance
from geo.models import FileImport, Source
from geo.sources.hotspots import VECTORS, hotspot_layout
from geo.sources.tables import ROW, peek_table
from geo.sources.vectors import layers_of, vector_items
from jobs.queue import enqueue
from jobs.runs import Run
from trust.audit import Outcome, record
from trust.errors import InputError
from trust.imports import DryRun, say_problem

ACTIONS = {
    Source.Kind.NETWORK: "network.import",
    Source.Kind.HOTSPOTS: "hotspots.import",
    Source.Kind.BOUNDARY: "boundary.import",
    Source.Kind.BASE_MAP: "base_map.import",
}
KEPT = timedelta(days=14)
SHOWN_ROWS = 5
State = FileImport.State


@contextmanager
def local_copy(item: FileImport) -> Iterator[Path]:
    """The upload as a local file under its own name, whatever storage it lies in."""
    with tempfile.TemporaryDirectory(prefix="pufa-import-") as folder:
        path = Path(folder) / item.file_name
        with item.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield path


def look_into(item: FileImport) -> dict[str, Any]:
    """What can be asked about before reading the file whole: its layers, columns and first rows.

    "layers" where there are several to choose from; "columns" and "rows" where columns can be named,
    "located" where the places need none. Raises InputError
    where the file cannot be opened.
    """
    from geo.sources.problems import Problems  # noqa: PLC0415

    layout = layout_of(item)
    tabular = layout in {"csv", "table"}
    if not tabular and not (item.kind == Source.Kind.HOTSPOTS and layout in VECTORS):
        with local_copy(item) as path:
            present = layers_of(path)
        return {"layers": present} if len(present) > 1 else {}
    problems = Problems()
    with local_copy(item) as path:
        if tabular:
            table = peek_table(path, problems.of(path.name), SHOWN_ROWS)
            problems.raise_any()
            if table is None:
                return {}
            columns = [str(column) for column in table if column != ROW]
            return {"columns": columns, "rows": table[columns].to_numpy().tolist()}
        present = layers_of(path)
        if len(present) > 1 and not item.answer("layers"):
            return {"layers": present}
        found = vector_items(path, problems, item.answer("system"), item.answer("layers") or [])
        problems.raise_any()
    columns = list(dict.fromkeys(key for one in found[:200] for key in one.data))
    rows = [[str(one.data.get(column, "")) for column in columns] for one in found[:SHOWN_ROWS]]
    return {"columns": columns, "rows": rows, "located": True}


def layout_of(item: FileImport) -> str:
    return item.answer("layout") or (hotspot_layout(Path(item.file_name)) if item.kind == Source.Kind.HOTSPOTS else "")


def request_run(item: FileImport, *, apply: bool, user: Any = None) -> None:
    """Have the worker check the file, or import it."""
    item.state = State.APPLYING if apply else State.CHECKING
    item.job = enqueue("geo.import", {"import": item.pk, "apply": apply}, key=f"geo.import:{item.pk}", user=user)
    item.save(update_fields=["state", "job"])


def intake_of(item: FileImport, path: Path, user: Any = None) -> Intake:
    answers = item.answers
    as_of = answers.get("as_of")
    provenance = Provenance(
        file_name=item.file_name,
        system=answers["system"],
        origin=answers.get("origin", ""),
        licence=answers.get("licence", ""),
        as_of=date.fromisoformat(as_of) if as_of else None,
        replaces=answers.get("replaces", ""),
        user=user,
    )
    return Intake(
        kind=item.kind,
        path=path,
        layout=layout_of(item),
        provenance=provenance,
        layers=tuple(answers.get("layers") or ()),
        mapping=answers.get("mapping"),
        options=answers.get("options") or {},
    )


def run_import(run: Run, item: FileImport, *, apply: bool) -> None:
    """The job: read, then store in one transaction that a check rolls back; keep what was found with the upload."""
    user = run.job.created_by
    detail: dict[str, Any] = {"source": item.file_name, "area": item.area.slug}
    run.progress(5, _("Reading the file"))
    try:
        with local_copy(item) as path:
            intake = intake_of(item, path, user)
            prepared = prepare(item.area, intake)
            run.progress(55, _("Comparing with the tables"))
            try:
                with transaction.atomic():
                    taken = store(item.area, intake, prepared)
                    if not apply:
                        raise DryRun
                    record(ACTIONS[Source.Kind(item.kind)], actor=user, detail={**detail, **taken.report.counts})
            except DryRun:
                item.area.refresh_from_db()
    except InputError as error:
        record(
            ACTIONS[Source.Kind(item.kind)],
            actor=user,
            outcome=Outcome.FAILED,
            detail={**detail, "problems": error.total},
        )
        item.outcome, item.picture = _problems(error), ""
        item.state = State.FAULTY
    else:
        item.outcome, item.picture = _said(taken), check_svg(item.area.boundary, series_of(taken))
        item.state = State.APPLIED if apply else State.CHECKED
    item.save(update_fields=["outcome", "picture", "state"])
    if item.state == State.APPLIED:
        discard(item)
    run.result = {"import": item.pk, "state": item.state}


def discard(item: FileImport) -> None:
    """Remove the uploaded bytes; what was imported from them is known by its fingerprint."""
    if item.file:
        item.file.delete(save=True)


def sweep() -> int:
    """Remove uploads that nobody went on with for two weeks; how many."""
    old = FileImport.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(state=State.APPLIED)
    removed = 0
    for item in old:
        discard(item)
        item.delete()
        removed += 1
    return removed


def _problems(error: InputError) -> dict[str, Any]:
    return {
        "total": error.total,
        "problems": [
            {
                "file": problem.file,
                "row": problem.row,
                "field": problem.field,
                "found": problem.found,
                "expected": _(problem.expected) % dict(problem.values) if problem.values else _(problem.expected),
                "sentence": say_problem(problem),
            }
            for problem in error.problems
        ],
    }


def _said(taken: Taken) -> dict[str, Any]:
    guess = taken.guess
    return {
        "counts": taken.report.counts,
        "lines": taken.report.lines,
        "warnings": taken.warnings,
        "guess": None if guess is None else {"given": guess.given, "best": guess.best, "share": guess.share},
        "places": len(taken.lon),
    }
