"""`manage.py score_country`: the routes of many cities scored, one GeoParquet file per city in and out."""

import shutil
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.core.partitions import EXECUTORS, run
from geo.country import MakeTask, Outcome, ScoreTask, made_up_country, make_city, score_city
from geo.memory import PeakMemory
from geo.sources.city_files import SUFFIX, require_parquet
from trust.errors import InputError, InputProblem
from trust.imports import say_problems

MOST_MB = 2048
"""What all processes together may take; the command says so where they took more."""


class Command(BaseCommand):
    help = _("Score the routes of a country, city by city; without a folder of cities, of one that is made up.")
    requires_system_checks = []  # nothing here touches the database or a page

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", required=True, metavar="DIR", help=_("A new or empty folder for the scores."))
        parser.add_argument("--input", metavar="DIR", help=_("Folder of cities, one .parquet file each."))
        parser.add_argument("--cities", type=int, default=47, metavar="N", help=_("Made-up cities."))
        parser.add_argument("--routes", type=int, default=70_000, metavar="N", help=_("Made-up routes, in all cities."))
        parser.add_argument(
            "--hotspots", type=int, default=5_000_000, metavar="N", help=_("Made-up hotspots, in all cities.")
        )
        parser.add_argument("--seed", type=int, default=2026, help=_("The same seed makes up the same country."))
        parser.add_argument("--executor", choices=EXECUTORS, default="processes", help=_("Who does the work."))
        parser.add_argument("--workers", type=int, default=2, metavar="N", help=_("How many do it at a time."))
        parser.add_argument(
            "--scheduler", metavar="ADDRESS", help=_("A running Dask scheduler; without one, Dask is started here.")
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Check everything and say what would be done; write nothing.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output = Path(options["output"])
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise CommandError(_("%(path)s is not empty: name a new folder.") % {"path": output})
        for name in ("cities", "workers"):
            if options[name] < 1:
                raise CommandError(_("--%(name)s: expected at least 1") % {"name": name})
        if options["seed"] < 0:
            raise CommandError(_("--%(name)s: expected at least %(least)d") % {"name": "seed", "least": 0})
        for name in ("routes", "hotspots"):
            if options[name] < options["cities"]:
                message = _("--%(name)s: expected at least one for each of the %(cities)d cities")
                raise CommandError(message % {"name": name, "cities": options["cities"]})
        part = output.with_name(f".{output.name}.part")
        try:
            require_parquet()
            with PeakMemory() as memory:
                self.score(output, part, options)
        except InputError as error:
            lines = [_("Nothing was written. Problems found: %(n)d") % {"n": error.total}, *say_problems(error)]
            raise CommandError("\n".join(lines)) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        peak_mb = memory.bytes / 2**20
        if memory.bytes:
            self.stdout.write(
                _("Peak memory of all processes: %(mb).0f MB of %(most)d MB") % {"mb": peak_mb, "most": MOST_MB}
            )
        if peak_mb > MOST_MB:
            self.stderr.write(self.style.WARNING(_("More memory than meant: take fewer workers or smaller cities.")))

    def score(self, output: Path, part: Path, options: dict[str, Any]) -> None:
        """Score into the folder `part`, which becomes `output` when every city is done."""
        dry_run = options["dry_run"]
        if options["input"] is None:
            made_up = list(
                made_up_country(
                    part / "cities", options["seed"], options["cities"], options["routes"], options["hotspots"]
                )
            )
            if dry_run:
                self.say_made_up(made_up)
                return
            (part / "cities").mkdir(parents=True)
            sources = [Path(task.target) for task in made_up]
        else:
            made_up = []
            sources = cities_in(Path(options["input"]))
        if not dry_run:
            (part / "scores").mkdir(parents=True)
        tasks = [ScoreTask(str(path), "" if dry_run else str(part / "scores" / path.name)) for path in sources]
        with ExitStack() as stack:
            client = self.dask(stack, options) if options["executor"] == "dask" else None
            how = {"executor": options["executor"], "workers": options["workers"], "client": client}
            if made_up:
                made = run(make_city, made_up, **how)
                self.follow(_("made up"), len(made_up), made)
            self.stdout.write(_("Scoring %(n)d cities …") % {"n": len(tasks)})
            started = time.monotonic()
            outcomes = self.follow(_("checked") if dry_run else _("scored"), len(tasks), run(score_city, tasks, **how))
        seconds = time.monotonic() - started
        problems: list[InputProblem] = [problem for outcome in outcomes for problem in outcome.problems]
        if problems:
            raise InputError(problems)
        if not dry_run:
            if output.exists():
                output.rmdir()
            part.rename(output)
        self.say(outcomes, seconds, dry_run=dry_run)

    def dask(self, stack: ExitStack, options: dict[str, Any]) -> Any:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise CommandError(_("Dask is not installed: pip install dask distributed")) from error
        if options["scheduler"]:
            return stack.enter_context(Client(options["scheduler"]))
        cluster = LocalCluster(
            n_workers=options["workers"], threads_per_worker=1, processes=True, dashboard_address=None
        )
        return stack.enter_context(Client(stack.enter_context(cluster)))

    def follow(self, done: str, total: int, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """The outcomes as a list, with a line for each as it comes."""
        return list(self.shown(done, total, outcomes))

    def shown(self, done: str, total: int, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for number, outcome in enumerate(outcomes, start=1):
            self.stdout.write(f"{number:>4}/{total}  {outcome.name}  {done}  {outcome.routes:,} × {outcome.hotspots:,}")
            yield outcome

    def say_made_up(self, tasks: list[MakeTask]) -> None:
        for task in tasks:
            self.stdout.write(f"{Path(task.target).stem}  {task.routes:,} × {task.hotspots:,}")
        self.stdout.write(self.style.SUCCESS(_("Dry run, nothing was written.")))

    def say(self, outcomes: list[Outcome], seconds: float, *, dry_run: bool) -> None:
        sums = {
            name: sum(getattr(outcome, name) for outcome in outcomes)
            for name in ("routes", "hotspots", "pairs", "read_s", "score_s", "write_s")
        }
        message = _("%(cities)d cities, %(routes)d routes, %(hotspots)d hotspots, %(pairs)d pairs in %(seconds).1f s")
        self.stdout.write(self.style.SUCCESS(message % {"cities": len(outcomes), "seconds": seconds, **sums}))
        message = _("CPU: %(read_s).1f s reading, %(score_s).1f s scoring, %(write_s).1f s writing")
        self.stdout.write(message % sums)
        if dry_run:
            self.stdout.write(self.style.SUCCESS(_("Dry run, nothing was written.")))


def cities_in(folder: Path) -> list[Path]:
    """The files of a folder of cities, by name. Raises InputError where there are none."""
    paths = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    if not paths:
        expected = _("a folder with at least one .parquet file")
        raise InputError([InputProblem(folder.name or str(folder), 0, "--input", "-", expected)])
    return paths
