"""The official words: headings, articles, paragraphs and items. Written once by the import, never edited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from lawbook.models.laws import LawVersion
from zh.numerals import ArticleNumber, article_number, to_hanzi
from zh.tokens import highlight_spans


class OfficialText(models.Model):
    """A part of a statute: may be added, or go with its version, but not be changed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PermissionDenied(gettext("The official text cannot be edited."))
        super().save(*args, **kwargs)


class Division(OfficialText):
    """A heading: 编, 分编, 章 or 节.

    One table for all of them, because laws leave out any level, number some and not others (附则), and a reader's
    contents walk them as one tree.
    """

    class Kind(models.TextChoices):
        PART = "part", pgettext_lazy("of a law", "Part")
        SUBPART = "subpart", pgettext_lazy("of a law", "Subpart")
        CHAPTER = "chapter", pgettext_lazy("of a law", "Chapter")
        SECTION = "section", pgettext_lazy("of a law", "Section")

    version = models.ForeignKey(
        LawVersion,
        models.CASCADE,
        related_name="divisions",
        verbose_name=pgettext_lazy("of a law", "text"),
        help_text=_("The text it belongs to."),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("of a law", "under"),
        help_text=_("The heading above it."),
    )
    kind = models.CharField(
        pgettext_lazy("of a law", "kind"),
        max_length=10,
        choices=Kind,
        help_text=_("Part, subpart, chapter or section."),
    )
    number = models.PositiveIntegerField(pgettext_lazy("of a law", "number"), help_text=_("Its number among its kind."))
    label = models.CharField(pgettext_lazy("of a law", "label"), max_length=30, help_text=_("As written: 第四章."))
    title = models.CharField(
        pgettext_lazy("of a law", "title"), max_length=200, blank=True, help_text=_("Without its label.")
    )
    order = models.PositiveIntegerField(_("order"), help_text=_("Place among all headings of the text, from 1."))

    class Meta:
        verbose_name = pgettext_lazy("of a law", "heading")
        verbose_name_plural = pgettext_lazy("of a law", "headings")
        ordering = ["version_id", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="lawbook_division_order")]

    def __str__(self) -> str:
        return f"{self.label} {self.title}".strip()

    @property
    def anchor(self) -> str:
        return f"d{self.order}"


class ArticleQuerySet(models.QuerySet["Article"]):
    def with_text(self) -> Self:
        return self.prefetch_related("paragraphs__items")


class Article(OfficialText, index.Indexed):
    """条. Keyed by its own number: 第二百五十三条之一 is number 253, suffix 1."""

    version = models.ForeignKey(
        LawVersion,
        models.CASCADE,
        related_name="articles",
        verbose_name=pgettext_lazy("of a law", "text"),
        help_text=_("The text it belongs to."),
    )
    division = models.ForeignKey(
        Division,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=pgettext_lazy("of a law", "under"),
        help_text=_("The innermost heading above it."),
    )
    number = models.PositiveIntegerField(pgettext_lazy("of a law", "number"), help_text=_("253 of 第二百五十三条之一."))
    suffix = models.PositiveIntegerField(_("suffix"), default=0, help_text=_("1 of 之一; 0 where there is none."))
    label = models.CharField(
        pgettext_lazy("of a law", "label"), max_length=40, help_text=_("As written: 第二百五十三条之一.")
    )
    order = models.PositiveIntegerField(_("order"), help_text=_("Place in the text, from 1."))

    objects = models.Manager.from_queryset(ArticleQuerySet)()

    search_fields = [
        index.SearchField("search_title", boost=3),
        index.SearchField("search_text"),
        index.AutocompleteField("search_title"),
        index.FilterField("version"),
        index.FilterField("number"),
    ]
    search_kind = _("Article of law")
    is_official_text = True

    class Meta:
        verbose_name = pgettext_lazy("of a law", "article")
        verbose_name_plural = pgettext_lazy("of a law", "articles")
        ordering = ["version_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number", "suffix"], name="lawbook_article_number"),
            models.UniqueConstraint(fields=["version", "order"], name="lawbook_article_order"),
        ]

    def __str__(self) -> str:
        return self.search_title()

    def get_absolute_url(self) -> str:
        return reverse("lawbook:article", args=[self.version.law.slug, self.key])

    @property
    def key(self) -> ArticleNumber:
        return ArticleNumber(self.number, self.suffix)

    @property
    def slug(self) -> str:
        return self.key.slug

    @property
    def text(self) -> str:
        """Its words, a paragraph or an item a line."""
        return "\n".join(line for paragraph in self.paragraphs.all() for line in paragraph.lines())

    @property
    def citation(self) -> str:
        return f"《{self.version.law.title}》{self.label}"

    def url_for(self, query: str) -> str:
        """Its address with the anchor of the paragraph in which `query` stands, where that is not the first."""
        for paragraph in self.paragraphs.all():
            if highlight_spans("\n".join(paragraph.lines()), query):
                return self.get_absolute_url() + (f"#{paragraph.anchor}" if paragraph.number > 1 else "")
        return self.get_absolute_url()

    # Search, citations and the site map find articles by these names.

    @classmethod
    def public_objects(cls) -> ArticleQuerySet:
        """The articles of what applies now, one text for each law."""
        versions = list(LawVersion.objects.current().values_list("pk", flat=True))
        return cls.objects.filter(version__in=versions).select_related("version__law").with_text()

    @classmethod
    def get_indexed_objects(cls) -> ArticleQuerySet:
        return cls.objects.select_related("version__law").with_text()

    def search_title(self) -> str:
        return f"{self.version.law.short_title} {self.label}"

    def search_text(self) -> str:
        return self.text

    def search_meta(self) -> str:
        return str(self.version.status_today.label)

    def citation_title(self) -> str:
        return f"《{self.version.law.short_title}》{self.label}"

    def citation_texts(self) -> Iterable[str]:
        yield self.text

    def citation_law(self) -> Any:
        return self.version.law

    @classmethod
    def jump_to(cls, query: str) -> list[tuple[str, str]]:
        """The article that a query is the number of: 24, 第24条, 第二十四条, in every law that has it."""
        key = article_number(query)
        if key is None:
            return []
        found = cls.public_objects().prefetch_related(None).filter(number=key.number, suffix=key.suffix)
        return [
            (article.citation, article.get_absolute_url()) for article in found.order_by("-version__law__is_default")
        ]

    @classmethod
    def sitemap_items(cls) -> Iterable[tuple[str, datetime | None]]:
        for article in cls.public_objects().prefetch_related(None):
            yield article.get_absolute_url(), article.version.imported_at


class Paragraph(OfficialText):
    """款."""

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="paragraphs",
        verbose_name=pgettext_lazy("of a law", "article"),
        help_text=_("Where it stands."),
    )
    number = models.PositiveIntegerField(pgettext_lazy("of a law", "number"), help_text=_("From 1 in its article."))
    text = models.TextField(pgettext_lazy("of a law", "text"), help_text=_("Its words up to its items."))

    class Meta:
        verbose_name = pgettext_lazy("of an article", "paragraph")
        verbose_name_plural = pgettext_lazy("of an article", "paragraphs")
        ordering = ["article_id", "number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="lawbook_paragraph_number")]

    def __str__(self) -> str:
        return self.label

    @property
    def anchor(self) -> str:
        return f"p{self.number}"

    @property
    def label(self) -> str:
        return f"第{to_hanzi(self.number)}款"

    def lines(self) -> Iterable[str]:
        yield self.text
        for item in self.items.all():
            yield item.label + item.text


class Item(OfficialText):
    """项."""

    paragraph = models.ForeignKey(
        Paragraph,
        models.CASCADE,
        related_name="items",
        verbose_name=pgettext_lazy("of an article", "paragraph"),
        help_text=_("Where it stands."),
    )
    number = models.PositiveIntegerField(pgettext_lazy("of a law", "number"), help_text=_("From 1 in its paragraph."))
    label = models.CharField(pgettext_lazy("of a law", "label"), max_length=20, help_text=_("As written: （二）."))
    text = models.TextField(pgettext_lazy("of a law", "text"), help_text=_("Without its label."))

    class Meta:
        verbose_name = pgettext_lazy("of an article", "item")
        verbose_name_plural = pgettext_lazy("of an article", "items")
        ordering = ["paragraph_id", "number"]
        constraints = [models.UniqueConstraint(fields=["paragraph", "number"], name="lawbook_item_number")]

    def __str__(self) -> str:
        return f"第{self.label}项"
