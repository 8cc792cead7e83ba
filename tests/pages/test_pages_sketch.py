"""The sketch of service points: true to scale, north up, no two dots on each other."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.sketch import APART, KM_PER_DEGREE, WIDTH, sketch

PLACES = st.lists(st.tuples(st.floats(112.9, 113.3), st.floats(22.4, 22.8)), min_size=2, max_size=12, unique=True)


def drawn(positions: list[tuple[float, float]]):
    return sketch([(at, f"示例 {at}", x, y) for at, (x, y) in enumerate(positions, start=1)])


@given(PLACES)
def test_every_dot_stands_inside_the_drawing(positions: list[tuple[float, float]]) -> None:
    found = drawn(positions)
    assert found is not None
    assert [dot.number for dot in found.dots] == list(range(1, len(positions) + 1))
    for dot in found.dots:
        assert 14 <= dot.x <= WIDTH - 14
        assert 14 <= dot.y <= found.height - 14


@given(PLACES)
def test_no_dot_covers_another(positions: list[tuple[float, float]]) -> None:
    found = drawn(positions)
    assert found is not None
    for one, other in combinations(found.dots, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= APART - 0.2


def test_north_is_up_and_east_is_right() -> None:
    found = drawn([(113.0, 22.5), (113.1, 22.6)])
    assert found is not None
    south_west, north_east = found.dots
    assert south_west.x < north_east.x
    assert south_west.y > north_east.y


def test_the_scale_is_true() -> None:
    found = drawn([(113.0, 22.5), (113.0, 22.6)])
    assert found is not None
    units = math.dist((found.dots[0].x, found.dots[0].y), (found.dots[1].x, found.dots[1].y))
    km = 0.1 * KM_PER_DEGREE
    assert found.scale_length / found.scale_km == pytest.approx(units / km, rel=0.01)


@pytest.mark.parametrize("positions", [[], [(113.0, 22.5)], [(113.0, 22.5)] * 3])
def test_one_place_alone_is_not_drawn(positions: list[tuple[float, float]]) -> None:
    assert drawn(positions) is None
