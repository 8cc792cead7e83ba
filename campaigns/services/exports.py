"""A plan as files: CSV for a spreadsheet, GeoJSON for a GIS, and one map that opens without a network."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from campaigns.explain import money, reason
from campaigns.models import Booking, Format, PlanPick, PlanVersion
from campaigns.services.proofs import status, status_label

if TYPE_CHECKING:
    from geo.maps import Pick

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula


BADGE_SIGNS = 8


def badge_label(line: str) -> str:
    """What fits on a badge on the map: the name of a line, its first word where that is long, else nothing.

    >>> badge_label("TR60 TRONCAL"), badge_label("示例12路"), badge_label("Circular-Praça-XV")
    ('TR60', '示例12路', '')
    """
    short = line if len(line) <= BADGE_SIGNS else line.split(" ", maxsplit=1)[0]
    return short if len(short) <= BADGE_SIGNS else ""


def picks_geojson(plan: PlanVersion) -> dict[str, Any]:
    """The picks as a FeatureCollection in WGS-84, in the order of picking; those booked tell their proof and scans."""
    return picks_collection(plan.picks.all(), name=str(plan), street=_on_the_street(plan))


def picks_collection(
    picks: Iterable[PlanPick], *, name: str = "", street: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """`picks_geojson` of picks that need not be stored."""
    return {
        "type": "FeatureCollection",
        "name": name,
        "features": [
            {
                "type": "Feature",
                "geometry": pick.shape,
                "properties": {
                    "order": pick.order,
                    "placement": pick.placement_id,
                    "code": pick.code,
                    "name": pick.name,
                    "format": pick.format,
                    "format_label": pick.get_format_display(),
                    "cost_cny": float(pick.cost_cny),
                    "standalone": round(pick.standalone, 6),
                    "marginal": round(pick.marginal, 6),
                    "cumulative_reach": round(pick.cumulative_reach, 6),
                    "reason": reason(pick),
                    "label": badge_label(pick.facts.get("line", "")),
                    "at": list(pick_position(pick)),
                    **(street or {}).get(pick.placement_id, {}),
                },
            }
            for pick in picks
        ],
    }


def _on_the_street(plan: PlanVersion) -> dict[int, dict[str, Any]]:
    """By booked placement: state of the proof of posting with its name on the screen, and scans of its code."""
    booked = plan.bookings.filter(state=Booking.State.BOOKED, makes_good__isnull=True).prefetch_related("proofs")
    counted = booked.annotate(scans=Coalesce(Sum("codes__counts__count"), 0))
    return {
        booking.placement_id: {
            "proof": (state := status(booking.proofs.all())),
            "proof_label": status_label(state),
            "scans": booking.scans,
        }
        for booking in counted
    }


def picks_csv(plan: PlanVersion) -> str:
    """The picks as CSV with a header in Chinese; begins with a byte-order mark so that spreadsheets read UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            _("No."), _("Code"), _("Placement"), _("Ad format"), _("Street or town"), _("Cost (yuan)"), _("Alone (%)"),
            _("Added (%)"), _("Cumulative (%)"), _("Why"),
        ]
    )  # fmt: skip
    for pick in plan.picks.all():
        writer.writerow(
            [
                pick.order,
                safe_cell(pick.code),
                safe_cell(pick.name),
                pick.get_format_display(),
                safe_cell(pick.facts.get("street", "")),
                f"{pick.cost_cny:.2f}",
                f"{100 * pick.standalone:.2f}",
                f"{100 * pick.marginal:.2f}",
                f"{100 * pick.cumulative_reach:.2f}",
                reason(pick),
            ]
        )
    return "\ufeff" + text.getvalue()


def safe_cell(value: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(DANGEROUS) else value


def plan_map(plan: PlanVersion) -> str:
    """One HTML file with its scripts and styles inside: base map, routes, hotspots and numbered picks."""
    # Here, not above: folium and numba take seconds to load, and the other files need neither.
    from geo import maps  # noqa: PLC0415
    from geo.services import layers  # noqa: PLC0415

    area = plan.campaign.area
    drawn = maps.area_map(area, layers(area), picks=[_map_pick(pick) for pick in plan.picks.all()], staff=True)
    return maps.html(drawn, standalone=True)


def _map_pick(pick: PlanPick) -> "Pick":
    from geo.maps import Pick  # noqa: PLC0415

    paths = pick.shape["coordinates"] if pick.shape["type"] == "MultiLineString" else []
    lon, lat = pick_position(pick)
    return Pick(
        number=pick.order,
        kind=pick.format,
        title=pick.name,
        lon=lon,
        lat=lat,
        label=badge_label(pick.facts.get("line", "")),
        paths=paths,
        rows=[
            (_("Ad format"), pick.get_format_display()),
            (_("Cost"), f"¥{money(pick.cost_cny)}"),
            (_("Adds"), f"+{100 * pick.marginal:.1f}%"),
        ],
    )


def pick_position(pick: PlanPick) -> tuple[float, float]:
    """Longitude and latitude where the number of a pick stands: the stop, or a place along the line.

    A body and a screen of one line stand at different places, so that neither covers the other's number.
    """
    coordinates = pick.shape["coordinates"]
    if pick.shape["type"] == "Point":
        return coordinates[0], coordinates[1]
    path = coordinates[0] if coordinates else [[0.0, 0.0]]
    share = 0.62 if pick.format == Format.SCREEN else 0.38
    lon, lat = path[int((len(path) - 1) * share)]
    return lon, lat


def file_stem(plan: PlanVersion) -> str:
    """An ASCII name for downloads."""
    return f"{plan.campaign.area.slug}-campaign{plan.campaign_id}-plan{plan.number}"
