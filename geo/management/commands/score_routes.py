"""`manage.py score_routes`: how much publicity each route of an area could bring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from geo.models import Area
from geo.services import score_area


class Command(BaseCommand):
    help = _("Score the routes of an area and list the best.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--area", required=True, metavar="SLUG", help=_("Code of the area."))
        parser.add_argument("--top", type=int, default=10, metavar="N", help=_("How many routes to list."))

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(slug=options["area"]).first()
        if area is None:
            names = ", ".join(Area.objects.values_list("slug", flat=True)) or "-"
            raise CommandError(
                _("There is no area “%(slug)s”. Areas: %(names)s") % {"slug": options["area"], "names": names}
            )
        scores = score_area(area)
        if not scores:
            raise CommandError(_("The area has no routes yet: import its network first."))
        for place, score in enumerate(scores[: options["top"]], start=1):
            self.stdout.write(f"{place:>3}  {score.score:>12,.0f}  {score.route}")
        self.stdout.write(self.style.SUCCESS(_("%(n)d routes scored.") % {"n": len(scores)}))
