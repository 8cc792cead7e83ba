"""A sketch of where places lie to each other: dots, a scale, north up. No map, no boundary, no request to anyone.

Pure: numbers in, numbers out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

KM_PER_DEGREE = 111.195  # mean length of a degree of latitude, km
WIDTH, MARGIN = 720, 48  # user units of the drawing
TALLEST, LOWEST = 560, 200
APART = 30  # two dots stand at least this far from each other
STEPS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Dot:
    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Sketch:
    """`scale_km` kilometres are `scale_length` user units long."""

    width: int
    height: int
    dots: list[Dot]
    scale_km: float
    scale_length: float

    @property
    def baseline(self) -> int:
        return self.height - 20

    @property
    def scale_end(self) -> float:
        return round(20 + self.scale_length, 1)


def sketch(places: Sequence[tuple[int, str, float, float]]) -> Sketch | None:
    """Draw (number, name, longitude, latitude) in degrees, north up, true to scale (equirectangular).

    None for fewer than two different positions: one dot says nothing about where it is. Dots that would cover each
    other move apart a little.
    """
    if len({(longitude, latitude) for _, _, longitude, latitude in places}) < 2:
        return None
    middle = math.radians(sum(latitude for *_, latitude in places) / len(places))
    east = [longitude * KM_PER_DEGREE * math.cos(middle) for _, _, longitude, _ in places]
    north = [latitude * KM_PER_DEGREE for *_, latitude in places]
    wide, high = max(east) - min(east), max(north) - min(north)
    room_x, room_y = WIDTH - 2 * MARGIN, TALLEST - 2 * MARGIN
    per_km = min(room_x / wide if wide else math.inf, room_y / high if high else math.inf)
    height = max(LOWEST, round(high * per_km + 2 * MARGIN) + 20)
    left = (WIDTH - wide * per_km) / 2
    spots = [
        (left + (x - min(east)) * per_km, MARGIN + (max(north) - y) * per_km) for x, y in zip(east, north, strict=True)
    ]
    dots = [
        Dot(number, name, round(x, 1), round(y, 1))
        for (number, name, *_), (x, y) in zip(places, _apart(spots, height), strict=True)
    ]
    scale_km = max((step for step in STEPS_KM if step * per_km <= WIDTH / 4), default=STEPS_KM[0])
    return Sketch(WIDTH, height, dots, scale_km, round(scale_km * per_km, 1))


def _apart(spots: Sequence[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    """Push each spot away from those before it, in fixed directions, until it stands free or a ring is full."""
    placed: list[tuple[float, float]] = []
    for x, y in spots:
        tries = [(x, y)]
        for ring in range(1, 7):
            for turn in range(8):
                angle = turn * math.pi / 4
                tries.append((x + ring * APART * math.cos(angle), y + ring * APART * math.sin(angle)))
        inside = [
            (a, b) for a, b in tries if MARGIN / 2 <= a <= WIDTH - MARGIN / 2 and MARGIN / 2 <= b <= height - MARGIN
        ]
        free = (spot for spot in inside if all(math.dist(spot, other) >= APART for other in placed))
        placed.append(next(free, (x, y)))
    return placed
