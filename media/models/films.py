"""A film: one address for ever, immutable versions of its file, and what was made from each."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.coreutils import string_to_ascii
from wagtail.models import CollectionMember
from wagtail.search import index

from jobs.models import Job
from media.captions import Cue, clock
from media.models.states import Made, State
from media.storage import new_token, private_storage
from zh.tokens import highlight_spans


class VideoQuerySet(QuerySet["Video"]):
    def public(self) -> "VideoQuerySet":
        """Published, playable, and captioned or with a reason why not."""
        from media.models.captions import CaptionRevision  # noqa: PLC0415 — captions know films

        captioned = Exists(CaptionRevision.served().filter(track__video=OuterRef("pk")))
        return (
            self.filter(published=True, current_version__state=State.READY)
            .annotate(captioned=captioned)
            .filter(Q(captioned=True) | ~Q(no_captions_reason=""))
            .select_related("current_version")
            .order_by(F("published_on").desc(nulls_last=True), "-pk")
        )


class Video(CollectionMember, index.Indexed, models.Model):
    """What a visitor knows as the film. Its slug never changes once the film has been public."""

    search_kind = _("Film")
    dates_on_record = ("published_on",)

    title = models.CharField(_("title"), max_length=120, help_text=_("As the public reads it, without 《》."))
    slug = models.SlugField(
        _("web address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Last part of the web address, in letters and digits; left empty it is made from the title."),
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("Two or three sentences that say what the film is about.")
    )
    credit = models.CharField(_("credit"), max_length=120, blank=True, help_text=_("Who made the film."))
    licence = models.CharField(
        _("licence"),
        max_length=120,
        blank=True,
        help_text=_("What others may do with it, or by whose consent we show it."),
    )
    is_sample = models.BooleanField(
        _("sample"), default=False, help_text=_("Shown with the mark 示例: made up for demonstration.")
    )
    no_captions_reason = models.CharField(
        _("reason for no captions"),
        max_length=200,
        blank=True,
        help_text=_("A film without captions may be public only with a reason, which visitors read."),
    )
    published = models.BooleanField(
        _("published"), default=False, editable=False, help_text=_("Whether visitors see it.")
    )
    published_on = models.DateField(_("publication date"), null=True, blank=True, help_text=_("The date on the page."))
    current_version = models.ForeignKey(
        "media.VideoVersion",
        verbose_name=_("current version"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The version that plays; moves when a newer one is ready."),
    )
    tags = TaggableManager(verbose_name=_("tags"), blank=True, help_text=_("Words to find it by, for staff."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who uploaded it first."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, help_text=_("When it was added."))
    updated_at = models.DateTimeField(_("updated"), auto_now=True, help_text=_("When its description last changed."))

    objects = VideoQuerySet.as_manager()

    search_fields = [
        *CollectionMember.search_fields,
        index.SearchField("title", boost=4),
        index.AutocompleteField("title"),
        index.SearchField("summary", boost=2),
        index.SearchField("caption_text"),
        index.FilterField("title"),
        index.FilterField("published"),
        index.FilterField("created_at"),
        index.FilterField("current_version"),
    ]

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")
        ordering = ["-created_at"]
        permissions = [("publish_video", "Can publish and withdraw films"), ("choose_video", "Can choose films")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = unused_slug(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("media:video", args=[self.slug])

    # What the public may see, for search, site map, citations and lists.
    @classmethod
    def public_objects(cls) -> VideoQuerySet:
        return cls.objects.public()

    @classmethod
    def sitemap_items(cls) -> Iterable[tuple[str, datetime | None]]:
        for video in cls.public_objects():
            yield video.get_absolute_url(), video.updated_at

    def search_title(self) -> str:
        return self.title

    def search_text(self) -> str:
        return "\n".join(part for part in (self.summary, self.caption_text()) if part)

    def caption_text(self) -> str:
        return "\n".join(cue.line for cue in self.cues())

    def url_for(self, query: str) -> str:
        """Its address at the second in which `query` is said; its plain address where it is in no caption.

        What is said may run on from one caption to the next. Half of the query must be said in one piece.
        """
        cues = self.cues()
        starts = list(accumulate((len(cue.line) for cue in cues), initial=0))
        spans = highlight_spans("".join(cue.line for cue in cues), query)
        begin, end = max(spans, key=lambda span: (span[1] - span[0], -span[0]), default=(0, 0))
        if end - begin < max(2, len("".join(query.split())) / 2):
            return self.get_absolute_url()
        return f"{self.get_absolute_url()}?t={cues[bisect_right(starts, begin) - 1].start_text}#player"

    def citation_texts(self) -> Iterable[str]:
        yield self.summary
        yield from (cue.line for cue in self.cues())

    def cues(self) -> list[Cue]:
        """The captions that are served, in the first language there is; empty without any."""
        for track in self.caption_tracks.all():
            if revision := track.served_revision():
                return revision.cues()
        return []

    def served_captions(self) -> list[Any]:
        """The served revision of each language that has one."""
        found = (track.served_revision() for track in self.caption_tracks.all())
        return [revision for revision in found if revision is not None]

    @property
    def is_public(self) -> bool:
        return type(self).public_objects().filter(pk=self.pk).exists()

    @property
    def newest_version(self) -> "VideoVersion | None":
        return self.versions.order_by("-number").first()

    @property
    def duration_s(self) -> float:
        return self.current_version.duration_s if self.current_version else 0.0

    @property
    def clock(self) -> str:
        return clock(round(self.duration_s))

    @property
    def length_text(self) -> str:
        """The length in words: 3 min 12 s."""
        minutes, seconds = divmod(round(self.duration_s), 60)
        if minutes:
            return gettext("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
        return gettext("%(seconds)d s") % {"seconds": seconds}

    def rendition(self, kind: str) -> "VideoRendition | None":
        version = self.current_version
        return next((made for made in version.renditions.all() if made.kind == kind), None) if version else None

    @property
    def film_file(self) -> "VideoRendition | None":
        return self.rendition(VideoRendition.Kind.MP4)

    @property
    def poster(self) -> "VideoRendition | None":
        return self.rendition(VideoRendition.Kind.POSTER)

    @property
    def stream(self) -> "VideoRendition | None":
        return self.rendition(VideoRendition.Kind.STREAM)

    @property
    def thumbs(self) -> "VideoRendition | None":
        return self.rendition(VideoRendition.Kind.THUMBS)

    @property
    def sprite(self) -> "VideoRendition | None":
        return self.rendition(VideoRendition.Kind.SPRITE)


def unused_slug(title: str) -> str:
    """An ASCII slug for a title (hanzi by their sound), not yet taken."""
    base = slugify(string_to_ascii(title))[:60].strip("-") or "film"
    slug, number = base, 2
    while Video.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def original_name(version: "VideoVersion", filename: str) -> str:
    """Name of an original in the private storage: nothing of the uploader's file name is in it."""
    return f"films/originals/{version.token}/original"


class VideoVersion(Made):
    """One uploaded file of a film, as it came: never changed, never overwritten."""

    job_kind = "media.process"
    stream_kind = "media.stream"
    FIXED = ("video_id", "number", "file", "original_name", "sha256", "size_bytes", "token")

    video = models.ForeignKey(
        Video,
        verbose_name=_("film"),
        on_delete=models.CASCADE,
        related_name="versions",
        help_text=_("Whose file it is."),
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("1 for the first upload."))
    file = models.FileField(
        _("original file"),
        storage=private_storage,
        upload_to=original_name,
        max_length=200,
        help_text=_("The file as it was uploaded; never public."),
    )
    original_name = models.CharField(_("file name"), max_length=200, help_text=_("What the uploader called it."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True, help_text=_("Digest of the original."))
    size_bytes = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes of the original."))
    token = models.CharField(
        max_length=32, unique=True, default=new_token, help_text=_("Folder that cannot be guessed.")
    )
    probe = models.JSONField(_("file facts"), default=dict, help_text=_("What was found in the file."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who uploaded this file."),
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True, help_text=_("When it was uploaded."))

    class Meta:
        verbose_name = _("film version")
        verbose_name_plural = _("film versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["video", "number"], name="one_number_per_film_version")]

    def __str__(self) -> str:
        return f"{self.video} · v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            names = kwargs.get("update_fields")
            if names is None or set(names) & set(self.FIXED):
                raise TypeError("A film version is immutable: save with update_fields, without its file")
        super().save(*args, **kwargs)

    @property
    def duration_s(self) -> float:
        return float(self.probe.get("duration_s", 0.0))

    @property
    def clock(self) -> str:
        return clock(round(self.duration_s))

    @property
    def stream_key(self) -> str:
        return f"{self.stream_kind}:{self.pk}"

    def stream_job(self) -> Job | None:
        """The newest job that makes the HLS stream; None for a short film."""
        return Job.objects.filter(kind=self.stream_kind, key=self.stream_key).order_by("-created_at", "-pk").first()

    def twin(self) -> "VideoVersion | None":
        """Another film's version with the same bytes."""
        return VideoVersion.objects.filter(sha256=self.sha256).exclude(video=self.video_id).first()


class VideoRendition(models.Model):
    """One file made from a version for the public page."""

    class Kind(models.TextChoices):
        MP4 = "mp4_720", _("MP4 up to 720p")
        POSTER = "poster", _("Poster")
        STREAM = "stream", _("HLS in several sizes")
        SPRITE = "sprite", _("Sheet of small pictures")
        THUMBS = "thumbs", _("Small pictures by time")

    version = models.ForeignKey(
        VideoVersion, on_delete=models.CASCADE, related_name="renditions", help_text=_("Source.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, help_text=_("What it is for."))
    file = models.FileField(_("file"), max_length=200, help_text=_("In the public storage."))
    width = models.PositiveIntegerField(_("width"), help_text=_("Pixels."))
    height = models.PositiveIntegerField(_("height"), help_text=_("Pixels."))
    bit_rate = models.PositiveIntegerField(_("bit rate"), default=0, help_text=_("Bits per second; 0 for a picture."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Digest of the file."))
    size_bytes = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes."))
    facts = models.JSONField(_("file facts"), null=True, help_text=_("What a player or page must know of it."))

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [models.UniqueConstraint(fields=["version", "kind"], name="one_rendition_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"
