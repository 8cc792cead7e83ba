"""What has to be there before a plan: fresh scores of the routes, and something to buy."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from campaigns.services.inventory import InventoryReport, generate_placements, rate_card_for
from campaigns.services.problems import NothingToPlan
from geo.models import Area, Hotspot, Route
from geo.services import score_area, scores_are_current

Progress = Callable[[float, str], None]


def prepare_area(area: Area, day: date, progress: Progress | None = None) -> InventoryReport | None:
    """Score where scores are missing or stale; make placements where there are none, from the card that holds on `day`.

    Returns what was made, or None where placements were there already. Raises NothingToPlan where the area has no
    network or no people.
    """
    say = progress or (lambda percent, note: None)
    if not Hotspot.objects.filter(area=area).exists() or not Route.objects.filter(line__area=area).exists():
        raise NothingToPlan(_("This area has no bus network or no places with people. Import them first."))
    if not scores_are_current(area):
        score_area(area, progress=lambda percent, _note: say(percent, _("Scoring the routes")))
    if area.placements.exists():
        return None
    say(100, _("Making placements from the network"))
    return generate_placements(area, rate_card_for(area, day))
