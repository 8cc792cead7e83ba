"""Routes, stops and places as marks with a card: what a tooltip and a click say."""

from django.utils.translation import gettext as _

from geo import palette
from geo.map_features import Json, as_feature, prop, score_of
from geo.models import Category, Hotspot

LARGEST_CROWD = 20_000  # persons per day at which a mark stops growing


def route_card(route: Json) -> Json:
    score, trips, length_m = score_of(route), prop(route, "trips_per_day"), prop(route, "length_m")
    rows = []
    if score is not None:
        rows.append([_("Score"), _number(score)])
    if trips:
        rows.append([_("Trips per day"), _number(trips)])
    if length_m:
        rows.append([_("Length"), _("%(km)s km") % {"km": f"{length_m / 1000:.1f}"}])
    line, name = str(prop(route, "line_name") or prop(route, "line") or ""), str(prop(route, "name") or "")
    title = name if line and line in name else f"{line} {name}".strip()
    return {"kind": _("Bus route"), "title": title, "rows": rows}


def shrink(count: int, plenty: int = 400) -> float:
    """Factor for the size of `count` marks, so that thousands stay apart: 1 up to `plenty`, then down to 0.45."""
    return float(max(0.45, min(1.0, (plenty / max(count, 1)) ** 0.4)))


def stop_mark(stop: Json, scale: float = 1.0) -> Json:
    style = {"shape": "circle", "radius": round(3.3 * scale, 2), "weight": round(1.2 * scale, 2), "color": palette.EDGE}
    style |= {"fillColor": "#ffffff", "fillOpacity": 1}
    lines = prop(stop, "lines")
    count = len(lines) if isinstance(lines, list) else lines
    rows = [[_("Lines"), _number(count)]] if count else []
    return as_feature(stop["geometry"], {"kind": _("Stop"), "title": prop(stop, "name"), "rows": rows, "style": style})


def hotspot_marks(hotspots: list[Json]) -> list[Json]:
    """Marks by category, area by persons; the large ones first, so that no small one is hidden."""
    basis = dict(Hotspot.Basis.choices)
    labels = dict(Category.choices)
    shown, scale = [], shrink(len(hotspots))
    for spot in sorted(hotspots, key=lambda f: -float(prop(f, "persons_per_day") or 0)):
        category, persons = str(prop(spot, "category")), float(prop(spot, "persons_per_day") or 0)
        shape, color = palette.CATEGORY_STYLE.get(category, palette.OTHER_STYLE)
        rows = [
            [_("Persons per day"), _number(persons)],
            [_("Basis"), str(basis.get(prop(spot, "basis"), ""))],
            [_("As of"), str(prop(spot, "as_of") or "")],
            [_("Street or town"), str(prop(spot, "street") or "")],
        ]
        style = {
            "shape": shape,
            "radius": round(scale * (4.6 + 5.2 * min(1.0, persons / LARGEST_CROWD) ** 0.5), 2),
            "color": "#ffffff",
            "weight": round(1.5 * scale, 2),
            "fillColor": color,
            "fillOpacity": 1,
        }
        card = {"kind": str(labels.get(category, "")), "title": prop(spot, "name"), "rows": [r for r in rows if r[1]]}
        shown.append(as_feature(spot["geometry"], {**card, "style": style}))
    return shown


def _number(value: float) -> str:
    return f"{round(value):,}"
