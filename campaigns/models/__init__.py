"""What to buy, when, for how much, and what came of it. Money is in yuan, lengths in metres, spots in seconds."""

from campaigns.models.artwork import Artwork
from campaigns.models.bookings import Booking, BookingConflict
from campaigns.models.briefs import Campaign, MinimumBy, Mode
from campaigns.models.closings import ClosingReport
from campaigns.models.codes import AdCode, ScanCount, ScanFile
from campaigns.models.crewlinks import CrewLink
from campaigns.models.money import Payment
from campaigns.models.placements import Placement
from campaigns.models.plans import PlanPick, PlanVersion
from campaigns.models.proofs import PostingProof
from campaigns.models.rates import Format, RateCard, RateLine, Specification

__all__ = [
    "AdCode",
    "Artwork",
    "Booking",
    "BookingConflict",
    "Campaign",
    "ClosingReport",
    "CrewLink",
    "Format",
    "MinimumBy",
    "Mode",
    "Payment",
    "Placement",
    "PlanPick",
    "PlanVersion",
    "PostingProof",
    "RateCard",
    "RateLine",
    "ScanCount",
    "ScanFile",
    "Specification",
]
