"""One city as a unit of work: scores that can be computed anywhere, in any order, with equal bytes.

A country is many cities. `score_partition` takes plain arrays and returns plain arrays; whoever runs it (this process,
a pool of processes, another machine) changes nothing about the numbers. `run` keeps the order of what it was given and
holds few cities at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Literal, TypeAlias, TypeVar

from geo.core.coefficients import COEFFICIENTS, Level
from geo.core.records import Floats, Hotspots, Network
from geo.core.scores import route_scores

Executor: TypeAlias = Literal["inline", "processes", "dask"]
EXECUTORS: tuple[Executor, ...] = ("inline", "processes", "dask")
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
    """Score every route of one city. Pure: equal arrays give equal bytes wherever it runs."""
    scored = route_scores(network, hotspots, COEFFICIENTS, level)
    return PartitionScores(
        name=name,
        score=scored.score,
        by_category=scored.by_category,
        stretch_from_m=scored.stretch_from_m,
        stretch_to_m=scored.stretch_to_m,
        pairs=int(scored.contacts.nnz),
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
