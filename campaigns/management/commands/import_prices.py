"""`manage.py import_prices FILE --area SLUG`: the inventory of an area, or with --rate-card the prices of a card."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from campaigns.management.commands.generate_placements import find_area
from campaigns.models import RateCard
from campaigns.services.pricefiles import INVENTORY, PRICES, take_in
from trust.imports import ImportCommand, Report


class Command(ImportCommand):
    help = _("Import placements, or with --rate-card prices, from CSV or XLSX as the planner exports them.")
    action = "prices.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE", help=_("CSV or XLSX file."))
        parser.add_argument("--area", required=True, metavar="SLUG", help=_("Code of the area."))
        parser.add_argument(
            "--rate-card", default="", metavar="NAME", help=_("Name of the card that the prices go to.")
        )

    def run_import(self, **options: Any) -> Report:
        area, path, card = find_area(options["area"]), Path(options["source"]), None
        if options["rate_card"]:
            card = RateCard.objects.filter(area=area, name=options["rate_card"]).first()
            if card is None:
                raise CommandError(_("This area has no rate card named %(name)s.") % {"name": options["rate_card"]})
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        return take_in(PRICES if card else INVENTORY, area, card, path.name, path.read_bytes())
