"""Take in statutes.

manage.py import_law corpus --title 社区矫正法 --slug community-correction
manage.py import_law corpus --all-listed
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lawbook.importing import add_up, import_listed, import_record
from lawbook.sources.corpus import find_corpus, read_corpus
from lawbook.sources.reading import read_source
from lawbook.sources.records import LawRecord
from trust.imports import ImportCommand, Report

CORPUS = "corpus"
DATABASES = {".db", ".sqlite", ".sqlite3"}


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

        parser.add_argument(
            "--all-listed", action="store_true", help=_("From a corpus: every law that this site needs and it has.")
        )

    def run_import(self, **options: Any) -> Report:
        if options["all_listed"]:
            return import_listed(self.corpus(options["source"]))
        total = Report()
        for record in self.records(options["source"], options["title"]):
            add_up(total, import_record(record, slug=options["slug"]))
        return total

    def records(self, source: str, title: str) -> list[LawRecord]:
        if source != CORPUS and Path(source).suffix.lower() not in DATABASES:
            return [read_source(Path(source))]
        if not title:
            raise CommandError(_("A corpus holds many laws: say which with --title, as --title 社区矫正法."))
        return read_corpus(self.corpus(source), title)

    def corpus(self, source: str) -> Path:
        if source != CORPUS and not Path(source).is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": source})
        found = find_corpus() if source == CORPUS else Path(source)
        if found is None:
            raise CommandError(
                _("The corpus is not installed. Run `make law` to install it, or name a .md, .docx or .txt file.")
            )
        return found
