"""Captions of a film by language: revisions that are only added, each signed by a second person before it counts."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from media.captions import Cue, parse


class Language(models.TextChoices):
    """Tags of BCP 47; traditional script is made from the simplified one when a page is converted."""

    SIMPLIFIED = "zh-Hans", _("Simplified Chinese")
    CANTONESE = "yue-Hant", _("Cantonese")
    ENGLISH = "en", _("English")


class CaptionTrack(models.Model):
    video = models.ForeignKey(
        "media.Video",
        verbose_name=_("film"),
        on_delete=models.CASCADE,
        related_name="caption_tracks",
        help_text=_("Whose captions these are."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        choices=Language.choices,
        default=Language.SIMPLIFIED,
        help_text=_("Language of the text on screen."),
    )

    class Meta:
        verbose_name = _("caption track")
        verbose_name_plural = _("caption tracks")
        ordering = [models.Case(models.When(language="zh-Hans", then=0), default=1), "language"]
        constraints = [models.UniqueConstraint(fields=["video", "language"], name="one_caption_track_per_language")]

    def __str__(self) -> str:
        return f"{self.video} · {self.get_language_display()}"

    def served_revision(self) -> "CaptionRevision | None":
        """The latest revision that visitors may read."""
        return CaptionRevision.served().filter(track=self).order_by("-number").first()

    def latest_revision(self) -> "CaptionRevision | None":
        return self.revisions.order_by("-number").first()

    def add_revision(self, vtt: str, *, author: Any) -> "CaptionRevision":
        """Add `vtt` (canonical, from media.captions.to_vtt); the latest one is returned where nothing has changed."""
        latest = self.latest_revision()
        if latest is not None and latest.vtt == vtt:
            return latest
        number = (self.revisions.aggregate(most=Max("number"))["most"] or 0) + 1
        return self.revisions.create(number=number, vtt=vtt, author=author)


class CaptionRevision(models.Model):
    track = models.ForeignKey(CaptionTrack, on_delete=models.CASCADE, related_name="revisions", help_text=_("Track."))
    number = models.PositiveIntegerField(_("number"), help_text=_("1 for the first revision."))
    vtt = models.TextField(_("captions"), help_text=_("WebVTT."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who wrote this revision."),
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True, help_text=_("When it was written."))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who checked it against the film; never its author."),
    )
    reviewed_on = models.DateField(_("reviewed"), null=True, help_text=_("When it was checked."))

    class Meta:
        verbose_name = _("caption revision")
        verbose_name_plural = _("caption revisions")
        ordering = ["-number"]
        permissions = [("review_captionrevision", "Can review captions")]
        constraints = [models.UniqueConstraint(fields=["track", "number"], name="one_number_per_caption_revision")]

    def __str__(self) -> str:
        return f"{self.track} · r{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("media:captions", args=[self.track.video.slug, self.track.language])

    @classmethod
    def served(cls) -> QuerySet["CaptionRevision"]:
        """What visitors may read: reviewed revisions, and in the demo every one."""
        everything = cls.objects.all()
        return everything if settings.DEMO else everything.filter(reviewed_on__isnull=False)

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_on is not None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.vtt.encode()).hexdigest()

    def cues(self) -> list[Cue]:
        return parse(self.vtt, file=f"r{self.number}.vtt")
