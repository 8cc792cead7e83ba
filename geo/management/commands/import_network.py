"""`manage.py import_network`: a bus network into an area."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.models import Source
from geo.sources import NETWORK_LAYOUTS
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import a bus network: lines, routes, stops and timetable.")
    action = "network.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--layout", required=True, choices=NETWORK_LAYOUTS, help=_("Layout of the file; see docs/data-formats.md.")
        )
        self.add_mapping_arguments(parser)
        self.add_checking_arguments(parser)

    def run_import(self, **options: Any) -> Report:
        return self.take_in(self.intake(Source.Kind.NETWORK, options, mapping=self.mapping(options)), options)
