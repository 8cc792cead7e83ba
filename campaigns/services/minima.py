"""The minimum numbers of a brief: which placements count towards each, and what to say when they are too few."""

import math
from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _

from campaigns.explain import minimum_label
from campaigns.models import Campaign, MinimumBy, Placement
from campaigns.services.facts import REACHED_FROM
from geo.core.problem import Minimum
from geo.core.records import CATEGORIES, Csr, Ints


def minima_of(
    campaign: Campaign, placements: Sequence[Placement], contacts: Csr, category: Ints, buyable: np.ndarray
) -> tuple[Minimum, ...]:
    """The brief's minima as groups of rows.

    A placement counts for a kind of place where at least one place of that kind is reached as in the facts of a pick:
    by one visitor in twenty.

    Parameters
    ----------
    contacts : csr_array, shape (placements, hotspots)
        Central contacts over the flight.
    category : ndarray of int64, shape (hotspots,)
    buyable : ndarray, shape (placements,)
        A number per placement; those that share one exclude each other, and −1 cannot be bought at all.

    Raises
    ------
    TooFew
        A group has fewer placements than the brief wants of it.
    """
    found = []
    for by, wanted in (campaign.minima or {}).items():
        for of, least in wanted.items():
            members = _members(by, of, placements, contacts, category)
            most = np.unique(buyable[members][buyable[members] >= 0]).size
            if most < least:
                raise TooFew(minimum_label(by, of), least, most)
            found.append(Minimum(members, least))
    return tuple(found)


class TooFew(ValueError):
    """A minimum that nothing on sale can meet; its text is for the person."""

    def __init__(self, what: str, least: int, most: int) -> None:
        super().__init__(
            _("The brief asks for at least %(least)d of “%(what)s”, but no plan can hold more than %(most)d.")
            % {"what": what, "least": least, "most": most}
        )


def _members(by: str, of: str, placements: Sequence[Placement], contacts: Csr, category: Ints) -> Ints:
    if by == MinimumBy.CATEGORY:
        reached = (category[contacts.indices] == CATEGORIES.index(of)) & (contacts.data >= -math.log1p(-REACHED_FROM))
        rows = np.repeat(np.arange(contacts.shape[0]), np.diff(contacts.indptr))
        members: Ints = np.unique(rows[reached]).astype(np.int64)
        return members
    shared = [place.format if by == MinimumBy.FORMAT else place.street for place in placements]
    return np.array([row for row, value in enumerate(shared) if value == of], dtype=np.int64)
