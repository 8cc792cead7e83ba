"""`manage.py sample_hotspots`: 示例 hotspots for an area that came without any."""

from argparse import ArgumentParser
from typing import Any

import pandas as pd
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.loading import Provenance, store_hotspots
from geo.models import Hotspot, Stop
from geo.sources.frames import STOP_COLUMNS
from geo.sources.generated import generate_hotspots
from trust.imports import Report

FILE_NAME = "sample_hotspots"


class Command(AreaImportCommand):
    help = _("Make sample hotspots around the stops of an area that came without any.")
    action = "hotspots.sample"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_area_arguments(parser)

    def run_import(self, **options: Any) -> Report:
        area = self.existing_area(options)
        if Hotspot.objects.filter(area=area).exclude(source__file_name=FILE_NAME).exists():
            raise CommandError(_("The area has hotspots of its own; sample ones would mix with them."))
        stops = pd.DataFrame(list(Stop.objects.filter(area=area).order_by("code").values(*STOP_COLUMNS)))
        if not len(stops):
            raise CommandError(_("The area has no stops yet: import its network first."))
        frame = generate_hotspots(stops)
        provenance = Provenance(file_name=FILE_NAME, system="wgs84", origin=_("Made by this system, 示例"))
        return store_hotspots(area, frame, provenance)
