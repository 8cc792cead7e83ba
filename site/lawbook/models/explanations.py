"""条文解读: plain language beside an article, with its author, its reviewer and the day of the review."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from lawbook.models.laws import Law
from lawbook.models.reviewed import Reviewed, ReviewedQuerySet
from lawbook.models.text import Article
from zh.numerals import ArticleNumber

BODY = ["gist", "who", "meaning", "steps", "example", "note"]


class Explanation(
    Reviewed, WorkflowMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, index.Indexed, models.Model
):
    """What an article says, for whom and what to do. Bound to the law and the number, so that it outlives a version."""

    WORDS: ClassVar[list[str]] = BODY

    law = models.ForeignKey(
        Law, models.CASCADE, related_name="explanations", verbose_name=_("law"), help_text=_("The law it explains.")
    )
    number = models.PositiveIntegerField(_("article number"), help_text=_("24 for 第二十四条."))
    suffix = models.PositiveIntegerField(_("suffix"), default=0, help_text=_("1 for 之一; 0 where there is none."))
    gist = models.CharField(
        _("in one line"), max_length=120, help_text=_("What the article is about, as a neighbour would say.")
    )
    who = models.TextField(_("whom it concerns"), blank=True, help_text=_("One or two sentences."))
    meaning = models.TextField(
        _("what it means"),
        help_text=_("Our own words, never the wording of the law. An empty line starts a paragraph."),
    )
    steps = models.TextField(_("what to do"), blank=True, help_text=_("One step a line."))
    example = models.TextField(
        _("an everyday example"), blank=True, help_text=_("Invented; it is shown with the mark 示例. No real person.")
    )
    note = models.TextField(_("please note"), blank=True, help_text=_("What people most often get wrong."))
    author = models.CharField(_("author"), max_length=80, blank=True, help_text=_("Who wrote it."))
    updated_at = models.DateTimeField(_("last changed"), auto_now=True, help_text=_("When it was last saved."))

    objects = models.Manager.from_queryset(ReviewedQuerySet)()

    panels = [
        FieldPanel("law"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("suffix")]),
        FieldPanel("gist"),
        FieldPanel("who"),
        FieldPanel("meaning"),
        FieldPanel("steps"),
        FieldPanel("example"),
        FieldPanel("note"),
        MultiFieldPanel(
            [
                FieldPanel("author"),
                FieldPanel("reviewer", read_only=True),
                FieldPanel("reviewed_on", read_only=True),
                FieldPanel("signed", read_only=True),
            ],
            heading=_("Author and review"),
        ),
    ]
    search_fields = [
        index.SearchField("gist", boost=2),
        index.SearchField("search_text"),
        index.AutocompleteField("gist"),
        index.FilterField("live"),
        index.FilterField("signed"),
        index.FilterField("law"),
    ]
    search_kind = _("Explanation")

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        permissions = [("sign_explanation", gettext_noop("Can sign an explanation that somebody else wrote"))]
        ordering = ["law", "number", "suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["law", "number", "suffix"],
                name="lawbook_one_explanation",
                violation_error_message=_("This article already has an explanation."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.law.short_title}{self.key.label}：{self.gist}"

    def get_absolute_url(self) -> str:
        return reverse("lawbook:article", args=[self.law.slug, self.key]) + "#explanation"

    @property
    def key(self) -> ArticleNumber:
        return ArticleNumber(self.number, self.suffix)

    @property
    def step_list(self) -> list[str]:
        return [line.strip() for line in self.steps.splitlines() if line.strip()]

    def signed_words(self) -> list[str]:
        return [str(self.law_id), self.key.slug, *(" ".join(getattr(self, name).split()) for name in BODY)]

    def clean(self) -> None:
        super().clean()
        exists = Article.objects.filter(version__law=self.law_id, number=self.number, suffix=self.suffix).exists()
        if self.law_id and not exists:
            raise ValidationError({"number": _("This law has no such article.")})

    # Search, citations and the site map find explanations by these names.

    @classmethod
    def public_objects(cls) -> ReviewedQuerySet:
        return cls.objects.served().select_related("law")

    def search_title(self) -> str:
        return f"{self.key.label}：{self.gist}"

    def search_text(self) -> str:
        return "\n".join(part for part in (self.who, self.meaning, self.steps, self.example, self.note) if part)

    def search_meta(self) -> str:
        return self.law.short_title

    def citation_title(self) -> str:
        return self.search_title()

    def citation_texts(self) -> Iterable[str]:
        yield from (getattr(self, name) for name in BODY)

    def citation_law(self) -> Law:
        return self.law

    def citation_skips(self) -> Iterable[ArticleNumber]:
        """Naming the very article that it stands beside is no citation of it."""
        return [self.key]

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "lawbook/article.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from lawbook.views import preview_context  # noqa: PLC0415 - the views need the models first

        return preview_context(self)
