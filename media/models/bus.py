"""Cuts of a film for the screens on buses: what a screen takes, and the exact bytes that were approved for it."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from media.models.captions import CaptionRevision, Language
from media.models.states import Made, State
from media.storage import private_storage
from trust.approvals import is_approved

APPROVAL_STEP = "bus_cut"


class BusProfile(models.Model):
    """What one kind of bus screen plays."""

    class Seconds(models.IntegerChoices):
        FIFTEEN = 15, _("15 seconds")
        THIRTY = 30, _("30 seconds")

    class Audio(models.TextChoices):
        SOUND = "sound", _("With sound")
        SILENT = "silent", _("A silent sound track")
        NONE = "none", _("No sound track")

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("How staff call this kind of screen."))
    width = models.PositiveIntegerField(
        _("width"),
        default=1280,
        validators=[MinValueValidator(320), MaxValueValidator(3840)],
        help_text=_("Pixels, even."),
    )
    height = models.PositiveIntegerField(
        _("height"),
        default=720,
        validators=[MinValueValidator(240), MaxValueValidator(2160)],
        help_text=_("Pixels, even."),
    )
    fps = models.PositiveSmallIntegerField(
        _("frames per second"),
        default=25,
        choices=[(25, "25"), (30, "30")],
        help_text=_("25 is usual on Chinese buses."),
    )
    seconds = models.PositiveSmallIntegerField(
        _("cut length"),
        choices=Seconds.choices,
        default=Seconds.FIFTEEN,
        help_text=_("The cut has exactly this length."),
    )
    video_kbps = models.PositiveIntegerField(
        _("video bit rate"),
        default=4000,
        validators=[MinValueValidator(300), MaxValueValidator(40_000)],
        help_text=_("Kilobits per second."),
    )
    audio = models.CharField(
        _("sound"),
        max_length=8,
        choices=Audio.choices,
        default=Audio.SOUND,
        help_text=_("Some players refuse a file without a sound track."),
    )
    size_cap_mb = models.PositiveIntegerField(
        _("size limit"),
        default=60,
        validators=[MinValueValidator(1)],
        help_text=_("Megabytes (10⁶ bytes) for one cut."),
    )
    safe_area_percent = models.PositiveSmallIntegerField(
        _("safe area"),
        default=5,
        validators=[MaxValueValidator(20)],
        help_text=_("Percent of each edge that the frame of the screen may hide; subtitles stay inside."),
    )

    class Meta:
        verbose_name = _("screen profile")
        verbose_name_plural = _("screen profiles")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(seconds__in=[15, 30]), name="bus_cut_is_15_or_30_seconds")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # yuv420p halves the colour planes in both directions: odd sizes cannot be coded.
        self.width += self.width % 2
        self.height += self.height % 2

    @property
    def specification(self) -> dict[str, Any]:
        names = ("width", "height", "fps", "seconds", "video_kbps", "audio", "size_cap_mb", "safe_area_percent")
        return {name: getattr(self, name) for name in names}


class BusCut(Made):
    """Exactly 15 or 30 seconds of one version with subtitles burnt in."""

    job_kind = "media.bus_cut"

    version = models.ForeignKey(
        "media.VideoVersion",
        verbose_name=_("film version"),
        on_delete=models.PROTECT,
        related_name="bus_cuts",
        help_text=_("What it is cut from."),
    )
    profile = models.ForeignKey(
        BusProfile,
        verbose_name=_("screen profile"),
        on_delete=models.PROTECT,
        related_name="cuts",
        help_text=_("What the screen takes."),
    )
    captions = models.ForeignKey(
        CaptionRevision,
        verbose_name=_("captions"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The revision burnt in; none where the film has none."),
    )
    start_s = models.DecimalField(
        _("start in the film"),
        max_digits=8,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Second of the film at which the cut begins."),
    )
    file = models.FileField(
        _("file"), storage=private_storage, max_length=200, blank=True, editable=False, help_text=_("Private storage.")
    )
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, blank=True, editable=False, help_text=_("Digest of the file.")
    )
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0, editable=False, help_text=_("Bytes."))
    specification = models.JSONField(default=dict, editable=False, help_text=_("The profile as it was at the cut."))
    captions_sha256 = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Digest of the captions.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who asked for the cut."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, help_text=_("When it was asked for."))

    class Meta:
        verbose_name = _("bus cut")
        verbose_name_plural = _("bus cuts")
        ordering = ["-created_at"]
        permissions = [("approve_buscut", "Can approve bus cuts")]

    def __str__(self) -> str:
        return f"{self.version.video} · {self.profile}"

    @property
    def code(self) -> str:
        """Name in packages and play reports: ASCII, tied to the bytes."""
        return f"C{self.pk}-{self.sha256[:8]}"

    @property
    def file_name(self) -> str:
        seconds = self.specification.get("seconds", self.profile.seconds)
        return f"{self.version.video.slug[:40]}-{seconds}s-{self.code}.mp4"

    def wanted_captions(self) -> CaptionRevision | None:
        """The captions that a cut made now would carry."""
        track = self.version.video.caption_tracks.filter(language=Language.SIMPLIFIED).first()
        return track.served_revision() if track else None

    @property
    def stale(self) -> bool:
        """Whether the film, its captions or the profile have changed since the cut was made."""
        if self.state != State.READY:
            return False
        wanted = self.wanted_captions()
        return (
            self.version.video.current_version_id != self.version_id
            or (wanted.sha256 if wanted else "") != self.captions_sha256
            or self.specification != self.profile.specification
        )

    @property
    def approved(self) -> bool:
        return bool(self.sha256) and is_approved(self, sha256=self.sha256, step=APPROVAL_STEP)

    @property
    def usable(self) -> bool:
        return self.state == State.READY and self.approved and not self.stale

    def makers(self) -> list[Any]:
        """Everybody whose work is in these bytes: none of them may approve it."""
        people = [self.made_by, self.version.uploaded_by, self.captions.author if self.captions else None]
        return [person for person in people if person is not None]

    def get_admin_url(self) -> str:
        return reverse("media_admin:cut", args=[self.pk])
