"""`manage.py generate_placements --area SLUG`: what can be bought, from the network and a rate card."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import RateCard
from geo.models import Area
from trust.audit import record


class Command(BaseCommand):
    help = "Make or update the placements of an area from its network and a rate card."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", required=True, help="slug of the area")
        parser.add_argument("--rate-card", help="its name; else the one that holds today, or sample prices")

    def handle(self, *args: Any, **options: Any) -> None:
        from campaigns.services.inventory import generate_placements, rate_card_for

        area = find_area(options["area"])
        card = rate_card_for(area, timezone.localdate())
        if options["rate_card"]:
            named = RateCard.objects.filter(area=area, name=options["rate_card"]).first()
            if named is None:
                raise CommandError(_("This area has no rate card named %(name)s.") % {"name": options["rate_card"]})
            card = named
        report = generate_placements(area, card)
        record("placements.generate", subject=area, detail={"rate_card": card.name, "created": report.created})
        self.stdout.write(
            _(
                "Placements of %(area)s from %(card)s: %(created)d new, %(updated)d changed, %(unchanged)d unchanged, "
                "%(retired)d taken off sale."
            )
            % {
                "area": area.name,
                "card": card.name,
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "retired": report.retired,
            }
        )
        if report.lines_too_small:
            self.stdout.write(
                _("%(n)d lines have fewer buses than the least number sold.") % {"n": report.lines_too_small}
            )


def find_area(slug: str) -> Area:
    """The area of that slug; CommandError naming those that there are."""
    area = Area.objects.filter(slug=slug).first()
    if area is None:
        known = ", ".join(Area.objects.values_list("slug", flat=True)) or "–"
        raise CommandError(_("There is no area %(slug)s. Known: %(known)s") % {"slug": slug, "known": known})
    return area
