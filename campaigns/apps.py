"""The campaigns app, and what each role may do in it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_MODELS = (
    "ratecard",
    "placement",
    "campaign",
    "planversion",
    "planpick",
    "booking",
    "adcode",
    "scancount",
    "artwork",
    "payment",
    "postingproof",
    "crewlink",
    "closingreport",
)
_READ = [f"campaigns.view_{model}" for model in _MODELS]
_WORK = [
    "campaigns.add_campaign",
    "campaigns.change_campaign",
    "campaigns.add_planversion",
    "campaigns.add_booking",
    "campaigns.change_booking",
    "campaigns.add_adcode",
    "campaigns.change_adcode",
    "campaigns.add_artwork",
    "campaigns.add_payment",
    "campaigns.add_postingproof",
    "campaigns.add_closingreport",
]
_PRICES = [f"campaigns.{deed}_{model}" for model in ("ratecard", "placement") for deed in ("add", "change", "delete")]
_APPROVE = ["campaigns.approve_planversion", "campaigns.approve_artwork", "campaigns.confirm_postingproof"]


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")
    audit_actions = {
        "artwork.accept": _("Accept an artwork"),
        "booking.cancel": _("Cancel a booking"),
        "booking.make_good": _("Make good a lost posting"),
        "campaign.book": _("Book a plan"),
        "campaign.close": _("Close a campaign"),
        "campaign.hold": _("Hold placements"),
        "campaign.release": _("Release held placements"),
        "crew_link.make": _("Make a link for a crew"),
        "crew_link.open": _("Open a crew's link"),
        "crew_link.revoke": _("Revoke a crew's link"),
        "payment.enter": _("Enter a payment"),
        "placements.generate": _("Generate placements"),
        "prices.import": _("Import prices and placements"),
        "proof.reject": _("Reject a proof of posting"),
        "proof.send": _("Send a proof of posting"),
    }

    # Read by trust: role value -> permissions. Whoever plans may approve too, but never what they made themselves.
    role_permissions = {
        "planner": [*_READ, *_WORK, *_PRICES, *_APPROVE],
        "final_reviewer": [*_READ, *_APPROVE],
        "auditor": _READ,
        "admin": [*_READ, *_PRICES],
    }
