"""The join: the compiled grid and the shapely oracle find the same pairs, whatever they are given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.core.join import points_near_lines, points_near_lines_strtree, points_near_points
from geo.core.records import Polylines


def polylines(*lines):
    vertices = [vertex for line in lines for vertex in line]
    offsets = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    x, y = np.array(vertices, float).reshape(-1, 2).T
    return Polylines(x, y, offsets)


def assert_same(lines, x, y, radius_m):
    grid, oracle = points_near_lines(lines, x, y, radius_m), points_near_lines_strtree(lines, x, y, radius_m)
    assert list(zip(grid.line, grid.point, strict=True)) == list(zip(oracle.line, oracle.point, strict=True))
    np.testing.assert_allclose(grid.distance_m, oracle.distance_m, rtol=1e-12, atol=1e-9)
    return grid, oracle


# Small whole numbers make points on lines, on vertices and exactly on the radius; lines repeat vertices and cross.
whole = st.tuples(st.integers(-12, 12), st.integers(-12, 12))
# Metres to the micrometre, as projected data has them: shorter than 1e-154 m the square of a distance is nothing.
micrometres = st.integers(-5 * 10**9, 5 * 10**9).map(lambda whole: whole / 1e6)
real = st.tuples(micrometres, micrometres)


def cases(vertex, radius):
    return st.tuples(
        st.lists(st.lists(vertex, max_size=6), min_size=1, max_size=8), st.lists(vertex, max_size=25), radius
    )


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        cases(whole, st.integers(0, 10).map(float)),
        cases(real, st.integers(0, 3 * 10**9).map(lambda whole: whole / 1e6)),
    )
)
def test_the_grid_finds_the_pairs_of_the_oracle(case):
    lines, points, radius_m = case
    x, y = np.array(points, float).reshape(-1, 2).T
    assert_same(polylines(*lines), x, y, radius_m)


@pytest.mark.parametrize(
    ("lines", "points", "radius_m", "expected"),
    [
        pytest.param([[(0, 0)]], [(3, 4), (3, 4.001)], 5, [(0, 0)], id="a line of one vertex is a point"),
        pytest.param([[(0, 0), (0, 0)]], [(3, 4), (4, 4)], 5, [(0, 0)], id="a segment of length zero"),
        pytest.param([[], [(0, 0)], []], [(1, 0)], 1, [(1, 0)], id="lines without vertices"),
        pytest.param([[(0, 0), (4, 0), (4, 0), (4, 4)]], [(2, 1), (5, 2)], 1, [(0, 0), (0, 1)], id="a vertex twice"),
        pytest.param([[(0, 0), (10, 0)]], [(5, 5), (-3, 4), (13, -4)], 5, [(0, 0), (0, 1), (0, 2)], id="on the radius"),
        pytest.param([[(0, 0), (3, 4)]], [(-4, 3), (-4.0001, 3)], 5, [(0, 0)], id="on the radius of a slanted line"),
        pytest.param([[(0, 0), (10, 0)]], [(5, 0), (0, 0), (5, 1e-6)], 0, [(0, 0), (0, 1)], id="radius zero"),
        pytest.param([[(0, 0), (9, 0)], [(0, 0), (9, 0)]], [(1, 1)], 2, [(0, 0), (1, 0)], id="equal lines"),
        pytest.param([[(0, 0), (1, 0)]], [], 2, [], id="no points"),
        pytest.param([[(-1e6, -1e6), (1e6, 1e6)]], [(0, 0), (5, -5)], 1, [(0, 0)], id="a segment longer than the map"),
        pytest.param([[(1e6, 1e6), (2e6, 1e6)]], [(0, 0), (5, -5)], 1, [], id="a line off the map"),
    ],
)
def test_degenerate_input_has_the_obvious_answer(lines, points, radius_m, expected):
    x, y = np.array(points, float).reshape(-1, 2).T
    pairs, oracle = assert_same(polylines(*lines), x, y, radius_m)
    assert list(zip(pairs.line, pairs.point, strict=True)) == expected
    np.testing.assert_allclose(pairs.along_m, oracle.along_m, atol=1e-9)


def test_a_city_of_random_routes_joins_alike_both_ways():
    rng = np.random.default_rng(7)
    sizes = rng.integers(1, 60, 150)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(150), sizes)
    x = rng.uniform(0, 20_000, 150)[owner] + np.cumsum(rng.normal(0, 120, owner.size))
    y = rng.uniform(0, 20_000, 150)[owner] + np.cumsum(rng.normal(0, 120, owner.size))
    lines = Polylines(x, y, offsets)
    beside = rng.integers(0, x.size, 4000)
    grid, oracle = assert_same(lines, x[beside] + rng.normal(0, 150, 4000), y[beside] + rng.normal(0, 150, 4000), 150.0)
    assert len(grid) > 1000
    np.testing.assert_allclose(grid.along_m, oracle.along_m, atol=1e-6)
    assert (grid.along_m <= lines.lengths_m[grid.line] + 1e-6).all()


def test_far_from_the_origin_and_on_lines_driven_twice_both_ways_still_agree():
    """Coordinates of a national grid, segments from a centimetre to 100 km, every street there and back."""
    rng = np.random.default_rng(11)
    there = []
    for step_m in (0.01, 3.0, 60.0, 2_000.0, 100_000.0):
        x = 39_500_000.0 + rng.uniform(0, 5_000) + np.cumsum(rng.normal(0, step_m, 40))
        y = 2_500_000.0 + rng.uniform(0, 5_000) + np.cumsum(rng.normal(0, step_m, 40))
        there.append(np.column_stack([x, y]))
    lines = polylines(*[np.concatenate([path, path[::-1], path]) for path in there])
    beside = rng.integers(0, lines.x.size, 3000)
    x, y = (values[beside] + rng.normal(0, 60, 3000) for values in (lines.x, lines.y))
    grid, oracle = assert_same(lines, x, y, 100.0)
    assert len(grid) > 2000
    # At sums of lengths of thousands of kilometres a tie between there and back may fall either way by rounding.
    same = np.isclose(grid.along_m, oracle.along_m, atol=1e-3)
    assert same.mean() > 0.99


def test_points_on_the_radius_of_a_dense_grid_are_in_for_both():
    """A lattice of whole metres has thousands of points exactly on the radius: 3-4-5 and its multiples."""
    x, y = np.meshgrid(np.arange(-60.0, 61.0), np.arange(-60.0, 61.0))
    lines = polylines([(0, 0), (0, 0)], [(-30, -40), (30, 40)], [(-50, 0), (50, 0), (50, 30)])
    grid, _ = assert_same(lines, x.ravel(), y.ravel(), 25.0)
    assert (grid.distance_m == 25.0).sum() > 100


def test_many_more_pairs_than_points_are_all_kept():
    lines = polylines(*[[(0, k), (100, k)] for k in range(300)])
    x, y = np.tile(np.arange(0.0, 100.0), 3), np.repeat([50.0, 150.0, 250.0], 100)
    grid, _ = assert_same(lines, x, y, 1000.0)
    assert len(grid) == 300 * 300


def test_along_is_the_way_from_the_start_of_the_line():
    lines = polylines([(0, 0), (10, 0), (10, 10)], [(10, 10), (10, 0), (0, 0)])
    pairs = points_near_lines(lines, [4.0, 11.0], [1.0, 7.0], 2.0)
    assert pairs.along_m.tolist() == [4.0, 17.0, 16.0, 3.0]
    assert pairs.distance_m.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_points_near_points_measures_the_straight_line():
    pairs = points_near_points([0.0, 100.0], [0.0, 0.0], [3.0, 0.0, 100.0], [4.0, 0.0, 6.0], 5.0)
    assert (pairs.line.tolist(), pairs.point.tolist()) == ([0, 0], [0, 1])
    assert pairs.distance_m.tolist() == [5.0, 0.0]


@pytest.mark.parametrize("radius_m", [-1.0, np.nan, np.inf])
def test_a_radius_that_is_no_distance_is_refused(radius_m):
    with pytest.raises(ValueError, match="radius_m"):
        points_near_lines(polylines([(0, 0), (1, 1)]), [0.0], [0.0], radius_m)


@pytest.mark.parametrize(
    ("x", "y", "offsets"),
    [([0.0, 1.0], [0.0], [0, 2]), ([0.0], [0.0], [0, 2]), ([0.0], [0.0], []), ([0.0, 1.0], [0.0, 1.0], [0, 2, 1, 2])],
)
def test_polylines_refuse_arrays_that_do_not_fit(x, y, offsets):
    with pytest.raises(ValueError, match=r"offsets|length"):
        Polylines(x, y, offsets)


def test_coordinates_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="finite"):
        points_near_lines(polylines([(0, 0), (1, 1)]), [np.nan], [0.0], 5.0)
