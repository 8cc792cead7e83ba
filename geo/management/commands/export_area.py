"""`manage.py export_area`: everything of an area as GeoJSON, GeoPackage or CSV, for others or back to us."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo import exports
from geo.models import Area


class Command(BaseCommand):
    help = _("Export an area as GeoJSON, GeoPackage or CSV files.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", required=True, metavar="SLUG", help=_("Code of the area."))
        parser.add_argument(
            "--format", choices=exports.FORMATS, default="geojson", help=_("geojson has the tables as CSV beside it.")
        )
        parser.add_argument("--out", required=True, metavar="DIR", help=_("Folder to write into; made where missing."))

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(slug=options["area"]).first()
        if area is None:
            names = ", ".join(Area.objects.values_list("slug", flat=True)) or "-"
            raise CommandError(
                _("There is no area “%(slug)s”. Areas: %(names)s") % {"slug": options["area"], "names": names}
            )
        written = exports.write(area, options["format"], Path(options["out"]))
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(self.style.SUCCESS(_("%(n)d files written.") % {"n": len(written)}))
