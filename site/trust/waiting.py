"""What waits for a person: each room says what it has, and the dashboard asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody; `what` says in a word what is to be done."""

    what: str
    name: str
    url: str
    since: datetime | None = None
    due: datetime | None = None
    overdue: bool = False
    note: str = ""


Source = Callable[[Any], list[Waiting]]
_sources: list[Source] = []


def waiting_source(source: Source) -> Source:
    """Register `source(user)`: what of this room waits for `user`, the most urgent first."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting_for(user: Any) -> list[Waiting]:
    """What every room has for `user`."""
    return [item for source in _sources for item in source(user)]
