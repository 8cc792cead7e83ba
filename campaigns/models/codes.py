"""The code printed on an ad, and how often it was scanned. Nothing about who scanned it is ever kept."""

import secrets
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.bookings import Booking
from campaigns.models.placements import Placement

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/i/l: codes are read aloud and typed too


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(6))


def check_local_path(value: str) -> None:
    """A code may only ever open a page of this site."""
    if not value.startswith("/") or value.startswith(("//", "/\\")) or any(ord(sign) < 33 for sign in value):
        raise ValidationError(_("Give a path on this site that begins with one /."))


class AdCode(models.Model):
    code = models.SlugField(
        _("code"), max_length=20, unique=True, default=new_code, help_text=_("Printed on the ad as /q/code.")
    )
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="codes", verbose_name=_("placement"), help_text=_("Where it hangs.")
    )
    booking = models.ForeignKey(
        Booking,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="codes",
        verbose_name=_("booking"),
        help_text=_("The flight that it was printed for."),
    )
    landing_page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("landing page"),
        help_text=_("The page that it opens."),
    )
    landing_path = models.CharField(
        _("landing path"),
        max_length=255,
        blank=True,
        validators=[check_local_path],
        help_text=_("Opened where no page is chosen or it is not published, for instance /law/."),
    )

    class Meta:
        verbose_name = _("ad code")
        verbose_name_plural = _("ad codes")
        ordering = ["placement", "code"]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.code = self.code.lower()  # typed by hand in either case
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("codes:scan", args=[self.code])

    def target(self) -> str:
        """Where a scan leads: the page while it is published, else the path, else the home page."""
        if self.landing_page is not None and self.landing_page.live:
            url = self.landing_page.get_url()
            if url:
                return str(url)
        return self.landing_path or "/"


class ScanFile(models.Model):
    """How far one file of scans has been folded into counts."""

    name = models.CharField(_("file"), max_length=120, unique=True, help_text=_("Name within the folder of scans."))
    offset = models.PositiveBigIntegerField(_("bytes read"), default=0, help_text=_("Everything before is counted."))

    class Meta:
        verbose_name = _("file of scans")
        verbose_name_plural = _("files of scans")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ScanCount(models.Model):
    code = models.ForeignKey(
        AdCode, models.CASCADE, related_name="counts", verbose_name=_("ad code"), help_text=_("What was scanned.")
    )
    day = models.DateField(_("day"), help_text=_("Local date."))
    hour = models.PositiveSmallIntegerField(_("hour"), help_text=_("Local hour, 0 to 23."))
    count = models.PositiveIntegerField(_("scans"), default=0, help_text=_("Scans in that hour."))

    class Meta:
        verbose_name = _("scan count")
        verbose_name_plural = _("scan counts")
        ordering = ["code", "day", "hour"]
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "day", "hour"], name="scan_count_once_per_hour"),
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="scan_hour_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.day} {self.hour}: {self.count}"
