"""Take whole months of the trail out of the database, into sealed files."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from trust.audit import boundary
from trust.retirement import NotRetired, newest_cutoff, retire


def month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a month: 2026-05") % {"text": text}) from None


class Command(BaseCommand):
    help = "Write every whole month before --before to a file of --to, and remove it from the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", type=month, required=True, metavar="YYYY-MM")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")

    def handle(self, *args: Any, before: date, to: Path, **options: Any) -> None:
        today = timezone.localdate()
        if before > newest_cutoff(today):
            text = _("Younger than six months is kept: the newest month that can be named is %(month)s")
            raise CommandError(text % {"month": f"{newest_cutoff(today):%Y-%m}"})
        with boundary():
            try:
                segments = retire(before, to, today)
            except NotRetired as reason:
                raise CommandError(_("Nothing was retired: %(reason)s") % {"reason": reason}) from reason
        for segment in segments:
            self.stdout.write(f"audit-{segment.month}.jsonl  #{segment.first}-#{segment.last}  {segment.sha256}")
        self.stdout.write(self.style.SUCCESS(_("%(n)d months retired") % {"n": len(segments)}))
