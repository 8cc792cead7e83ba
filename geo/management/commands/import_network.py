"""`manage.py import_network`: a bus network into an area."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.loading import store_network
from geo.sources import NETWORK_LAYOUTS, read_network
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import a bus network: lines, routes, stops and timetable.")
    action = "network.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--layout", required=True, choices=NETWORK_LAYOUTS, help=_("Layout of the file; see docs/data-formats.md.")
        )

    def run_import(self, **options: Any) -> Report:
        frames = read_network(Path(options["source"]), options["layout"], options["system"])
        area = self.area(options)
        report = store_network(area, frames, self.provenance(options, {"layout": options["layout"]}))
        lon, lat = frames.stops["lon"].to_numpy(float), frames.stops["lat"].to_numpy(float)
        report.lines += self.doubts(area, lon, lat, options["system"])
        return report
