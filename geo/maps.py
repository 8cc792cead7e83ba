"""An area as a folium map: previews inside the site and a stand-alone file, drawn from our own files alone.

Folium fetches Leaflet, jQuery, Bootstrap and icon fonts from foreign hosts; `AreaMap` needs Leaflet and one small
script, both served by us or written into the file. Whole layers go in as GeoJSON and are painted on canvas.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import numpy as np
from branca.element import MacroElement
from django.utils.translation import gettext as _
from folium.map import CustomPane
from folium.template import Template
from folium.utilities import JsCode

from geo import palette
from geo.map_cards import hotspot_marks, route_card, shrink, stop_mark
from geo.map_features import (
    Json,
    as_feature,
    bounds_of,
    features_of,
    numbered,
    polygons_of,
    prop,
    road_level,
    score_of,
    with_style,
)
from geo.map_page import LEAFLET_CSS, LEAFLET_JS, MAP_CSS, MAP_JS, Page, page_html
from geo.models import Area

Layers = Mapping[str, Any]


@dataclass(frozen=True)
class Pick:
    """One placement of a plan, with the number that it has in the list.

    `lon`, `lat`: where the number stands (degrees, WGS-84). `paths`: for a bus body or a screen the ways of its line,
    each [[lon, lat], …]. `label` stands beside the number, as 101路; a shelter has none. `rows`: (label, value) of the
    card that a click opens.
    """

    number: int
    kind: str  # "shelter", "body" or "screen"
    title: str
    lon: float
    lat: float
    label: str = ""
    paths: Sequence[Sequence[Sequence[float]]] = ()
    rows: Sequence[tuple[str, str]] = ()


class AreaMap(folium.Map):
    """folium.Map with nothing fetched from elsewhere and a viewport that people may zoom."""

    default_js = [("leaflet", f"/static/{LEAFLET_JS}"), ("pufa_map", f"/static/{MAP_JS}")]
    default_css = [("leaflet_css", f"/static/{LEAFLET_CSS}"), ("pufa_map_css", f"/static/{MAP_CSS}")]

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }}, crs: L.CRS.EPSG3857, ...{{ this.options|tojavascript }}
            });
            L.control.scale({imperial: false, maxWidth: 120}).addTo({{ this.get_name() }});
            L.control.zoom({
                position: "bottomright",
                zoomInTitle: {{ this.zoom_in|tojson }}, zoomOutTitle: {{ this.zoom_out|tojson }}
            }).addTo({{ this.get_name() }});
            PufaMap.fit({{ this.get_name() }}, {{ this.bounds|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, page: Page, bounds: list[list[float]], **options: Any) -> None:
        super().__init__(tiles=None, prefer_canvas=True, zoom_control=False, attribution_control=False, **options)
        self.page, self.bounds = page, bounds
        self.zoom_in, self.zoom_out = _("Zoom in"), _("Zoom out")


class _Casing(folium.map.Layer):
    """The lines of another layer once more, wider and below: an edge without a second copy of the data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.geoJson({{ this.data|tojson }}, {{ this.options|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, data: Json, **options: Any) -> None:
        super().__init__(name="casing", control=False)
        self._name = "Casing"
        self.data = data
        self.options = options


class _Ready(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}PufaMap.ready({{ this._parent.get_name() }});{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()
        self._name = "Ready"


def area_map(area: Area, layers: Layers, picks: Iterable[Pick] | None = None, *, staff: bool = False) -> AreaMap:
    """The map of `layers` (what `geo.services.layers` gives: routes, stops, hotspots, base, boundary).

    The boundary is drawn where the area has a map review number, is made up, or the reader is on the staff: no public
    page shows one that nobody has reviewed.
    """
    chosen = list(picks or ())
    routes, hotspots = features_of(layers.get("routes")), features_of(layers.get("hotspots"))
    stops = features_of(layers.get("stops"))
    page = Page(
        title=_("%(area)s: bus routes and places with people") % {"area": area.name},
        is_sample=area.is_sample,
        source_line=_source_line(area, hotspots),
        categories=_categories_of(hotspots),
        has_scores=any(score_of(route) is not None for route in routes),
        has_picks=bool(chosen),
    )
    bounds = (
        bounds_of([*routes, *hotspots, *stops])
        or bounds_of(features_of(layers.get("boundary")))
        or [[22, 112], [24, 114]]
    )
    centre = [(bounds[0][0] + bounds[1][0]) / 2, (bounds[0][1] + bounds[1][1]) / 2]
    zooms = {"zoom_start": 11, "zoom_snap": 0.25, "zoom_delta": 0.5, "min_zoom": 8, "max_zoom": 17}
    drawn = AreaMap(page, bounds, location=centre, **zooms)
    CustomPane("base", z_index=250).add_to(drawn)
    CustomPane("names", z_index=450).add_to(drawn)
    _draw_base(drawn, layers.get("base") or {})
    if area.map_review_number or area.is_sample or staff:
        _draw_boundary(drawn, features_of(layers.get("boundary")))
    _draw_routes(drawn, routes, muted=bool(chosen))
    if chosen:
        _draw_picks(drawn, chosen)
    _draw_points(drawn, [stop_mark(stop, shrink(len(stops))) for stop in stops], _("Stops"))
    _draw_points(drawn, hotspot_marks(hotspots), _("Places with people"))
    _draw_names(drawn, features_of((layers.get("base") or {}).get("label")))
    folium.LayerControl(position="topleft", collapsed=False).add_to(drawn)
    _Ready().add_to(drawn)
    return drawn


def html(drawn: AreaMap, standalone: bool = False) -> str:
    """A whole page: one that fetches our static files, or one that has everything in it and opens from disk."""
    return page_html(drawn, standalone=standalone)


def score_steps(scores: Sequence[float]) -> np.ndarray:
    """Step 0–5 of the score ramp for each score, by rank: each step holds about a sixth; equal scores share one.

    >>> score_steps([5.0, 1.0, 1.0, 9.0]).tolist()
    [3, 0, 0, 5]
    """
    values = np.asarray(scores, dtype=float)
    distinct, index = np.unique(values, return_inverse=True)
    if len(distinct) < 2:
        return np.full(len(values), len(palette.SCORE_RAMP) - 1)
    below = np.searchsorted(np.sort(values), distinct, side="left")
    share = below / below[-1]
    steps: np.ndarray = np.minimum((share * 6).astype(int), 5)[index]
    return steps


def _draw_base(drawn: AreaMap, base: Layers) -> None:
    options: Json = {"pane": "base", "interactive": False, "control": False}
    fills = {"land": palette.LAND, "green": palette.GREEN, "water": palette.WATER}
    for kind in ("land", "green", "water"):
        found = features_of(base.get(kind))
        if found:
            shown = [
                with_style(f, {"fillColor": palette.BLOCK if prop(f, "class") == "block" else fills[kind]})
                for f in found
            ]
            look = {"stroke": False, "fill": True, "fillOpacity": 1}
            folium.GeoJson(
                numbered(shown), style_function=lambda f, look=look: {**look, **f["properties"]["style"]}, **options
            ).add_to(drawn)
    roads = sorted(features_of(base.get("road")), key=lambda f: -road_level(f))
    for edge in (True, False):
        for level, (outer, inner) in {3: (0.0, 1.5), 2: (4.2, 2.7), 1: (6.0, 4.2)}.items():
            weight = outer if edge else inner
            some = [with_style(f, {}) for f in roads if road_level(f) == level]
            if some and weight:
                _Casing(
                    numbered(some),
                    pane="base",
                    interactive=False,
                    style={"color": palette.ROAD_EDGE if edge else palette.ROAD, "weight": weight, "lineJoin": "round"},
                    base_weight=weight,
                ).add_to(drawn)


def _draw_boundary(drawn: AreaMap, found: list[Json]) -> None:
    """The outside paler, the outline dashed."""
    parts = [rings for feature in found for rings in polygons_of(feature["geometry"])]
    if not parts:
        return
    (south, west), (north, east) = bounds_of(found) or [[0, 0], [0, 0]]
    world = [
        [west - 3, south - 3],
        [east + 3, south - 3],
        [east + 3, north + 3],
        [west - 3, north + 3],
        [west - 3, south - 3],
    ]
    outside = {"type": "Polygon", "coordinates": [world, *(rings[0] for rings in parts)]}
    outline = {"type": "MultiLineString", "coordinates": [ring for rings in parts for ring in rings]}
    veil = {"stroke": False, "fill": True, "fillColor": "#ffffff", "fillOpacity": 0.58}
    dashes = {"color": palette.ROUTE_PLAIN, "weight": 1.4, "dashArray": "6 4", "fill": False}
    for geometry, style in ((outside, veil), (outline, dashes)):
        folium.GeoJson(
            numbered([as_feature(geometry, {})]),
            style_function=lambda _f, style=style: style,
            pane="base",
            interactive=False,
            control=False,
        ).add_to(drawn)


def _draw_routes(drawn: AreaMap, routes: list[Json], muted: bool) -> None:
    """Best routes last, so that they lie on top; every route in its step of the ramp, with a dark edge."""
    if not routes:
        return
    group = folium.FeatureGroup(name=_("Bus routes")).add_to(drawn)
    scored = [route for route in routes if score_of(route) is not None]
    steps = dict(zip(map(id, scored), score_steps([score_of(route) or 0.0 for route in scored]), strict=True))
    ordered = sorted(routes, key=lambda route: score_of(route) or 0.0)
    weight = round((2.6 if muted else 4.2) * shrink(len(routes), 60), 2)
    shown = []
    for route in ordered:
        color = palette.SCORE_RAMP[int(steps[id(route)])] if id(route) in steps else palette.ROUTE_PLAIN
        shown.append(as_feature(route["geometry"], {**route_card(route), "style": {"color": color}}))
    _Casing(
        numbered([as_feature(route["geometry"], {}) for route in ordered]),
        interactive=False,
        style={"color": palette.EDGE, "weight": weight + 1.8, "opacity": 0.75},
        base_weight=weight + 1.8,
    ).add_to(group)
    folium.GeoJson(
        numbered(shown),
        name="routes",
        control=False,
        style_function=lambda f: {"weight": weight, "opacity": 1, **f["properties"]["style"]},
        on_each_feature=JsCode("PufaMap.describe"),
        base_weight=weight,
    ).add_to(group)


def _draw_points(drawn: AreaMap, points: list[Json], name: str) -> None:
    if points:
        folium.GeoJson(
            numbered(points),
            name=name,
            style_function=lambda _f: {},
            on_each_feature=JsCode("PufaMap.describe"),
            point_to_layer=JsCode("(f, at) => PufaMap.point(f, at, {})"),
        ).add_to(drawn)


def _draw_picks(drawn: AreaMap, picks: list[Pick]) -> None:
    group = folium.FeatureGroup(name=_("Chosen placements")).add_to(drawn)
    looks = {
        "body": {"color": palette.PICK_BODY, "weight": 4.5},
        "screen": {"color": palette.PICK_SCREEN, "weight": 4.5, "dashArray": "9 6"},
    }
    lines = [
        as_feature({"type": "LineString", "coordinates": path}, {"style": looks[pick.kind]})
        for pick in reversed(picks)
        for path in pick.paths
    ]
    if lines:
        _Casing(
            numbered([as_feature(line["geometry"], {}) for line in lines]),
            interactive=False,
            style={"color": "#ffffff", "weight": 8},
        ).add_to(group)
        folium.GeoJson(
            numbered(lines), control=False, style_function=lambda f: f["properties"]["style"], interactive=False
        ).add_to(group)
    badges = [
        as_feature(
            {"type": "Point", "coordinates": [pick.lon, pick.lat]},
            {
                "number": pick.number,
                "pick": pick.kind,
                "label": pick.label,
                "kind": _("Chosen %(number)s") % {"number": pick.number},
                "title": pick.title,
                "rows": [list(row) for row in pick.rows],
            },
        )
        for pick in picks
    ]
    folium.GeoJson(
        numbered(badges),
        control=False,
        style_function=lambda _f: {},
        on_each_feature=JsCode("PufaMap.describe"),
        point_to_layer=JsCode("PufaMap.badge"),
    ).add_to(group)


def _draw_names(drawn: AreaMap, labels: list[Json]) -> None:
    looks = {
        "water": {"color": palette.WATER_LABEL, "halo": palette.WATER, "size": 12.5, "spacing": 0.16, "bold": False},
        "hill": {"color": palette.HILL_LABEL, "halo": palette.GREEN, "size": 11.5, "spacing": 0.1, "bold": False},
        "street": {"color": palette.LABEL, "halo": palette.LAND, "size": 13, "spacing": 0.16, "bold": True},
    }
    named = [
        as_feature(
            f["geometry"], {"style": {**looks.get(str(prop(f, "class")), looks["street"]), "text": prop(f, "name")}}
        )
        for f in labels
        if prop(f, "name") and f["geometry"]["type"] == "Point"
    ]
    if named:
        folium.GeoJson(
            numbered(named),
            control=False,
            style_function=lambda _f: {},
            point_to_layer=JsCode('(f, at) => PufaMap.name(f, at, {pane: "names", interactive: false})'),
        ).add_to(drawn)


def _categories_of(hotspots: list[Json]) -> list[str]:
    found = {str(prop(spot, "category")) for spot in hotspots}
    named = [category for category in palette.CATEGORY_STYLE if category in found]
    return [*named, "other"] if found - set(named) else named


def _source_line(area: Area, hotspots: list[Json]) -> str:
    """Who says so, until when, and the review number: under every map."""
    dates = [str(prop(spot, "as_of")) for spot in hotspots if prop(spot, "as_of")]
    origins = list(dict.fromkeys(s for s in area.sources.values_list("origin", flat=True) if s))
    parts = [
        _("Source: %(origin)s") % {"origin": "、".join(origins)} if origins else "",
        _("Places as of %(date)s") % {"date": max(dates)} if dates else "",
        _("Map review number: %(number)s") % {"number": area.map_review_number or _("to be filled in")},
        _("Sample: positions are approximate, for demonstration only") if area.is_sample else "",
    ]
    return " · ".join(part for part in parts if part)
