"""`manage.py import_boundary`: the outline of an area."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.models import Source
from geo.sources import read_boundary
from geo.sources.problems import Problems, gettext_noop
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import the boundary of an area from GeoJSON.")
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
        path = Path(options["source"])
        where = None
        if options["where"]:
            name, equals, value = options["where"].partition("=")
            if not equals:
                problems = Problems()
                problems.of(path.name).add(0, "--where", options["where"], gettext_noop("PROPERTY=VALUE"))
                problems.raise_any()
            where = (name.strip(), value.strip())
        boundary = read_boundary(path, options["system"], where)
        area = self.area(options)
        geometry = _plain(boundary.geometry)
        had = area.boundary
        number = options["map_review_number"]
        same = had == geometry and number in {None, area.map_review_number}
        report = Report(created=int(not had), updated=int(bool(had) and not same), unchanged=int(bool(had) and same))
        if not same:
            area.boundary = geometry
            area.map_review_number = area.map_review_number if number is None else number
            area.save(update_fields=["boundary", "map_review_number"])
        provenance = self.provenance(options)
        values = {
            "sha256": boundary.sha256,
            "system": provenance.system,
            "origin": provenance.origin,
            "licence": provenance.licence,
            "as_of": provenance.as_of,
            "options": {"where": options["where"]},
            "counts": {"boundary": 1},
        }
        known = Source.objects.filter(area=area, kind=Source.Kind.BOUNDARY, file_name=provenance.file_name).first()
        if known is None or not same or any(getattr(known, name) != value for name, value in values.items()):
            Source.objects.update_or_create(
                area=area, kind=Source.Kind.BOUNDARY, file_name=provenance.file_name, defaults=values
            )
        if not area.map_review_number:
            report.lines.append(_("No map review number yet: public pages show a list instead of the boundary."))
        return report


def _plain(value: Any) -> Any:
    """Tuples as lists, as they come back from the database."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
