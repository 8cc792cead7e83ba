"""Which kinds of job there are, and what is done again and again. Apps register in their `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from jobs.runs import Run

Handler = Callable[["Run"], None]


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    handler: Handler
    max_attempts: int
    every: timedelta | None = None


kinds: dict[str, Kind] = {}


def job(name: str, *, title: str | Promise = "", max_attempts: int = 3) -> Callable[[Handler], Handler]:
    """Register `handler(run)` as what runs jobs of kind `name`."""

    def register(handler: Handler) -> Handler:
        _add(Kind(name, title or name, handler, max_attempts))
        return handler

    return register


def periodic(name: str, *, every: timedelta, title: str | Promise = "") -> Callable[[Handler], Handler]:
    """Register `handler(run)` to be run by the worker about once in every `every`, first soon after it starts."""

    def register(handler: Handler) -> Handler:
        _add(Kind(name, title or name, handler, max_attempts=1, every=every))
        return handler

    return register


def _add(kind: Kind) -> None:
    known: Any = kinds.get(kind.name)
    if known is not None and known.handler.__qualname__ != kind.handler.__qualname__:
        raise ValueError(f"Two handlers are registered for jobs of kind {kind.name!r}")
    kinds[kind.name] = kind
