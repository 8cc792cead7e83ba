"""Read a bus company's play report: `manage.py import_play_report FILE.csv [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from media.playreports import read, save
from trust.imports import ImportCommand, Report


class Command(ImportCommand):
    help = "Import plays per day, vehicle and item from a CSV file"
    action = "play_report.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help=_("CSV with the columns day, vehicle, item, plays."))

    def run_import(self, **options: Any) -> Report:
        path: Path = options["source"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}) from error
        return save(read(data, file=path.name, today=timezone.localdate()), file=path.name)
