"""`manage.py import_hotspots`: places with people into an area."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.loading import store_hotspots
from geo.models import Source
from geo.sources import HOTSPOT_LAYOUTS, Mapping, read_hotspots
from geo.sources.frames import BASES
from geo.sources.problems import Problems
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import hotspots: places with people, from a table or GeoJSON.")
    action = "hotspots.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--layout",
            choices=HOTSPOT_LAYOUTS,
            help=_("csv (also .xlsx) or geojson; by the file's name where not given."),
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=_("A column of another name, as persons_per_day=客流; as often as needed."),
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help=_("The same value for every row, as category=school; as often as needed."),
        )
        parser.add_argument(
            "--each",
            action="append",
            default=[],
            metavar="COLUMN=CATEGORY*PERSONS",
            help=_("A column that counts: one hotspot for each row above zero, as schools=school*600."),
        )
        parser.add_argument("--basis", choices=BASES, default="estimated", help=_("Basis of rows that name none."))
        parser.add_argument("--skip-incomplete", action="store_true", help=_("Leave out rows without coordinates."))

    def run_import(self, **options: Any) -> Report:
        path = Path(options["source"])
        area = self.area(options)
        provenance = self.provenance(options)
        lines: list[str] = []
        given = [options["map"], options["set"], options["each"]]
        if not any(given):
            remembered = Source.objects.filter(
                area=area,
                kind=Source.Kind.HOTSPOTS,
                file_name__in=[provenance.replaces or provenance.file_name],
            ).first()
            mapping = remembered.options.get("mapping", {}) if remembered else {}
            given = [
                [f"{name}={column}" for name, column in mapping.get("map", {}).items()],
                [f"{name}={value}" for name, value in mapping.get("set", {}).items()],
                mapping.get("each", []),
            ]
            if any(given):
                lines.append(_("The column mapping of the last import is used again."))
        problems = Problems()
        maps, sets, each = given
        parsed = Mapping.parse(maps, sets, each, problems.of(path.name))
        problems.raise_any()
        layout = options["layout"] or ("geojson" if path.suffix.lower() in {".geojson", ".json"} else "csv")
        frame = read_hotspots(
            path,
            layout,
            options["system"],
            parsed,
            skip_incomplete=options["skip_incomplete"],
            default_basis=options["basis"],
        )
        provenance.options.update(layout=layout, mapping=parsed.describe())
        report = store_hotspots(area, frame, provenance)
        lon, lat = frame.hotspots["lon"].to_numpy(float), frame.hotspots["lat"].to_numpy(float)
        report.lines = lines + report.lines + self.doubts(area, lon, lat, options["system"])
        return report
