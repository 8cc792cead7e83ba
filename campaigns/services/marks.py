"""What a brief's author locks and excludes, as it comes from a form, and kept with the brief."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from campaigns.models import Campaign, Placement
from geo.models import Area


@dataclass(frozen=True)
class Marks:
    """Keys of placements that a plan must hold, and of those that it must not."""

    locked: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()

    @property
    def locked_field(self) -> str:
        return ",".join(map(str, sorted(self.locked)))

    @property
    def excluded_field(self) -> str:
        return ",".join(map(str, sorted(self.excluded)))


def saved_marks(campaign: Campaign) -> Marks:
    """Those kept with a brief; none where it is not saved yet."""
    if campaign.pk is None:
        return Marks()
    return Marks(*(frozenset(field.values_list("pk", flat=True)) for field in (campaign.must_have, campaign.never)))


def keys(text: str) -> frozenset[int]:
    """Keys of placements from a field: `12,34`. What is no number is no key."""
    return frozenset(int(word) for word in text.split(",") if word.strip().isdecimal())


def read(fields: Mapping[str, str], area: Area) -> Marks | None:
    """The marks of a form, of placements of this area alone; None where it carries none. Locked wins over excluded."""
    if "locked" not in fields:
        return None
    locked, excluded = (keys(fields.get(name, "")) for name in ("locked", "excluded"))
    here = set(Placement.objects.filter(area=area, pk__in=locked | excluded).values_list("pk", flat=True))
    return Marks(locked & here, (excluded - locked) & here)


@transaction.atomic
def keep(campaign: Campaign, marks: Marks) -> None:
    campaign.must_have.set(marks.locked)
    campaign.never.set(marks.excluded)


@transaction.atomic
def mark(campaign: Campaign, placement: Placement, wish: str) -> None:
    """`lock` or `exclude` one placement; anything else frees it."""
    campaign.must_have.remove(placement)
    campaign.never.remove(placement)
    if wish == "lock":
        campaign.must_have.add(placement)
    elif wish == "exclude":
        campaign.never.add(placement)
