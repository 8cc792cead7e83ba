"""One city as a unit of work: scores that can be computed anywhere, in any order, with equal bytes.

A country is many cities. `score_partition` takes plain arrays and returns plain arrays; whoever runs it (this process,
a pool of processes, another machine) changes nothing about the numbers. `run` keeps the order of what it was given and
holds few cities at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from geo.core.coefficients import COEFFICIENTS, Level
from geo.core.records import Floats, Hotspots, Ints, Network, Polylines
from geo.core.scores import route_scores

Executor: TypeAlias = Literal["inline", "processes", "dask"]
EXECUTORS: tuple[Executor, ...] = ("inline", "processes", "dask")
ROUTES_AT_A_TIME = 500

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False)
class PartitionScores:
    """Scores of one city's routes; arrays in the order of its routes, as in `geo.core.scores.RouteScores`.

    `pairs` counts the route–hotspot pairs behind them.
    """

    name: str
    score: Floats
    by_category: Floats
    stretch_from_m: Floats
    stretch_to_m: Floats
    pairs: int


def score_partition(name: str, network: Network, hotspots: Hotspots, level: Level = "central") -> PartitionScores:
    """Score every route of one city. Pure: equal arrays give equal bytes wherever it runs.

    A route's score has nothing to do with the other routes, so `ROUTES_AT_A_TIME` of them are scored together: memory
    is bounded by those, not by the city.
    """
    blocks = [
        route_scores(_routes(network, first, first + ROUTES_AT_A_TIME), hotspots, COEFFICIENTS, level)
        for first in range(0, max(network.routes, 1), ROUTES_AT_A_TIME)
    ]
    return PartitionScores(
        name=name,
        score=np.concatenate([block.score for block in blocks]),
        by_category=np.concatenate([block.by_category for block in blocks]),
        stretch_from_m=np.concatenate([block.stretch_from_m for block in blocks]),
        stretch_to_m=np.concatenate([block.stretch_to_m for block in blocks]),
        pairs=sum(int(block.contacts.nnz) for block in blocks),
    )


def _routes(network: Network, first: int, end: int) -> Network:
    """Some routes of a network without their stops, which do not enter a score."""
    paths, some = network.paths, slice(first, end)
    offsets = paths.offsets[first : end + 1]
    none: Ints = np.empty(0, dtype=np.int64)
    return replace(
        network,
        paths=Polylines(paths.x[offsets[0] : offsets[-1]], paths.y[offsets[0] : offsets[-1]], offsets - offsets[0]),
        route_line=network.route_line[some],
        trips_per_day=network.trips_per_day[some],
        service_minutes=network.service_minutes[some],
        speed_kmh=network.speed_kmh[some],
        call_route=none,
        call_stop=none,
    )


def run(
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    executor: Executor = "inline",
    *,
    workers: int = 2,
    client: Any = None,
) -> Iterator[_Result]:
    """`work` done on every item, results in the order of the items.

    Parameters
    ----------
    work : callable
        A module's own function: other processes import it by name.
    executor : "inline" | "processes" | "dask"
        Here, in a pool of `workers` processes of this machine, or by a Dask `client` (`dask.distributed.Client`).
        Dask gives the work of a lost worker to another one.

    Notes
    -----
    At most two items per worker are under way, so that memory does not grow with the number of cities.
    """
    if executor == "inline":
        yield from map(work, items)
    elif executor == "processes":
        # A fresh interpreter per worker: a fork of one with threads can hang.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield from _in_order(pool.submit, work, items, 2 * workers)
    elif executor == "dask":
        if client is None:
            raise ValueError('client: executor "dask" needs a dask.distributed.Client')
        yield from _in_order(_dask_submit(client), work, items, 2 * workers)
    else:
        raise ValueError(f"executor: expected one of {', '.join(EXECUTORS)}, found {executor!r}")


def _dask_submit(client: Any) -> Callable[..., Any]:
    def submit(work: Callable[..., Any], item: Any) -> Any:
        # Pure work may be done twice; a lost worker is no reason to give up before three are lost.
        return client.submit(work, item, pure=False, retries=3)

    return submit


def _in_order(
    submit: Callable[..., Any], work: Callable[[_Item], _Result], items: Iterable[_Item], ahead: int
) -> Iterator[_Result]:
    waiting: list[Any] = []
    for item in items:
        waiting.append(submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()
