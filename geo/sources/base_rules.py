"""Which things of a map are drawn, what they are, and from how far away: rank 1 is seen from far, 3 only from near."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thing:
    """One thing of the base map. `group` is what the maps style by: 1–3 for roads, a word for the rest."""

    kind: str
    rank: int
    group: int | str
    name: str
    geometry: Any


ROADS = {
    **dict.fromkeys(("motorway", "trunk", "primary", "高速", "国道", "快速路", "主干路", "主干道"), 1),
    **dict.fromkeys(("secondary", "tertiary", "省道", "县道", "次干路", "次干道"), 2),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road", "支路", "乡道", "街巷"), 3),
}
PLACES = {
    **dict.fromkeys(("city", "town", "county", "municipality", "城市", "县城", "镇", "街道"), 1),
    **dict.fromkeys(("suburb", "village", "borough", "quarter", "社区", "村"), 2),
    **dict.fromkeys(("neighbourhood", "hamlet", "locality", "square", "小区"), 3),
}
GREEN = {
    ("leisure", "park"),
    ("leisure", "garden"),
    ("leisure", "nature_reserve"),
    ("landuse", "forest"),
    ("landuse", "grass"),
    ("landuse", "recreation_ground"),
    ("natural", "wood"),
}
WATERWAYS = {"river": 1, "canal": 2, "stream": 3}


def thing_of_tags(tags: dict[str, str], geometry: Any) -> Thing | None:
    """What an object of OpenStreetMap is; None where it is not drawn. Without a geometry, whether it might be."""
    name = tags.get("name:zh") or tags.get("name") or ""
    kind = geometry.geom_type if geometry is not None else ""
    line, area = kind in {"", "LineString"}, kind in {"", "Polygon", "MultiPolygon"}
    road = ROADS.get(tags.get("highway", "").removesuffix("_link"))
    if road and line:
        return Thing("road", road, road, name, geometry)
    if tags.get("waterway") in WATERWAYS and line:
        return Thing("water", WATERWAYS[tags["waterway"]], "river", name, geometry)
    wet = tags.get("natural") == "water" or tags.get("waterway") == "riverbank" or tags.get("landuse") == "reservoir"
    if wet and area:
        return Thing("water", 1, "water", name, geometry)
    if area and any(tags.get(key) == value for key, value in GREEN):
        return Thing("green", 1, "green", name, geometry)
    if kind in {"", "Point"} and name:
        if tags.get("natural") == "peak":
            return Thing("label", 3, "hill", name, geometry)
        rank = PLACES.get(tags.get("place", ""))
        if rank:
            return Thing("label", rank, "street", name, geometry)
    return None


CLASS_COLUMNS = ("class", "fclass", "highway", "type", "等级", "类别", "类型")
NAME_COLUMNS = ("name:zh", "name", "NAME", "Name", "名称", "路名", "地名")


def thing_of_vector(kind: str, data: dict[str, Any], geometry: Any) -> Thing | None:
    """What a feature of a layer of `kind` is; None where its geometry does not fit or a label has no name."""
    word = next((str(data[column]).strip() for column in CLASS_COLUMNS if data.get(column)), "")
    name = next((str(data[column]).strip() for column in NAME_COLUMNS if data.get(column)), "")
    shape = geometry.geom_type
    if kind == "road":
        rank = int(word) if word in {"1", "2", "3"} else ROADS.get(word.removesuffix("_link"), 3)
        return Thing(kind, rank, rank, name, geometry) if "Line" in shape else None
    if kind == "label":
        rank = PLACES.get(word, 2)
        point = geometry if shape == "Point" else geometry.representative_point()
        group = word if word in {"water", "hill"} else "street"
        return Thing(kind, rank, group, name, point) if name else None
    if kind == "water" and "Line" in shape:
        return Thing(kind, WATERWAYS.get(word, 2), "river", name, geometry)
    group = word if kind == "land" and word in {"land", "block"} else kind
    return Thing(kind, 1, group, name, geometry) if "Polygon" in shape else None
