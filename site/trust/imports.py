"""What every import command shares: a dry run, all or nothing, errors by file, row and field, a line in the trail."""

from abc import abstractmethod
from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trust.audit import Outcome, boundary, record
from trust.errors import InputError, InputProblem


@dataclass
class Report:
    """What an import did, or in a dry run would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
        }


def say_problem(problem: InputProblem) -> str:
    """The problem as a sentence in the language of the screen."""
    expected = _(problem.expected)
    if problem.values:
        expected %= dict(problem.values)
    where = _("%(file)s, row %(row)s") if problem.row else _("%(file)s")
    return _("%(where)s, field “%(field)s”: found “%(found)s”, expected %(expected)s") % {
        "where": where % {"file": problem.file, "row": problem.row},
        "field": problem.field,
        "found": problem.found,
        "expected": expected,
    }


def say_problems(error: InputError) -> list[str]:
    lines = [say_problem(problem) for problem in error.problems]
    hidden = error.total - len(lines)
    if hidden > 0:
        lines.append(ngettext("… and %(n)d more problem", "… and %(n)d more problems", hidden) % {"n": hidden})
    return lines


class DryRun(Exception):
    """Rolls the transaction back after a dry run."""


class ImportCommand(BaseCommand):
    """An import: subclasses say what to read in `run_import`, everything else happens here."""

    action = "import"  # in the trail; subclasses make it theirs, as "law.import"

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_import_arguments(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Check everything and say what would change; change nothing.")
        )

    @abstractmethod
    def add_import_arguments(self, parser: ArgumentParser) -> None: ...

    @abstractmethod
    def run_import(self, **options: Any) -> Report: ...

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        report = Report()
        source = str(options.get("source", ""))
        with boundary():
            try:
                with transaction.atomic():
                    report = self.run_import(**options)
                    if dry_run:
                        raise DryRun
                    record(self.action, detail={"source": source.rsplit("/", 1)[-1], **report.counts})
            except DryRun:
                pass
            except InputError as error:
                record(
                    self.action,
                    outcome=Outcome.FAILED,
                    detail={"source": source.rsplit("/", 1)[-1], "problems": error.total},
                )
                lines = [_("Nothing was changed. Problems found: %(n)d") % {"n": error.total}, *say_problems(error)]
                raise CommandError("\n".join(lines)) from error
        for line in report.lines:
            self.stdout.write(line)
        lead = _("Dry run, nothing was changed: ") if dry_run else _("Done: ")
        counts = _("%(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(removed)d removed")
        self.stdout.write(self.style.SUCCESS(lead + counts % report.counts))
