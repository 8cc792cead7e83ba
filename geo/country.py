"""A country as a folder of cities: what one worker does with one of them. Knows no database.

Tasks and outcomes are small and carry paths, not arrays: a city is read, scored and written by the worker that holds
it, so that memory does not grow with the country and a lost worker's city can be done again by another one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from geo.core.partitions import score_partition
from geo.sources.city_files import SUFFIX, read_city, write_made_up_city, write_scores
from trust.errors import InputError, InputProblem


@dataclass(frozen=True)
class MakeTask:
    """Make up one city of a country, into a file."""

    target: str
    seed: int
    number: int
    routes: int
    hotspots: int


@dataclass(frozen=True)
class ScoreTask:
    """Score the city of one file into another; without a target, only check it."""

    source: str
    target: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one city. CPU seconds by step; `problems` keep it from being scored."""

    name: str
    routes: int = 0
    hotspots: int = 0
    pairs: int = 0
    read_s: float = 0.0
    score_s: float = 0.0
    write_s: float = 0.0
    problems: tuple[InputProblem, ...] = ()


def make_city(task: MakeTask) -> Outcome:
    started = time.process_time()
    target = Path(task.target)
    write_made_up_city(target, task.seed, task.number, task.routes, task.hotspots)
    return Outcome(target.stem, task.routes, task.hotspots, write_s=time.process_time() - started)


def score_city(task: ScoreTask) -> Outcome:
    started = time.process_time()
    source = Path(task.source)
    try:
        city = read_city(source)
    except InputError as error:
        return Outcome(source.stem, problems=tuple(error.problems))
    read = time.process_time()
    checked = Outcome(city.name, city.network.routes, len(city.hotspots), read_s=read - started)
    if not task.target:
        return checked
    scores = score_partition(city.name, city.network, city.hotspots)
    scored = time.process_time()
    write_scores(Path(task.target), city, scores)
    return replace(checked, pairs=scores.pairs, score_s=scored - read, write_s=time.process_time() - scored)


def made_up_country(folder: Path, seed: int, cities: int, routes: int, hotspots: int) -> Iterator[MakeTask]:
    """Cities of 0.5 to 1.5 times the mean size that have exactly so many routes and hotspots together, ≥ 1 each."""
    share = np.random.default_rng(seed).uniform(0.5, 1.5, cities)
    ends = np.cumsum(share) / share.sum()
    route_ends, hotspot_ends = (np.round(ends * (total - cities)).astype(int) for total in (routes, hotspots))
    for number in range(cities):
        before = number - 1
        yield MakeTask(
            target=str(folder / f"示例市{number + 1:03}{SUFFIX}"),
            seed=seed,
            number=number,
            routes=1 + int(route_ends[number] - (route_ends[before] if number else 0)),
            hotspots=1 + int(hotspot_ends[number] - (hotspot_ends[before] if number else 0)),
        )
