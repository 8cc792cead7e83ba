"""What stands between a thing and the public: rooms above register gates, rooms below ask them before they publish.

A film is published in `media`, and who must have reviewed it is known two floors above. `media` asks `why_not`; the
editors' desk registers the answer.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

Gate = Callable[[models.Model], list[str]]

_gates: list[Gate] = []


def gate(check: Gate) -> Gate:
    """Register `check(subject)`: sentences that say what is still missing, none where it may be published."""
    if check not in _gates:
        _gates.append(check)
    return check


def why_not(subject: Any) -> list[str]:
    """Everything that keeps `subject` from being published, as sentences for a person."""
    return [reason for check in _gates for reason in check(subject)]
