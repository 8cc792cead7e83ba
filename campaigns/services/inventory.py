"""From a network and a rate card to placements: one face per served stop, options of buses and of plays per line.

Running it again changes nothing that has not changed: rows are matched by code, rows that a person has taken over
(`follows_rate_card` off) are left alone, and what the network no longer has is taken off sale, never deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _
from scipy.spatial import cKDTree

from campaigns.models import Format, Placement, RateCard, RateLine
from geo.arrays import AreaArrays, load_area
from geo.models import Area, Hotspot, Line, Stop

STREET_WITHIN_M = 1000.0  # a stop takes its street from the nearest hotspot no farther than this
BUS_STEPS = (1, 2, 4)  # options of buses, as multiples of the least number sold
PLAY_STEPS = (1, 2)  # options of plays per loop, as multiples of the price's own
FIELDS = (
    "format", "name", "stop_id", "line_id", "bundle", "wrapped_buses", "net_price_cny", "production_cny",
    "period_days", "rate_line_id", "street", "is_active", "width_m", "height_m", "share_of_voice", "spot_s",
    "plays_per_loop", "loop_s",
)  # fmt: skip


@dataclass(frozen=True)
class InventoryReport:
    """How many placements were made, changed, left, taken off sale; and lines with fewer buses than the minimum."""

    created: int
    updated: int
    unchanged: int
    retired: int
    lines_too_small: int


def generate_placements(area: Area, rate_card: RateCard) -> InventoryReport:
    """Bring the placements of `area` in step with its network and with `rate_card`."""
    arrays = load_area(area)
    prices = {line.format: line for line in rate_card.lines.all()}
    wanted: list[Placement] = []
    too_small = 0
    if Format.SHELTER in prices:
        wanted += _shelters(area, arrays, prices[Format.SHELTER])
    buses = dict(zip(arrays.line_ids, arrays.network.line_buses, strict=True))
    for line in Line.objects.filter(area=area, pk__in=list(buses)).order_by("pk"):
        count = int(line.buses if line.buses is not None else round(float(buses[line.pk])))
        offers = list(_bodies(area, line, count, prices.get(Format.BODY)))
        offers += _screens(area, line, count, prices.get(Format.SCREEN))
        too_small += not offers
        wanted += offers
    return _store(area, wanted, too_small)


def _shelters(area: Area, arrays: AreaArrays, price: RateLine) -> Iterator[Placement]:
    streets = _streets(area, arrays)
    for stop in Stop.objects.filter(area=area, calls__isnull=False).distinct().order_by("pk"):
        yield Placement(
            area=area,
            code=f"shelter:{stop.code}:a",
            format=Format.SHELTER,
            name=_("%(stop)s, face A") % {"stop": stop.name},
            stop=stop,
            street=streets.get(stop.pk, ""),
            width_m=price.width_m,
            height_m=price.height_m,
            share_of_voice=price.share_of_voice,
            **_priced(price, units=1),
        )


def _bodies(area: Area, line: Line, buses: int, price: RateLine | None) -> Iterator[Placement]:
    if price is None:
        return
    for units in [step * price.minimum_units for step in BUS_STEPS]:
        if units <= buses:
            yield Placement(
                area=area,
                code=f"body:{line.code}:{units}",
                format=Format.BODY,
                name=_("%(line)s, %(n)d buses") % {"line": line.name, "n": units},
                line=line,
                bundle=f"body:{line.code}",
                wrapped_buses=units,
                **_priced(price, units=units),
            )


def _screens(area: Area, line: Line, buses: int, price: RateLine | None) -> Iterator[Placement]:
    if price is None or buses < price.minimum_units or not (price.spot_s and price.plays_per_loop and price.loop_s):
        return
    for step in PLAY_STEPS:
        plays = step * price.plays_per_loop
        if plays * price.spot_s <= price.loop_s:
            yield Placement(
                area=area,
                code=f"screen:{line.code}:{price.spot_s}s{plays}",
                format=Format.SCREEN,
                name=_("%(line)s, %(seconds)d s × %(plays)d")
                % {"line": line.name, "seconds": price.spot_s, "plays": plays},
                line=line,
                bundle=f"screen:{line.code}",
                wrapped_buses=buses,
                spot_s=price.spot_s,
                plays_per_loop=plays,
                loop_s=price.loop_s,
                **_priced(price, units=buses, steps=step),
            )


def _priced(price: RateLine, *, units: int, steps: int = 1) -> dict[str, object]:
    """Price fields for `units` faces or buses; a spot shown `steps` times as often costs that much more."""
    return {
        "net_price_cny": price.net_price_cny * units * steps,
        "production_cny": price.production_cny * units,
        "period_days": price.period_days,
        "rate_line": price,
    }


def _streets(area: Area, arrays: AreaArrays) -> dict[int, str]:
    """Street of each stop, from the nearest hotspot that knows its own."""
    known = dict(Hotspot.objects.filter(area=area).exclude(street="").values_list("pk", "street"))
    at = [index for index, pk in enumerate(arrays.hotspot_ids) if int(pk) in known]
    if not at or not len(arrays.stop_ids):
        return {}
    tree = cKDTree(np.column_stack([arrays.hotspots.x[at], arrays.hotspots.y[at]]))
    stops = np.column_stack([arrays.network.stop_x, arrays.network.stop_y])
    _distance_m, nearest = tree.query(stops, distance_upper_bound=STREET_WITHIN_M)
    return {
        int(stop): known[int(arrays.hotspot_ids[at[index]])]
        for stop, index in zip(arrays.stop_ids, np.atleast_1d(nearest), strict=True)
        if index < len(at)
    }


@transaction.atomic
def _store(area: Area, wanted: list[Placement], too_small: int) -> InventoryReport:
    known = {placement.code: placement for placement in Placement.objects.filter(area=area)}
    fresh = [placement for placement in wanted if placement.code not in known]
    changed = []
    for placement in wanted:
        old = known.get(placement.code)
        if old is None or not old.follows_rate_card or _same(old, placement):
            continue
        for name in FIELDS:
            setattr(old, name, getattr(placement, name))
        changed.append(old)
    codes = {placement.code for placement in wanted}
    gone = [
        placement
        for placement in known.values()
        if placement.follows_rate_card and placement.is_active and placement.code not in codes
    ]
    for placement in gone:
        placement.is_active = False
    Placement.objects.bulk_create(fresh, batch_size=500)
    Placement.objects.bulk_update(changed, [name.removesuffix("_id") for name in FIELDS], batch_size=200)
    Placement.objects.bulk_update(gone, ["is_active"], batch_size=200)
    return InventoryReport(
        created=len(fresh),
        updated=len(changed),
        unchanged=len(wanted) - len(fresh) - len(changed),
        retired=len(gone),
        lines_too_small=too_small,
    )


def _same(old: Placement, new: Placement) -> bool:
    return all(getattr(old, name) == getattr(new, name) for name in FIELDS)


def rate_card_for(area: Area, day: date) -> RateCard:
    """The newest rate card that holds on `day`, else the newest of all, else the one of invented prices."""
    cards = RateCard.objects.filter(area=area)
    holding = cards.filter(valid_from__lte=day).exclude(valid_to__lt=day)
    return holding.first() or cards.first() or sample_rate_card(area)


SAMPLE_CARD = "示例价目"

# Invented prices of a plausible order of size, marked 示例 wherever they show.
SAMPLE_PRICES = (
    {
        "format": Format.SHELTER, "unit": RateLine.Unit.FACE, "list_price_cny": 8800, "net_price_cny": 5200,
        "production_cny": 420, "minimum_units": 1, "width_m": Decimal("3.50"), "height_m": Decimal("1.50"),
    },
    {
        "format": Format.BODY, "unit": RateLine.Unit.BUS, "list_price_cny": 7800, "net_price_cny": 4200,
        "production_cny": 1500, "minimum_units": 1,
    },
    {
        "format": Format.SCREEN, "unit": RateLine.Unit.BUS, "list_price_cny": 3000, "net_price_cny": 1800,
        "production_cny": 0, "minimum_units": 2, "spot_s": 15, "plays_per_loop": 1, "loop_s": 300,
    },
)  # fmt: skip


@transaction.atomic
def sample_rate_card(area: Area) -> RateCard:
    """The area's rate card of invented prices, made where it is missing."""
    card, made = RateCard.objects.get_or_create(
        area=area,
        name=SAMPLE_CARD,
        defaults={"valid_from": date(2026, 1, 1), "is_sample": True},
    )
    if made:
        for price in SAMPLE_PRICES:
            RateLine.objects.create(card=card, **price)
    return card
