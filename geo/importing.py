"""What the import commands of this app share: the area, provenance, the mapping, and a map to check the system by."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from geo.check_map import check_svg
from geo.intake import Intake, prepare, series_of, store
from geo.loading import Provenance
from geo.models import Area
from geo.sources.problems import Problems, gettext_noop
from trust.imports import ImportCommand, Report


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("“%(text)s” is not a date such as 2026-09-01") % {"text": text}) from error


class AreaImportCommand(ImportCommand):
    """An import into one area; makes the area where it is missing."""

    def add_area_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", required=True, metavar="SLUG", help=_("Code of the area; made where missing."))
        parser.add_argument("--area-name", default="", metavar="NAME", help=_("What people call the area."))

    def add_source_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help=_("File or folder to import."))
        parser.add_argument(
            "--system",
            required=True,
            metavar="SYSTEM",
            help=_("Coordinate system of the file: wgs84, gcj02, bd09 or epsg:NNNN. Never guessed."),
        )
        self.add_area_arguments(parser)
        parser.add_argument("--as-of", type=iso_date, metavar="DATE", help=_("The day whose state the file describes."))
        parser.add_argument("--licence", default="", help=_("Terms under which the file may be used."))
        parser.add_argument("--origin", default="", help=_("Who made the file and where it was got."))
        parser.add_argument(
            "--replaces",
            default="",
            metavar="FILE",
            help=_("Name of an earlier imported file whose place this one takes."),
        )
        parser.add_argument(
            "--layer",
            action="append",
            default=[],
            metavar="NAME",
            help=_("Layer of a GeoPackage that has several; as often as needed."),
        )

    def add_checking_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check-map",
            default="",
            metavar="FILE",
            help=_("Draw the boundary and the places as they were read into an .svg file."),
        )

    def add_mapping_arguments(self, parser: ArgumentParser) -> None:
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

    def area(self, options: dict[str, Any]) -> Area:
        """The area named on the command line, made or renamed as the options say."""
        slug, name = options["area"], options["area_name"]
        area, _made = Area.objects.get_or_create(slug=slug, defaults={"name": name or slug})
        if name and area.name != name:
            area.name = name
            area.save(update_fields=["name"])
        return area

    def existing_area(self, options: dict[str, Any]) -> Area:
        """The area named on the command line. Raises CommandError where there is none."""
        area = Area.objects.filter(slug=options["area"]).first()
        if area is None:
            names = ", ".join(Area.objects.values_list("slug", flat=True)) or "-"
            raise CommandError(
                _("There is no area “%(slug)s”. Areas: %(names)s") % {"slug": options["area"], "names": names}
            )
        return area

    def intake(self, kind: str, options: dict[str, Any], /, **more: Any) -> Intake:
        """What the command line says about the file; `more` are fields of `Intake` that one command alone knows."""
        provenance = Provenance(
            file_name=Path(options["source"]).resolve().name,
            system=options["system"].strip().lower(),
            origin=options["origin"],
            licence=options["licence"],
            as_of=options["as_of"],
            replaces=options["replaces"],
        )
        given = {"layout": options.get("layout") or "", "layers": tuple(options["layer"]), **more}
        return Intake(kind=kind, path=Path(options["source"]), provenance=provenance, **given)

    def mapping(self, options: dict[str, Any]) -> dict[str, Any] | None:
        """The mapping as typed, or None where nothing was typed and that of the last time is meant."""
        if not any(options.get(name) for name in ("map", "set", "each")):
            return None
        problems = Problems()
        log = problems.of(Path(options["source"]).name)
        typed: dict[str, Any] = {"map": {}, "set": {}, "each": options.get("each") or []}
        for name in ("map", "set"):
            for text in options[name]:
                field, equals, value = (part.strip() for part in text.partition("="))
                if not equals or not value:
                    log.add(0, f"--{name}", text, gettext_noop("FIELD=… with one of the fields %(names)s"), names="…")
                elif field in typed[name]:
                    log.add(0, f"--{name}", text, gettext_noop("each field once"))
                typed[name][field] = value
        problems.raise_any()
        return typed

    def take_in(self, intake: Intake, options: dict[str, Any]) -> Report:
        """Take the file in; draw the map of the places where one was asked for."""
        area = self.area(options)
        taken = store(area, intake, prepare(area, intake))
        if options.get("check_map"):
            path = Path(options["check_map"])
            path.write_text(check_svg(area.boundary, series_of(taken)), encoding="utf-8")
            taken.report.lines.append(_("The map to check the coordinate system by: %(path)s") % {"path": path})
        taken.report.lines += taken.warnings
        return taken.report
