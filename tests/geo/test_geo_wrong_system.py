"""The wrong coordinate system is caught: real places and real lines, every wrong answer, in the command and on a map.

Read right, 99.8 % of Jiangmen's places lie in their district.
"""

import io
import json
import re

import pytest
import shapely
from django.core.management import call_command
from django.utils.translation import override

from geo.check_map import check_svg
from geo.models import Area, Hotspot, Stop
from geo.sources.plausible import as_read_in, guess_system
from geo.sources.shenzhen import read_shenzhen

pytestmark = pytest.mark.django_db


def quiet(command, *args, **options):
    out = io.StringIO()
    with override("en"):
        call_command(command, *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def cafes(real_data, tmp_path):
    """The places of 蓬江 without the rows that the source marks as junk."""
    boundary = real_data / "boundary" / "jiangmen-districts.wgs84.geojson"
    quiet("import_boundary", str(boundary), system="wgs84", area="pengjiang", where="gb=156440703")
    table = (real_data / "hotspots" / "jiangmen-cafes.bd09.csv").read_text(encoding="utf-8")
    rows = [row for row in table.splitlines() if row.startswith(("pengjiang,", "district,"))]
    path = tmp_path / "cafes.csv"
    path.write_text("\n".join(row for row in rows if "TestUpdate" not in row), encoding="utf-8")
    return path


@pytest.fixture
def shenzhen(real_data):
    """Its lines, in an area that is the ground within some 300 m of the stops: no boundary of the city is at hand."""
    path = real_data / "network" / "shenzhen" / "busline.bd09.csv"
    stops = read_shenzhen(path, "bd09").stops
    ground = shapely.union_all(shapely.buffer(shapely.points(stops["lon"], stops["lat"]), 0.003, quad_segs=2))
    Area.objects.create(slug="shenzhen", name="深圳", boundary=json.loads(shapely.to_geojson(ground)))
    return path


def named(said):
    """The better system that a warning names, or an empty text."""
    match = re.search(r"when read as (\w+)\. Check", said)
    return match[1] if match else ""


@pytest.mark.parametrize(
    ("system", "better"), [("wgs84", "bd09"), ("gcj02", "bd09"), ("epsg:4326", "bd09"), ("bd09", "")]
)
def test_jiangmen_places_in_the_wrong_system_are_caught(cafes, system, better):
    chosen = {"set": ["category=other", "persons_per_day=100"], "skip_incomplete": True, "area": "pengjiang"}
    said = quiet("import_hotspots", str(cafes), system=system, dry_run=True, **chosen)
    assert named(said) == better, said
    assert not Hotspot.objects.exists()


@pytest.mark.parametrize(("system", "better"), [("wgs84", "bd09"), ("gcj02", "bd09"), ("bd09", "")])
def test_shenzhen_lines_in_the_wrong_system_are_caught(shenzhen, system, better):
    said = quiet("import_network", str(shenzhen), layout="shenzhen", system=system, area="shenzhen", dry_run=True)
    assert named(said) == better, said
    assert not Stop.objects.exists()


def test_shenzhen_is_whole(shenzhen):
    quiet("import_network", str(shenzhen), layout="shenzhen", system="bd09", area="shenzhen")
    area = Area.objects.get()
    assert area.lines.count() == 1062
    assert 10_000 < area.stops.count() < 13_000
    again = quiet("import_network", str(shenzhen), layout="shenzhen", system="bd09", area="shenzhen")
    assert "0 created, 0 updated" in again


def test_lines_of_another_city_are_called_elsewhere(cafes, real_data):
    path = real_data / "network" / "shenzhen" / "busline.bd09.csv"
    said = quiet("import_network", str(path), layout="shenzhen", system="bd09", area="pengjiang", dry_run=True)
    assert "Check the area" in said


def test_without_a_boundary_it_is_said_that_nothing_was_checked(feed):
    said = quiet("import_network", str(feed()), layout="gtfs", system="wgs84", area="town", dry_run=True)
    assert "could not be checked" in said


def test_the_map_shows_both_readings_beside_the_boundary(cafes, tmp_path):
    chosen = {"set": ["category=other", "persons_per_day=100"], "skip_incomplete": True, "area": "pengjiang"}
    picture = tmp_path / "check.svg"
    quiet("import_hotspots", str(cafes), system="wgs84", dry_run=True, check_map=str(picture), **chosen)
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert drawn.count("<path") == 3  # boundary, as read, as it would be
    places = [len(re.findall("M", path)) for path in re.findall(r'<path d="([^"]+)"', drawn)]
    assert places[1] == places[2] > 90


def test_a_picture_stays_small_and_a_reading_of_nothing_is_none():
    import numpy as np

    lon, lat = np.linspace(113, 113.2, 100_000), np.linspace(22, 22.2, 100_000)
    assert len(check_svg(None, [(lon, lat)])) < 100_000
    assert check_svg(None, [(np.zeros(0), np.zeros(0))]) == ""


@pytest.mark.parametrize("given", ["wgs84", "gcj02", "bd09", "epsg:4490"])
def test_a_guess_tries_the_same_places_in_every_system(given):
    import numpy as np

    lon, lat = np.array([113.05, 113.1]), np.array([22.6, 22.65])
    square = {"type": "Polygon", "coordinates": [[[113, 22.5], [113.2, 22.5], [113.2, 22.7], [113, 22.7], [113, 22.5]]]}
    guess = guess_system(lon, lat, given, square)
    assert guess.best == given
    assert set(guess.share) >= {"gcj02", "bd09", given}
    again = as_read_in(*as_read_in(lon, lat, given, "gcj02"), "gcj02", "wgs84" if given == "epsg:4490" else given)
    assert np.abs(np.subtract(again, (lon, lat))).max() < 1e-8
    assert json.dumps(guess.share)
