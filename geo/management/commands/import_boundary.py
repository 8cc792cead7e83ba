"""`manage.py import_boundary`: the outline of an area."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.models import Source
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import the boundary of an area from GeoJSON, a Shapefile or a GeoPackage.")
    action = "boundary.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--where",
            default="",
            metavar="PROPERTY=VALUE",
            help=_("Which feature, where the file holds several, as gb=156440703."),
        )
        parser.add_argument(
            "--map-review-number", default=None, metavar="NUMBER", help=_("Review number of the map authority.")
        )

    def run_import(self, **options: Any) -> Report:
        chosen = {"where": options["where"], "map_review_number": options["map_review_number"]}
        return self.take_in(self.intake(Source.Kind.BOUNDARY, options, options=chosen), options)
