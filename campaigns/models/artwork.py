"""The picture printed on shelters and buses, or the film's cut on their screens: exactly these bytes, signed by two."""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.artwork.specification import BODY, SCALES, SHELTER, Box, Print, Specification
from campaigns.models.briefs import Campaign
from campaigns.models.rates import Format
from media.models import BusCut
from media.storage import private_storage

STEP = "campaign_artwork"
PRINTS: dict[str, Print] = {Format.SHELTER: SHELTER, Format.BODY: BODY}


def artwork_name(_artwork: Any, name: str) -> str:
    """A name of ours in the private storage; of the uploader's only the kind of file is kept."""
    kind = name.rsplit(".", 1)[-1].lower()
    return f"artwork/{secrets.token_hex(12)}.{kind if kind in {'tif', 'tiff', 'jpg', 'jpeg'} else 'bin'}"


class Artwork(models.Model):
    """One accepted picture for one format and size. Another file is another artwork; none is ever changed."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="artworks", verbose_name=_("campaign"), help_text=_("What it is for.")
    )
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, help_text=_("Where it hangs."))
    title = models.CharField(_("picture"), max_length=80, help_text=_("What the crew calls it."))
    file = models.FileField(
        _("file"),
        upload_to=artwork_name,
        storage=private_storage,
        max_length=200,
        blank=True,
        help_text=_("As delivered; private."),
    )
    preview = models.FileField(
        _("preview"),
        upload_to=artwork_name,
        storage=private_storage,
        max_length=200,
        blank=True,
        help_text=_("Reduced and cut to size; private."),
    )
    cut = models.ForeignKey(
        BusCut,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bus cut"),
        help_text=_("The approved cut that the screens play; screens only."),
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Fingerprint of what is approved."))
    width_mm = models.PositiveIntegerField(
        _("width (mm)"), null=True, blank=True, validators=[MinValueValidator(100)], help_text=_("Of the cut face.")
    )
    height_mm = models.PositiveIntegerField(
        _("height (mm)"), null=True, blank=True, validators=[MinValueValidator(100)], help_text=_("Of the cut face.")
    )
    scale = models.PositiveSmallIntegerField(
        _("scale"),
        default=1,
        choices=[(scale, f"1:{scale}") for scale in SCALES],
        help_text=_("How many times larger than the file the print is."),
    )
    code_left_mm = models.PositiveIntegerField(
        _("code from the left (mm)"), null=True, blank=True, help_text=_("On the cut face.")
    )
    code_top_mm = models.PositiveIntegerField(
        _("code from the top (mm)"), null=True, blank=True, help_text=_("On the cut face.")
    )
    code_side_mm = models.PositiveIntegerField(
        _("side of the code (mm)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(20)],
        help_text=_("White margin included."),
    )
    facts = models.JSONField(_("facts"), default=dict, help_text=_("What the check found, hints included."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("May not approve it."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True, help_text=_("When it was accepted."))

    class Meta:
        verbose_name = _("artwork")
        verbose_name_plural = _("artworks")
        ordering = ["campaign", "format", "-uploaded_at"]
        default_permissions = ("add", "view")
        permissions: ClassVar = [("approve_artwork", _("Can approve artwork uploaded by somebody else"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "format", "sha256"], name="artwork_once_per_format"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.get_format_display()}"

    def clean(self) -> None:
        if self.format == Format.SCREEN:
            if self.cut is None or not self.cut.approved:
                raise ValidationError({"cut": _("Choose a cut that is approved.")})
            return
        wanted = ("width_mm", "height_mm", "code_left_mm", "code_top_mm", "code_side_mm")
        problems = {name: _("This format needs it.") for name in wanted if getattr(self, name) is None}
        if problems:
            raise ValidationError(problems)

    @property
    def is_print(self) -> bool:
        return self.format != Format.SCREEN

    @property
    def code_box(self) -> Box:
        side = float(self.code_side_mm or 0)
        return Box(float(self.code_left_mm or 0), float(self.code_top_mm or 0), side, side)

    @property
    def specification(self) -> Specification:
        """What the file is checked against; prints only."""
        return Specification(
            self.width_mm or 0, self.height_mm or 0, self.scale, self.code_box, PRINTS[str(self.format)]
        )
