"""`manage.py import_base_map`: roads, water, green and names under an area's maps, once, from a file."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from geo.importing import AreaImportCommand
from geo.models import Source
from geo.sources.problems import Problems, gettext_noop
from trust.imports import Report


class Command(AreaImportCommand):
    help = _("Import roads, water, green and names to lie under an area's maps.")
    action = "base_map.import"

    def add_import_arguments(self, parser: ArgumentParser) -> None:
        self.add_source_arguments(parser)
        parser.add_argument(
            "--kind",
            action="append",
            default=[],
            metavar="KIND=LAYER",
            help=_("What a layer or file holds, as road=道路线; as often as needed. By the names where not given."),
        )

    def run_import(self, **options: Any) -> Report:
        problems = Problems()
        kinds: dict[str, str] = {}
        for text in options["kind"]:
            kind, equals, name = (part.strip() for part in text.partition("="))
            if not equals or not name:
                problems.of(options["source"]).add(0, "--kind", text, gettext_noop("KIND=LAYER"))
            kinds[name] = kind
        problems.raise_any()
        return self.take_in(self.intake(Source.Kind.BASE_MAP, options, options={"kinds": kinds}), options)
