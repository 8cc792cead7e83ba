"""A base map from a file, once: stored, served in three details to staff, replaced without leftovers."""

import io
import json

import geopandas as gpd
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from shapely.geometry import LineString, Point, box

from geo.base_maps import base_map, extent_of
from geo.models import Area, BaseLayer, Source
from geo.services import layers

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Area.objects.create(
        slug="town",
        name="小镇",
        boundary={
            "type": "Polygon",
            "coordinates": [[[113, 22.5], [113.2, 22.5], [113.2, 22.7], [113, 22.7], [113, 22.5]]],
        },
    )


@pytest.fixture
def ground(tmp_path):
    """A GeoPackage with a road, a street, a lake and a name."""
    path = tmp_path / "base.gpkg"
    roads = [LineString([(113.01, 22.6), (113.19, 22.6)]), LineString([(113.05, 22.61), (113.06, 22.61)])]
    gpd.GeoDataFrame({"class": ["primary", "residential"], "name": ["大道", "小巷"]}, geometry=roads, crs=4326).to_file(
        path, layer="roads"
    )
    gpd.GeoDataFrame({"name": ["东湖"]}, geometry=[box(113.05, 22.55, 113.08, 22.58)], crs=4326).to_file(
        path, layer="water", mode="a"
    )
    gpd.GeoDataFrame({"name": ["李村"], "class": ["village"]}, geometry=[Point(113.1, 22.65)], crs=4326).to_file(
        path, layer="places", mode="a"
    )
    return path


def run(*args, **options):
    out = io.StringIO()
    call_command("import_base_map", *map(str, args), "--area=town", "--system=wgs84", stdout=out, **options)
    return out.getvalue()


def kinds():
    return sorted(BaseLayer.objects.values_list("kind", flat=True))


def test_an_import_draws_less_from_farther_away(town, ground):
    run(ground, "--origin=测绘院", "--licence=内部")
    assert kinds() == ["label", "road", "water"]
    road, label = BaseLayer.objects.get(kind="road"), BaseLayer.objects.get(kind="label")
    drawn = [[len(found["features"]) for found in (row.far, row.geojson, row.near)] for row in (road, label)]
    assert drawn == [[1, 1, 2], [0, 1, 1]]
    source = Source.objects.get(kind="base_map")
    assert (source.origin, source.counts["road-1"], len(source.sha256)) == ("测绘院", 1, 64)
    assert road.source == source


def test_a_dry_run_draws_nothing(town, ground):
    assert "3" in run(ground, "--dry-run")
    assert not BaseLayer.objects.exists()
    assert not Source.objects.exists()


def test_the_same_file_again_changes_nothing(town, ground):
    run(ground)
    before = [list(model.objects.order_by("pk").values_list()) for model in (BaseLayer, Source)]
    run(ground)
    assert [list(model.objects.order_by("pk").values_list()) for model in (BaseLayer, Source)] == before


def test_what_an_import_holds_replaces_the_schematic_map_and_nothing_else(town, ground):
    for kind in ("road", "green"):
        BaseLayer.objects.create(area=town, kind=kind, geojson={"type": "FeatureCollection", "features": []})
    run(ground)
    assert kinds() == ["green", "label", "road", "water"]
    assert BaseLayer.objects.get(kind="green").far is None
    assert len(BaseLayer.objects.get(kind="road").near["features"]) == 2


def test_a_kind_gone_from_the_file_is_gone_from_the_map(town, ground, tmp_path):
    run(ground)
    run(ground, "--kind=road=roads")
    assert kinds() == ["road"]
    with pytest.raises(CommandError):
        run(ground, "--kind=sky=roads")
    with pytest.raises(CommandError):
        run(ground, "--kind=roads")
    assert kinds() == ["road"]


def test_the_extent_is_that_of_everything_in_the_area(town):
    west, south, east, north = extent_of(town)
    assert 112.9 < west < 113
    assert 113.2 < east < 113.3
    assert 22.4 < south < 22.5
    assert 22.7 < north < 22.8
    assert extent_of(Area.objects.create(slug="empty", name="空")) is None


def test_details_are_served_to_staff_alone(town, ground, client, admin_client):
    run(ground, "--origin=测绘院")
    shown = layers(town)["base_map"]
    assert [zoom for zoom, _address in shown["details"]] == [0, 12, 14]
    assert shown["attribution"] == "测绘院"
    for _zoom, address in shown["details"]:
        assert client.get(address).status_code in {302, 403}
        found = admin_client.get(address)
        assert found["Cache-Control"] == "max-age=3600, private" or "private" in found["Cache-Control"]
        assert found.json()["road"]["type"] == "FeatureCollection"
    assert len(admin_client.get(shown["details"][2][1]).json()["road"]["features"]) == 2
    assert len(admin_client.get(shown["details"][0][1]).json()["road"]["features"]) == 1
    assert admin_client.get(reverse("geo:base", args=["town", 7])).status_code == 404


def test_an_area_with_one_schematic_set_has_no_details(town):
    BaseLayer.objects.create(area=town, kind="road", geojson={"type": "FeatureCollection", "features": []})
    assert base_map(town) == {"details": [], "tiles": [], "attribution": ""}
    assert set(layers(town)["base"]) == {"road"}


def test_tiles_of_a_local_folder_are_served_and_nothing_beside_it(town, admin_client, client, settings, tmp_path):
    (tmp_path / "tiles" / "12" / "3").mkdir(parents=True)
    (tmp_path / "tiles" / "12" / "3" / "4.jpg").write_bytes(b"jpeg")
    settings.BASE_MAP_TILES = str(tmp_path / "tiles")
    (address,) = base_map(town)["tiles"]
    assert address == "/geo/tiles/{z}/{x}/{y}.png"
    answer = admin_client.get("/geo/tiles/12/3/4.png")
    assert (answer.status_code, answer["Content-Type"], b"".join(answer.streaming_content)) == (
        200,
        "image/jpeg",
        b"jpeg",
    )
    assert admin_client.get("/geo/tiles/12/3/5.png").status_code == 404
    assert client.get("/geo/tiles/12/3/4.png").status_code in {302, 403}
    settings.BASE_MAP_TILES = ""
    assert admin_client.get("/geo/tiles/12/3/4.png").status_code == 404


def test_tianditu_is_asked_only_where_a_key_is_set(town, settings):
    assert not base_map(town)["tiles"]
    assert "tianditu" not in json.dumps(settings.CONTENT_SECURITY_POLICY)
    settings.TIANDITU_KEY = "0123"
    tiles = base_map(town)["tiles"]
    assert len(tiles) == 2
    assert all(tile.startswith("https://t0.tianditu.gov.cn/") and "tk=0123" in tile for tile in tiles)
    assert all(part in tiles[0] for part in ("{x}", "{y}", "{z}"))


def test_the_policy_lets_tianditu_through_with_a_key_and_not_without():
    import os
    import subprocess
    import sys

    script = "from django.conf import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    said = {}
    for key in ("", "0123"):
        env = {**os.environ, "PUFA_TIANDITU_KEY": key, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        env["PYTHONPATH"] = os.pathsep.join(["site", "."])
        said[key] = subprocess.run(
            [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
        ).stdout
    assert "tianditu" not in said[""]
    assert "https://t0.tianditu.gov.cn" in said["0123"]
