"""The codes of a plan's ads as files for the printer, in one archive with a list."""

import csv
import io
import zipfile

from django.utils.translation import gettext as _

from campaigns.artwork import codes
from campaigns.models import AdCode, Booking, Campaign, Format
from campaigns.models.artwork import PRINTS
from campaigns.services.artwork import code_url, current_artwork
from campaigns.services.exports import safe_cell

KINDS = {"svg": ("image/svg+xml", codes.svg), "png": ("image/png", codes.png), "pdf": ("application/pdf", codes.pdf)}
SCREEN_DISTANCE_MM = 1000  # codes on screens are films' business; this one is for a sticker beside the screen


def side_mm(campaign: Campaign | None, code: AdCode) -> float:
    """Side to print: the approved artwork's place for it, else what the format's distance asks for."""
    artwork = current_artwork(campaign, code.placement) if campaign else None
    if artwork is not None and artwork.code_side_mm:
        return float(artwork.code_side_mm)
    printed = PRINTS.get(str(code.placement.format))
    distance_mm = float(printed.scan_distance_mm if printed else SCREEN_DISTANCE_MM)
    return codes.side_for(code_url(code.code), distance_mm)


def code_file(campaign: Campaign | None, code: AdCode, kind: str) -> tuple[bytes, str]:
    """(content, content type) of a code as `svg`, `png` or `pdf` at its print size."""
    content_type, make = KINDS[kind]
    return make(code_url(code.code), side_mm(campaign, code)), content_type


def campaign_codes(campaign: Campaign) -> list[AdCode]:
    """Codes of the campaign's live bookings, in the order of their placements."""
    live = Booking.objects.live().filter(plan__campaign=campaign)
    return list(
        AdCode.objects.filter(booking__in=live)
        .select_related("placement", "booking")
        .order_by("placement__code", "code")
    )


def archive(campaign: Campaign) -> bytes:
    """A ZIP of every code in every kind, and codes.csv saying which hangs where and how large."""
    out, table = io.BytesIO(), io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(
        [_("Code"), _("Placement"), _("Ad format"), _("Address"), _("Side (mm)"), _("Posting"), _("Take-down")]
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for code in campaign_codes(campaign):
            side = side_mm(campaign, code)
            url = code_url(code.code)
            for kind, (_type, make) in KINDS.items():
                packed.writestr(f"{kind}/{code.code}.{kind}", make(url, side))
            flight = [str(code.booking.starts_on), str(code.booking.ends_on)] if code.booking else ["", ""]
            writer.writerow(
                [
                    code.code,
                    safe_cell(code.placement.name),
                    Format(code.placement.format).label,
                    url,
                    f"{side:.0f}",
                    *flight,
                ]
            )
        packed.writestr("codes.csv", "\ufeff" + table.getvalue())
    return out.getvalue()
