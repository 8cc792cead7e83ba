"""Real feeds and tables, whole in the tables and right in their distances."""

import csv
import io
import itertools
import json
import time
import zipfile

import numpy as np
import pytest
from django.core.management import call_command
from pyproj import Geod

from geo.arrays import load_area
from geo.core.join import points_near_lines
from geo.models import Area, Hotspot, Line, Route, RouteStop, Source, Stop

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="WGS84")


def quiet(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def porto_alegre(real_data):
    feed = real_data / "network" / "gtfs" / "porto-alegre.zip"
    started = time.perf_counter()
    quiet("import_network", str(feed), layout="gtfs", system="wgs84", area="porto-alegre")
    took = time.perf_counter() - started
    quiet(
        "import_hotspots",
        str(real_data / "hotspots" / "porto-alegre-hexgrid.csv"),
        system="wgs84",
        area="porto-alegre",
        each=["population=village", "schools=school*600", "jobs=other", "healthcare=hospital*500"],
    )
    return feed, Area.objects.get(slug="porto-alegre"), took


def distance_m(path, lon, lat):
    """Shortest distance to a path on the ellipsoid, by cutting each segment of it until it is short."""
    best = np.inf
    for (x1, y1), (x2, y2) in itertools.pairwise(path):
        steps = max(2, int(GEOD.inv(x1, y1, x2, y2)[2] // 0.5) + 2)
        t = np.linspace(0, 1, steps)
        xs, ys = x1 + (x2 - x1) * t, y1 + (y2 - y1) * t
        metres = GEOD.inv(xs, ys, np.full(steps, lon), np.full(steps, lat))[2]
        best = min(best, float(np.min(metres)))
    return best


def test_porto_alegre_is_whole_and_its_distances_are_right(real_data):
    feed, area, took = porto_alegre(real_data)
    with zipfile.ZipFile(feed) as archive:

        def column(name, field):
            with archive.open(name) as raw:
                return [row[field] for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8-sig"))]

        stops, routes = column("stops.txt", "stop_id"), column("routes.txt", "route_id")
        trips = set(column("stop_times.txt", "trip_id"))
    assert len(stops) == 3986
    assert len(routes) == 115
    assert len(trips) > 2000
    assert sorted(Stop.objects.filter(area=area).values_list("code", flat=True)) == sorted(stops)
    assert sorted(Line.objects.filter(area=area).values_list("code", flat=True)) == sorted(routes)
    assert set(Route.objects.values_list("line__code", flat=True)) == set(routes)
    assert not Stop.objects.filter(calls=None).exists()
    assert took < 30
    total = Route.objects.filter(line__area=area).count()
    assert total >= 115
    assert RouteStop.objects.count() > 10_000

    arrays = load_area(area)
    pairs = points_near_lines(arrays.network.paths, arrays.hotspots.x, arrays.hotspots.y, 400.0)
    assert len(pairs) > 1000
    rng = np.random.default_rng(20260924)
    far = np.flatnonzero(pairs.distance_m > 20)  # below, half a metre of cutting would be half a per cent
    for k in rng.choice(far, size=10, replace=False):
        route = Route.objects.get(pk=int(arrays.route_ids[pairs.line[k]]))
        hotspot = Hotspot.objects.get(pk=int(arrays.hotspot_ids[pairs.point[k]]))
        by_hand = distance_m(route.path, hotspot.lon, hotspot.lat)
        assert pairs.distance_m[k] == pytest.approx(by_hand, rel=0.005)


def test_porto_alegre_again_changes_nothing(real_data):
    feed, _area, _took = porto_alegre(real_data)
    before = [list(model.objects.order_by("pk").values_list()) for model in (Source, Line, Route, Stop, Hotspot)]
    said = quiet("import_network", str(feed), layout="gtfs", system="wgs84", area="porto-alegre")
    assert [list(m.objects.order_by("pk").values_list()) for m in (Source, Line, Route, Stop, Hotspot)] == before
    assert "4302" in said  # 115 lines, 201 routes, 3,986 stops, all as before


def test_macau_is_whole_and_gets_sample_hotspots(real_data):
    quiet("import_network", str(real_data / "network" / "macau"), layout="macau", system="wgs84", area="macau")
    area = Area.objects.get(slug="macau")
    assert area.lines.count() == 92
    assert area.stops.count() == 594
    routes = json.loads((real_data / "network/macau/public_data_bus-routes.json").read_text(encoding="utf-8"))
    called = sum(len(route["stopsForward"]) + len(route["stopsBackward"]) for route in routes)
    assert RouteStop.objects.filter(stop__area=area).count() == called
    quiet("sample_hotspots", area="macau")
    assert 100 < area.hotspots.count() < 400
    assert not area.hotspots.exclude(basis="sample", name__startswith="示例").exists()


def test_ganzhou_in_the_cptond_layout_is_whole(real_data):
    quiet("import_network", str(real_data / "network" / "ganzhou"), layout="cptond", system="wgs84", area="ganzhou")
    assert Route.objects.count() == 450
    assert Line.objects.filter(routes=None).count() == 0
    off = [route for route in Route.objects.all() if not 1000 < route.length_m < 60_000]
    assert not off
