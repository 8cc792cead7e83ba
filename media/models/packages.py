"""What leaves for the buses: a playlist, the package made of it, and the plays that come back."""

from datetime import date, time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from media.models.bus import BusCut
from media.models.states import Made, State
from media.storage import private_storage


class Playlist(ClusterableModel):
    """Which cuts play when: dates, weekdays, hours and the loop that they share."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For staff: buses and period."))
    starts_on = models.DateField(_("first day"), default=date.today, help_text=_("First day of play."))
    ends_on = models.DateField(_("last day"), help_text=_("Last day of play, inclusive; packages expire after it."))
    weekdays = models.CharField(
        _("weekdays"),
        max_length=7,
        default="1234567",
        validators=[RegexValidator(r"^1?2?3?4?5?6?7?$")],
        help_text=_("Digits 1 (Monday) to 7 (Sunday), in order: 12345 for working days."),
    )
    from_time = models.TimeField(_("first time of day"), default=time(6, 0), help_text=_("First time of day."))
    to_time = models.TimeField(_("last time of day"), default=time(22, 0), help_text=_("Last time of day."))
    loop_s = models.PositiveIntegerField(
        _("loop"),
        default=600,
        validators=[MinValueValidator(15), MaxValueValidator(7200)],
        help_text=_("Seconds in which the screen's whole programme comes round once."),
    )

    class Meta:
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first.")})
        if self.from_time and self.to_time and self.to_time <= self.from_time:
            raise ValidationError({"to_time": _("The last time is before the first.")})
        if not self.weekdays:
            raise ValidationError({"weekdays": _("At least one weekday.")})


class PlaylistItem(Orderable):
    playlist = ParentalKey(Playlist, on_delete=models.CASCADE, related_name="items", help_text=_("Playlist."))
    cut = models.ForeignKey(
        BusCut,
        verbose_name=_("bus cut"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Only approved cuts that are not out of date go into a package."),
    )
    plays_per_loop = models.PositiveSmallIntegerField(
        _("plays per loop"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("How often it is shown in one loop."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("playlist item")
        verbose_name_plural = _("playlist items")

    def __str__(self) -> str:
        return f"{self.cut} × {self.plays_per_loop}"


class MediaPackage(Made):
    """One zip file for the technician of the bus company: films, order of play, check sums, an end date."""

    job_kind = "media.package"

    playlist = models.ForeignKey(
        Playlist, verbose_name=_("playlist"), on_delete=models.PROTECT, related_name="packages", help_text=_("Source.")
    )
    revision = models.PositiveIntegerField(_("revision"), editable=False, help_text=_("1 for the first package."))
    file = models.FileField(
        _("file"), storage=private_storage, max_length=200, blank=True, editable=False, help_text=_("Private storage.")
    )
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, blank=True, editable=False, help_text=_("Digest of the zip.")
    )
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0, editable=False, help_text=_("Bytes."))
    manifest = models.JSONField(_("manifest"), default=dict, editable=False, help_text=_("What is inside."))
    expires_on = models.DateField(_("expires"), help_text=_("Not to be played after this day."))
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, editable=False, help_text=_("When it was called back.")
    )
    withdrawn_reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why it was called back."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who asked for it."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, help_text=_("When it was asked for."))

    class Meta:
        verbose_name = _("bus package")
        verbose_name_plural = _("bus packages")
        ordering = ["-created_at"]
        permissions = [("withdraw_mediapackage", "Can withdraw bus packages")]
        constraints = [models.UniqueConstraint(fields=["playlist", "revision"], name="one_revision_per_package")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"PUFA-P{self.playlist_id}-R{self.revision}"

    @property
    def file_name(self) -> str:
        return f"{self.code}.zip"

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def is_valid_on(self, day: date) -> bool:
        return self.state == State.READY and not self.withdrawn and day <= self.expires_on

    @property
    def is_valid(self) -> bool:
        return self.is_valid_on(timezone.localdate())

    @property
    def items(self) -> list[dict[str, Any]]:
        return list(self.manifest.get("items", []))


class PlayReport(models.Model):
    """How often one vehicle played one cut on one day, as the bus company reported it."""

    day = models.DateField(_("day"), help_text=_("Day of play."))
    vehicle = models.CharField(_("vehicle"), max_length=40, help_text=_("Number of the bus."))
    cut = models.ForeignKey(
        BusCut,
        verbose_name=_("bus cut"),
        on_delete=models.PROTECT,
        related_name="play_reports",
        help_text=_("What played."),
    )
    plays = models.PositiveIntegerField(_("plays"), help_text=_("How often."))
    source_name = models.CharField(_("file"), max_length=200, help_text=_("Report that it came from."))
    imported_at = models.DateTimeField(_("imported"), auto_now=True, help_text=_("When it was read."))

    class Meta:
        verbose_name = _("play report")
        verbose_name_plural = _("play reports")
        ordering = ["-day", "vehicle"]
        constraints = [models.UniqueConstraint(fields=["day", "vehicle", "cut"], name="one_play_report_per_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.vehicle} {self.cut_id}"
