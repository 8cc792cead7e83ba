"""What the import commands of this app share: the area, provenance, and a word on coordinates that look wrong."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from geo.loading import Provenance
from geo.models import Area
from geo.sources.plausible import guess_system
from trust.imports import ImportCommand


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

    def provenance(self, options: dict[str, Any], reading: dict[str, Any] | None = None) -> Provenance:
        """Where the file came from as the command line says; `reading` is how it is read, for the next time."""
        return Provenance(
            file_name=Path(options["source"]).resolve().name,
            system=options["system"].strip().lower(),
            origin=options["origin"],
            licence=options["licence"],
            as_of=options["as_of"],
            replaces=options["replaces"],
            options=reading or {},
        )

    def doubts(self, area: Area, lon: np.ndarray, lat: np.ndarray, system: str) -> list[str]:
        """A warning where the boundary fits the places better in another coordinate system than in the one given."""
        if not area.boundary:
            return []
        guess = guess_system(lon, lat, system.strip().lower(), area.boundary)
        if guess.best == guess.given:
            return []
        return [
            _(
                "Warning: %(share)s of the places lie inside the boundary when read as %(given)s, "
                "but %(best_share)s when read as %(best)s. Check the coordinate system."
            )
            % {
                "share": f"{guess.share[guess.given]:.1%}",
                "given": guess.given,
                "best_share": f"{guess.share[guess.best]:.1%}",
                "best": guess.best,
            }
        ]
