"""What goes out comes back unchanged, in every format that holds geometry, and every format opens."""

import csv
import io
import zipfile

import geopandas as gpd
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from geo import examples, exports
from geo.models import Area, BaseLayer, Source

pytestmark = pytest.mark.django_db
UNCHANGED = "0 created, 0 updated"
PLACES = (
    "编号,名称,类别,经度,纬度,日均人流,街道,依据,日期\n"
    "G1,区政府,政府,113.0800001,22.6,900,白沙街道,实测,2026-05-01\n"
    "S1,=一中,学校,113.09,22.61,2400.5,,,\n"
)


def run(command, *args, **options):
    out = io.StringIO()
    with override("en"):
        call_command(command, *map(str, args), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def town(feed, tmp_path):
    run(
        "import_network",
        feed(replace={"stops.txt": ("113.090000", "113.0912345")}),
        "--layout=gtfs",
        "--system=wgs84",
        "--area=town",
    )
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    run("import_hotspots", places, "--system=wgs84", "--area=town")
    area = Area.objects.get()
    area.boundary = {"type": "Polygon", "coordinates": [[[113, 22.5], [113.2, 22.5], [113.2, 22.7], [113, 22.5]]]}
    area.save()
    road = {"type": "LineString", "coordinates": [[113, 22.6], [113.1, 22.6]]}
    feature = {"type": "Feature", "properties": {"class": 1, "name": "大道"}, "geometry": road}
    BaseLayer.objects.create(area=area, kind="road", geojson={"type": "FeatureCollection", "features": [feature]})
    return area


def back(network, hotspots, boundary, layers):
    """The three imports over the same area; what each said."""
    lines, points, outline = (
        [f"--layer={name}" for name in names]
        for names in ((["routes", "stops"], ["hotspots"], ["boundary"]) if layers else ([], [], []))
    )
    into = ["--system=wgs84", "--area=town"]
    return [
        run("import_network", network, "--layout=geojson", "--replaces=feed", *lines, *into),
        run("import_hotspots", hotspots, "--replaces=places.csv", *points, *into),
        run("import_boundary", boundary, *outline, *into),
    ]


def test_geojson_comes_back_unchanged(town, tmp_path):
    out = tmp_path / "out"
    run("export_area", "--area=town", f"--out={out}")
    said = back(out / "network", out / "hotspots.geojson", out / "boundary.geojson", layers=False)
    assert all(UNCHANGED in text for text in said), said
    assert all("0 removed" in text for text in said), said


def test_a_geopackage_comes_back_unchanged(town, tmp_path):
    out = tmp_path / "out"
    run("export_area", "--area=town", "--format=geopackage", f"--out={out}")
    path = out / "town.gpkg"
    said = back(path, path, path, layers=True)
    assert all(UNCHANGED in text for text in said), said
    assert all("0 removed" in text for text in said), said
    assert gpd.read_file(path, layer="base_road")["name"].tolist() == ["大道"]


def test_the_sample_area_comes_back_unchanged(tmp_path):
    area = examples.pengjiang()
    run("export_area", f"--area={area.slug}", "--format=geopackage", f"--out={tmp_path}")
    path = tmp_path / f"{area.slug}.gpkg"
    into = [f"--area={area.slug}", "--system=wgs84"]
    said = run(
        "import_network",
        path,
        "--layout=geojson",
        "--layer=routes",
        "--layer=stops",
        "--replaces=network.geojson",
        *into,
    )
    assert UNCHANGED in said, said
    assert UNCHANGED in run("import_hotspots", path, "--layer=hotspots", "--replaces=hotspots.csv", *into)
    kinds = [f"--kind={kind}=base_{kind}" for kind in ("land", "water", "green", "road", "label")]
    run("import_base_map", path, *kinds, *into)
    assert BaseLayer.objects.filter(area=area, far__isnull=False).count() == 5
    assert Source.objects.filter(area=area, kind="base_map").count() == 2


def test_tables_open_in_a_spreadsheet_and_run_nothing(town, tmp_path):
    run("export_area", "--area=town", "--format=csv", f"--out={tmp_path / 'out'}")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["hotspots.csv", "lines.csv", "routes.csv", "stops.csv"]
    rows = {name: list(csv.DictReader((tmp_path / "out" / name).open(encoding="utf-8-sig"))) for name in files}
    assert [row["code"] for row in rows["lines.csv"]] == ["L1", "L2"]
    assert rows["hotspots.csv"][1]["name"] == "'=一中"
    assert rows["routes.csv"][0]["path"].startswith("LINESTRING (113.08 22.6")
    assert (tmp_path / "out" / "stops.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("form", exports.FORMATS)
def test_everything_can_be_downloaded_by_those_who_may_see_it(town, admin_client, client, form):
    url = reverse("geo_export_area", args=[town.pk, form])
    assert client.get(url).status_code in {302, 403}
    answer = admin_client.get(url)
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert packed.testzip() is None
    assert packed.namelist()
    assert f"town-{form}.zip" in answer["Content-Disposition"]


def test_an_unknown_format_is_no_page(town, admin_client):
    assert admin_client.get(reverse("geo_export_area", args=[town.pk, "dxf"])).status_code == 404
