"""What a crew has to do: placements in an order to drive, with what hangs there, and a sketch of where they are."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from campaigns.models import AdCode, Artwork, Booking, Campaign, Format, Placement, PostingProof
from campaigns.services.artwork import artwork_finder
from campaigns.services.proofs import status, status_label
from geo.models import Route

WIDTH, HEIGHT, EDGE = 640.0, 320.0, 28.0
MOST_POINTS = 60  # of one line's way: a sketch needs no more


@dataclass(frozen=True)
class Task:
    """One placement to post or take down. `state` is a name of `proofs.status`."""

    number: int
    booking: Booking
    due: date
    state: str
    state_label: str
    artwork: Artwork | None
    code: AdCode | None


@dataclass(frozen=True)
class Sketch:
    """Numbered points and the ways of lines in an SVG of 640 × 320, north up, true to scale."""

    points: list[tuple[float, float, int]]
    ways: list[str]


def tasks(campaign: Campaign, deed: str) -> list[Task]:
    """Every booked placement of a campaign, by crew, day, street and name."""
    bookings = (
        Booking.objects.live()
        .filter(plan__campaign=campaign, state=Booking.State.BOOKED)
        .select_related("placement__stop", "placement__line", "placement__area")
        .prefetch_related("proofs", "codes")
    )
    posting = deed == PostingProof.Deed.POSTING
    ordered = sorted(
        bookings,
        key=lambda one: (
            one.crew_name, one.starts_on if posting else one.ends_on, one.placement.format, one.placement.street,
            one.placement.name,
        ),
    )  # fmt: skip
    artwork_of = artwork_finder(campaign)
    found = []
    for number, booking in enumerate(ordered, 1):
        state = status(booking.proofs.all(), deed)
        found.append(
            Task(
                number=number,
                booking=booking,
                due=booking.starts_on if posting else booking.ends_on,
                state=state,
                state_label=status_label(state),
                artwork=artwork_of(booking.placement),
                code=next(iter(booking.codes.all()), None),
            )
        )
    return found


def of_crew(found: list[Task], crew: str) -> list[Task]:
    """One crew's part of a list, numbered from 1: the same on paper and on its phones."""
    mine = [task for task in found if task.booking.crew_name == crew]
    return [replace(task, number=number) for number, task in enumerate(mine, 1)]


def counts(found: list[Task]) -> dict[str, int]:
    """How many of each state, all states named, and `all`."""
    states = Counter(task.state for task in found)
    return {name: states[name] for name in ("proved", "waiting", "rejected", "missing")} | {"all": len(found)}


def sketch(found: list[Task]) -> Sketch | None:
    """Where the placements are; None where no place is known."""
    lines = {task.booking.placement.line_id for task in found if task.booking.placement.line_id}
    ways = {
        line: [(float(point[0]), float(point[1])) for point in path[:: max(1, len(path) // MOST_POINTS)]]
        for line, path in Route.objects.filter(line__in=lines, direction=0).values_list("line", "path")
        if len(path) > 1
    }
    points = [(*at, task.number) for task in found if (at := _at(task.booking.placement, ways)) is not None]
    everything = [(lon, lat) for lon, lat, _number in points] + [point for way in ways.values() for point in way]
    if not everything:
        return None
    project = _projection(everything)
    return Sketch(
        points=[(*project(lon, lat), number) for lon, lat, number in points],
        ways=[" ".join(f"{x},{y}" for x, y in (project(*point) for point in way)) for way in ways.values()],
    )


def _at(place: Placement, ways: dict[int, list[tuple[float, float]]]) -> tuple[float, float] | None:
    """Where a number stands: at the stop, else along the line, a screen's farther on so that it hides no body's."""
    if place.stop is not None:
        return place.stop.lon, place.stop.lat
    way = ways.get(place.line_id or 0)
    if way is None:
        return None
    return way[int((len(way) - 1) * (0.62 if place.format == Format.SCREEN else 0.38))]


def _projection(everything: list[tuple[float, float]]) -> Callable[[float, float], tuple[float, float]]:
    """From degrees to the sketch: everything fits, and a kilometre is as long down as across."""
    west, east = min(lon for lon, _lat in everything), max(lon for lon, _lat in everything)
    south, north = min(lat for _lon, lat in everything), max(lat for _lon, lat in everything)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 2 * EDGE) / max((east - west) * squeeze, 1e-4), (HEIGHT - 2 * EDGE) / max(north - south, 1e-4))

    def project(lon: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lon - (west + east) / 2) * squeeze * scale
        y = HEIGHT / 2 - (lat - (south + north) / 2) * scale
        return round(x, 1), round(y, 1)

    return project
