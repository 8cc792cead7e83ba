"""A campaign's money: what was granted, what is bound by bookings and holds, what was paid, what is left."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from campaigns.models import Booking, Campaign

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Ledger:
    """All in yuan. `left` may be negative: then more is bound or paid than was granted."""

    budget: Decimal
    committed: Decimal
    held: Decimal
    paid: Decimal

    @property
    def unpaid(self) -> Decimal:
        """Bound by bookings and not paid yet."""
        return max(NOTHING, self.committed - self.paid)

    @property
    def left(self) -> Decimal:
        """What can still be bound: paying what was committed takes nothing more, paying beyond it does."""
        return self.budget - max(self.committed, self.paid) - self.held


def ledger(campaign: Campaign) -> Ledger:
    live = Booking.objects.live().filter(plan__campaign=campaign).select_related("placement")
    sums = {Booking.State.BOOKED: NOTHING, Booking.State.HOLD: NOTHING}
    for booking in live:
        sums[Booking.State(booking.state)] += booking.price_cny
    return Ledger(
        budget=campaign.budget_cny,
        committed=sums[Booking.State.BOOKED],
        held=sums[Booking.State.HOLD],
        paid=campaign.payments.aggregate(sum=Sum("amount_cny"))["sum"] or NOTHING,
    )
