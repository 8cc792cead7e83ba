"""What to buy, when, for how much, and what came of it. Money is in yuan, lengths in metres, spots in seconds."""

from campaigns.models.bookings import Booking, BookingConflict
from campaigns.models.briefs import Campaign, Mode
from campaigns.models.codes import AdCode, ScanCount, ScanFile
from campaigns.models.placements import Placement
from campaigns.models.plans import PlanPick, PlanVersion
from campaigns.models.rates import Format, RateCard, RateLine, Specification

__all__ = [
    "AdCode",
    "Booking",
    "BookingConflict",
    "Campaign",
    "Format",
    "Mode",
    "Placement",
    "PlanPick",
    "PlanVersion",
    "RateCard",
    "RateLine",
    "ScanCount",
    "ScanFile",
    "Specification",
]
