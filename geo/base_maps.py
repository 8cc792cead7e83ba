"""What lies under an area's maps: imported layers in three details, tiles from a folder, or 天地图 where configured."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from geo.layers import FAR, MIDDLE, NEAR, collection
from geo.loading import Provenance, Tally, finish, source_of
from geo.models import Area, BaseLayer, Hotspot, Source, Stop
from geo.sources.base_map import BaseMap, Extent
from trust.imports import Report

OSM_ORIGIN = "© OpenStreetMap 贡献者（ODbL）"
LOWEST_ZOOM = {FAR: 0, MIDDLE: 12, NEAR: 14}
ROOM_DEGREES = 0.03  # about 3 km of surroundings, so that the edge of a district is not the edge of the world
TIANDITU = "https://t0.tianditu.gov.cn/DataServer?T={layer}&x={{x}}&y={{y}}&l={{z}}&tk={key}"


def extent_of(area: Area) -> Extent | None:
    """West, south, east, north around everything that the area has; None where it has nothing."""
    boxes: list[Any] = []
    if area.boundary:
        import shapely  # noqa: PLC0415  drawing a page needs none

        boxes.append(shapely.geometry.shape(area.boundary).bounds)
    for rows in (Stop.objects.filter(area=area), Hotspot.objects.filter(area=area)):
        box = rows.aggregate(Min("lon"), Min("lat"), Max("lon"), Max("lat"))
        if box["lon__min"] is not None:
            boxes.append((box["lon__min"], box["lat__min"], box["lon__max"], box["lat__max"]))
    if not boxes:
        return None
    west, south, east, north = (pick(box[i] for box in boxes) for i, pick in enumerate((min, min, max, max)))
    return west - ROOM_DEGREES, south - ROOM_DEGREES, east + ROOM_DEGREES, north + ROOM_DEGREES


def store_base_map(area: Area, base: BaseMap, provenance: Provenance) -> Report:
    """Put the layers under the area's maps: kinds that the file has replace what was there, whoever it came from."""
    source = source_of(area, Source.Kind.BASE_MAP, provenance)
    old = {layer.kind: layer for layer in BaseLayer.objects.filter(area=area)}
    kinds = {kind for kind, _detail in base.layers}
    tally = Tally()
    for kind in sorted(kinds):
        far, middle, near = (_plain(collection(base.layers.get((kind, detail), []))) for detail in (FAR, MIDDLE, NEAR))
        wanted = {"far": far, "geojson": middle, "near": near, "source_id": source.pk}
        known = old.get(kind)
        if known is None:
            BaseLayer.objects.create(area=area, kind=kind, **wanted)
            tally.created += 1
        elif all(getattr(known, name) == value for name, value in wanted.items()):
            tally.unchanged += 1
        else:
            for name, value in wanted.items():
                setattr(known, name, value)
            known.save()
            tally.updated += 1
    gone = [layer.pk for kind, layer in old.items() if kind not in kinds and layer.source_id == source.pk]
    BaseLayer.objects.filter(pk__in=gone).delete()
    tally.removed = len(gone)
    counts = {f"{kind}-{detail}": len(features) for (kind, detail), features in sorted(base.layers.items())}
    is_osm = any("OpenStreetMap" in note.message for note in base.notes)
    if is_osm and not provenance.origin:
        provenance = replace(provenance, origin=OSM_ORIGIN, licence=provenance.licence or "ODbL 1.0")
    return finish(source, provenance, (base.sha256, counts, base.notes), [(_("base map layers"), tally)])


def base_map(area: Area) -> dict[str, Any]:
    """What a map on a page needs to know: where the layers of each detail are, or tiles to use instead, and whose.

    "details": [[lowest zoom, address], …] in rising order, empty where one set serves every zoom; "tiles": addresses
    with {z}, {x} and {y}, lowest first; "attribution".
    """
    origins = Source.objects.filter(area=area, kind=Source.Kind.BASE_MAP).exclude(origin="")
    attribution = "、".join(dict.fromkeys(origins.values_list("origin", flat=True)))
    if settings.TIANDITU_KEY:
        tiles = [TIANDITU.format(layer=layer, key=settings.TIANDITU_KEY) for layer in ("vec_w", "cva_w")]
        return {"details": [], "tiles": tiles, "attribution": _("Map: Tianditu")}
    if settings.BASE_MAP_TILES:
        address = reverse("geo:tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
        return {"details": [], "tiles": [address], "attribution": attribution}
    detailed = BaseLayer.objects.filter(area=area, far__isnull=False).exists()
    details = [
        [zoom, reverse("geo:base", args=[area.slug, detail])] for detail, zoom in LOWEST_ZOOM.items() if detailed
    ]
    return {"details": details, "tiles": [], "attribution": attribution}


def _plain(value: Any) -> Any:
    """Tuples as lists, as they come back from the database."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
