"""`manage.py import_hotspots`: places with people into an area."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.models import Source
from geo.sources import HOTSPOT_LAYOUTS
from geo.sources.frames import BASES
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import hotspots: places with people, from a table or a file of features.")
    action = "hotspots.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--layout",
            choices=HOTSPOT_LAYOUTS,
            help=_("Layout of the file (csv is also .xlsx); by the file's name where not given."),
        )
        self.add_mapping_arguments(parser)
        parser.add_argument(
            "--each",
            action="append",
            default=[],
            metavar="COLUMN=CATEGORY*PERSONS",
            help=_("A column that counts: one hotspot for each row above zero, as schools=school*600."),
        )
        parser.add_argument("--basis", choices=BASES, default="estimated", help=_("Basis of rows that name none."))
        parser.add_argument("--skip-incomplete", action="store_true", help=_("Leave out rows without coordinates."))
        self.add_checking_arguments(parser)

    def run_import(self, **options: Any) -> Report:
        chosen = {"skip_incomplete": options["skip_incomplete"], "basis": options["basis"]}
        intake = self.intake(Source.Kind.HOTSPOTS, options, mapping=self.mapping(options), options=chosen)
        return self.take_in(intake, options)
