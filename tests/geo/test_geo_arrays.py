"""Tables as arrays: the same order, metres that agree with the ellipsoid, and a fingerprint that notices changes."""

import numpy as np
import pytest
from django.core.management import call_command
from pyproj import Geod

from geo.arrays import load_area, service_minutes
from geo.core.records import CATEGORIES
from geo.models import Area, Hotspot, Line, Route, Stop

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="WGS84")
PLACES = "id,name,category,lon,lat,persons\nG1,区政府,government,113.085,22.601,900\nS1,一中,school,113.1,22.615,2400\n"


@pytest.fixture
def town(feed, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    where = {"area": "town", "system": "wgs84", "verbosity": 0}
    call_command("import_network", str(feed()), layout="gtfs", **where)
    call_command("import_hotspots", str(places), **where)
    return Area.objects.get(slug="town")


def test_every_row_is_in_the_arrays_at_its_place(town):
    arrays = load_area(town)
    assert list(arrays.line_ids) == list(Line.objects.order_by("code").values_list("pk", flat=True))
    assert list(arrays.stop_ids) == list(Stop.objects.order_by("code").values_list("pk", flat=True))
    assert list(arrays.hotspot_ids) == list(Hotspot.objects.order_by("code").values_list("pk", flat=True))
    network = arrays.network
    for i, key in enumerate(arrays.route_ids):
        route = Route.objects.get(pk=int(key))
        assert arrays.line_ids[network.route_line[i]] == route.line_id
        assert network.trips_per_day[i] == route.trips_per_day
        called = arrays.stop_ids[network.call_stop[network.call_route == i]]
        assert list(called) == list(route.calls.order_by("sequence").values_list("stop_id", flat=True))
        assert network.paths.lengths_m[i] == pytest.approx(route.length_m, rel=1e-4)
    assert [CATEGORIES[c] for c in arrays.hotspots.category] == ["government", "school"]
    assert list(arrays.hotspots.persons_per_day) == [900, 2400]
    assert list(network.line_buses) == [2, 1]


def test_distances_in_the_projection_agree_with_the_ellipsoid(town):
    arrays = load_area(town)
    for i, key in enumerate(arrays.stop_ids):
        for j, other in enumerate(arrays.hotspot_ids):
            stop, hotspot = Stop.objects.get(pk=int(key)), Hotspot.objects.get(pk=int(other))
            metres = GEOD.inv(stop.lon, stop.lat, hotspot.lon, hotspot.lat)[2]
            here = np.hypot(
                arrays.network.stop_x[i] - arrays.hotspots.x[j], arrays.network.stop_y[i] - arrays.hotspots.y[j]
            )
            assert here == pytest.approx(metres, rel=1e-4)


def test_profiles_stand_beside_their_routes_and_are_spread_where_the_file_had_none(town):
    first = Route.objects.order_by("line__code", "code")[0]
    first.trips_by_hour, first.trips_per_day, first.first_departure, first.last_departure = None, 4, 360, 560
    first.save()
    arrays = load_area(town)
    assert arrays.trips_by_hour.shape == (len(arrays.route_ids), 24, 3)
    assert arrays.trips_by_hour.dtype == np.int32
    assert arrays.trips_by_hour[0, 6:10].tolist() == [[1, 1, 1]] * 4
    for i, key in enumerate(arrays.route_ids[1:], start=1):
        assert arrays.trips_by_hour[i].tolist() == Route.objects.get(pk=int(key)).trips_by_hour


def test_loading_takes_few_queries(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        load_area(town)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Hotspot, {"persons_per_day": 1.0}),
        (Hotspot, {"category": "park"}),
        (Hotspot, {"lon": 113.0001}),
        (Stop, {"lat": 22.5001}),
        (Route, {"trips_per_day": 99.0}),
        (Route, {"speed_kmh": 30.0}),
        (Line, {"buses": 7}),
    ],
)
def test_the_fingerprint_changes_with_what_counts(town, model, change):
    before = load_area(town).inputs_sha256
    model.objects.filter(pk=model.objects.first().pk).update(**change)
    assert load_area(town).inputs_sha256 != before


def test_the_fingerprint_does_not_change_with_what_does_not_count(town):
    before = load_area(town).inputs_sha256
    Hotspot.objects.update(name="改名", street="别处")
    assert load_area(town).inputs_sha256 == before


def test_what_the_tables_do_not_know_is_assumed(town):
    Route.objects.update(first_departure=None, last_departure=None, speed_kmh=None)
    Line.objects.update(buses=None)
    network = load_area(town).network
    assert set(network.speed_kmh) == {18.0}
    assert set(network.service_minutes) == {750.0}
    assert (network.line_buses >= 1).all()


@pytest.mark.parametrize(
    ("first", "last", "trips", "expected"),
    [
        (360, 1200, 85, 850),  # a headway after the last departure
        (1320, 1530, 8, 240),
        (420, 420, 1, 60),
        (None, 1200, 5, 750),
    ],
)
def test_service_lasts_until_the_bus_after_the_last_would_come(first, last, trips, expected):
    assert service_minutes(first, last, trips) == expected


def test_an_area_of_nothing_has_no_arrays(db):
    with pytest.raises(ValueError, match="empty"):
        load_area(Area.objects.create(slug="empty", name="空"))


def test_an_area_of_hotspots_alone_has_arrays(town):
    Line.objects.all().delete()
    Stop.objects.all().delete()
    arrays = load_area(town)
    assert arrays.network.routes == 0
    assert len(arrays.hotspots) == 2
