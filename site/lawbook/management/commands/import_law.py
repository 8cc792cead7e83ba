"""Take in a statute: `manage.py import_law corpus --title 社区矫正法 --slug community-correction`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lawbook.importing import import_record
from lawbook.sources.corpus import find_corpus, read_corpus
from lawbook.sources.reading import read_source
from lawbook.sources.records import LawRecord
from trust.imports import ImportCommand, Report

CORPUS = "corpus"


class Command(ImportCommand):
    help = _(
        "Import a statute from Markdown, Word, plain text or the SQLite corpus. The same text twice changes nothing."
    )
    action = "law.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", help=_("A .md, .docx, .txt or .db file, or the word corpus for the installed package.")
        )
        parser.add_argument("--title", default="", help=_("Which law to take from a corpus, as 社区矫正法."))
        parser.add_argument("--slug", default="", help=_("Address of a law that is new here, as community-correction."))

    def run_import(self, **options: Any) -> Report:
        total = Report()
        for record in self.records(options["source"], options["title"]):
            report = import_record(record, slug=options["slug"])
            total.created += report.created
            total.updated += report.updated
            total.unchanged += report.unchanged
            total.lines += report.lines
        return total

    def records(self, source: str, title: str) -> list[LawRecord]:
        path = Path(source)
        if source == CORPUS:
            installed = find_corpus()
            if installed is None:
                raise CommandError(
                    _("The corpus is not installed. Run `make law` to install it, or name a .md, .docx or .txt file.")
                )
            path = installed
        if path.suffix.lower() not in (".db", ".sqlite", ".sqlite3"):
            return [read_source(path)]
        if not title:
            raise CommandError(_("A corpus holds many laws: say which with --title, as --title 社区矫正法."))
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        return read_corpus(path, title)
