"""`manage.py export_area`: an area's tables as GeoJSON and CSV, to be read by others or back by us."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo import layers
from geo.models import Area


class Command(BaseCommand):
    help = _("Export an area as GeoJSON or CSV files.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", required=True, metavar="SLUG", help=_("Code of the area."))
        parser.add_argument(
            "--format", choices=("geojson", "csv"), default="geojson", help=_("geojson (with CSV beside it) or csv.")
        )
        parser.add_argument("--out", required=True, metavar="DIR", help=_("Folder to write into; made where missing."))

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(slug=options["area"]).first()
        if area is None:
            names = ", ".join(Area.objects.values_list("slug", flat=True)) or "-"
            raise CommandError(
                _("There is no area “%(slug)s”. Areas: %(names)s") % {"slug": options["area"], "names": names}
            )
        out = Path(options["out"])
        out.mkdir(parents=True, exist_ok=True)
        tables = {
            "routes": layers.routes_layer(area, simplify=False),
            "stops": layers.stops_layer(area),
            "hotspots": layers.hotspots_layer(area),
            "boundary": layers.boundary_layer(area),
        }
        written = []
        for name, table in tables.items():
            if not table["features"]:
                continue
            if options["format"] == "geojson":
                written.append(_write_geojson(out, name, table))
            if name != "boundary":
                written.append(_write_csv(out, name, table))
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(self.style.SUCCESS(_("%(n)d files written.") % {"n": len(written)}))


def _write_geojson(out: Path, name: str, table: dict[str, Any]) -> Path:
    """Routes and stops go into a folder of their own, which import_network reads back."""
    folder = out / "network" if name in {"routes", "stops"} else out
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path


def _write_csv(out: Path, name: str, table: dict[str, Any]) -> Path:
    """One row per feature with a byte order mark, so that Excel shows Chinese; points with lon and lat."""
    path = out / f"{name}.csv"
    rows = []
    for feature in table["features"]:
        row = {key: _cell(value) for key, value in feature["properties"].items()}
        if feature["geometry"]["type"] == "Point":
            row["lon"], row["lat"] = feature["geometry"]["coordinates"]
        rows.append(row)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    if isinstance(value, dict):
        return ";".join(f"{key}={part}" for key, part in value.items())
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"  # a spreadsheet would run it as a formula
    return value
