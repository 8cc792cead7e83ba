"""Coordinates: published values, round trips, and no shift where China's formulas do not apply."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.core.coordinates import (
    Projection,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

GEOD = Geod(ellps="WGS84")
THERE_AND_BACK = [
    (wgs84_to_gcj02, gcj02_to_wgs84),
    (gcj02_to_bd09, bd09_to_gcj02),
    (wgs84_to_bd09, bd09_to_wgs84),
]
in_china = st.tuples(st.floats(72.01, 137.83), st.floats(0.83, 55.82))
abroad = st.one_of(
    st.tuples(st.floats(-180, 71.9), st.floats(-80, 80)),
    st.tuples(st.floats(137.95, 180), st.floats(-80, 80)),
    st.tuples(st.floats(-180, 180), st.floats(-80, 0.7)),
    st.tuples(st.floats(-180, 180), st.floats(55.95, 80)),
)


def metres_apart(one, other):
    return GEOD.inv(float(one[0]), float(one[1]), float(other[0]), float(other[1]))[2]


@pytest.mark.parametrize(("there", "back"), THERE_AND_BACK)
@settings(deadline=None)
@given(place=in_china)
@example(place=(137.83, 33.0))  # the shifts lead out of the rectangle
@example(place=(72.01, 0.83))
@example(place=(105.0, 35.0))  # where the formula's slope is infinite
def test_a_round_trip_inside_china_ends_within_a_millimetre(there, back, place):
    assert metres_apart(back(*there(*place)), place) < 0.001


@pytest.mark.parametrize("convert", [function for pair in THERE_AND_BACK for function in pair])
@settings(deadline=None)
@given(place=abroad)
def test_nothing_moves_outside_china(convert, place):
    lon, lat = convert(*place)
    assert (float(lon), float(lat)) == place


@settings(deadline=None)
@given(place=in_china)
def test_gcj02_is_off_by_tens_to_hundreds_of_metres(place):
    """Anything else would be another formula; the figures hold over the whole rectangle, the sea included."""
    assert 1 < metres_apart(wgs84_to_gcj02(*place), place) < 2500


def test_beijing_comes_out_as_other_libraries_publish_it():
    """Check values that the documentation of several independent converters shares, to their last digit."""
    np.testing.assert_allclose(wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164), atol=1e-11)
    np.testing.assert_allclose(gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021), atol=1e-11)


@pytest.mark.parametrize(("there", "back"), THERE_AND_BACK)
def test_arrays_convert_as_their_elements_do(there, back):
    lon, lat = np.array([[113.07, 113.1], [2.35, -51.2]]), np.array([[22.6, 22.61], [48.85, -30.03]])
    for convert in (there, back):
        x, y = convert(lon, lat)
        assert x.shape == lon.shape
        alone = [convert(a, b) for a, b in zip(lon.flat, lat.flat, strict=True)]
        np.testing.assert_allclose(np.stack([x.ravel(), y.ravel()], axis=1), np.array(alone, float), rtol=0, atol=1e-9)


def test_to_wgs84_knows_the_three_systems_and_epsg_codes():
    here = (113.0719, 22.6022)
    assert to_wgs84(*here, "WGS84") == here
    assert metres_apart(to_wgs84(*wgs84_to_gcj02(*here), "gcj02"), here) < 0.001
    assert metres_apart(to_wgs84(*wgs84_to_bd09(*here), "bd09"), here) < 0.001
    # CGCS2000 zone 38, central meridian 114°E: easting 500 km less about a degree of longitude at this latitude
    east = 38_500_000 - GEOD.inv(113.0719, 22.6022, 114.0, 22.6022)[2]
    lon, lat = to_wgs84(east, 2_500_860.0, "epsg:4526")
    assert metres_apart((lon, lat), here) < 400
    assert metres_apart(to_wgs84(*here, "epsg:4490"), here) < 0.1


@pytest.mark.parametrize("system", ["", "gcj-2", "epsg:999999", "epsg:abc"])
def test_an_unknown_system_is_refused_by_name(system):
    with pytest.raises(ValueError, match="unknown coordinate system"):
        to_wgs84(113.0, 22.6, system)


def test_places_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="finite"):
        wgs84_to_gcj02([113.0, np.nan], [22.6, 22.6])
    with pytest.raises(ValueError, match="shapes"):
        wgs84_to_gcj02([113.0, 113.1], [22.6])


@settings(deadline=None)
@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-75, 75),
    east=st.floats(-30_000, 30_000),
    north=st.floats(-30_000, 30_000),
)
def test_local_metres_are_true_metres_and_come_back(lon, lat, east, north):
    local = Projection.around([lon], [lat])
    there = local.inverse(east, north)
    x, y = local.forward(*there)
    assert (float(x), float(y)) == pytest.approx((east, north), abs=1e-3)
    origin = local.inverse(0.0, 0.0)
    assert metres_apart(origin, there) == pytest.approx(np.hypot(east, north), rel=2e-4, abs=1e-3)


def test_a_projection_is_centred_on_its_data():
    local = Projection.around([113.0, 113.2], [22.5, 22.7])
    assert (local.lon_0, local.lat_0) == (113.1, 22.6)
    assert local.crs.axis_info[0].unit_name == "metre"
    assert local == Projection.around([113.2, 113.0], [22.7, 22.5])


@pytest.mark.parametrize(
    ("lon", "lat"), [([], []), ([-179.0, 179.0], [0.0, 0.0]), ([500_000.0], [2_500_000.0]), ([10.0], [89.0])]
)
def test_no_projection_is_made_where_it_would_mislead(lon, lat):
    with pytest.raises(ValueError, match=r"projection|degrees"):
        Projection.around(lon, lat)
