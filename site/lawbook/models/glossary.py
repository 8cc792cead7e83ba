"""术语: a word of the law in plain language, shown where our explanations use it and on the glossary page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from lawbook.models.carried import in_one_value
from lawbook.models.laws import Law
from lawbook.models.reviewed import Reviewed, ReviewedQuerySet
from lawbook.models.text import Article
from zh.numerals import ArticleNumber


class GlossaryTermQuerySet(ReviewedQuerySet):
    def in_one_value(self) -> models.Subquery:
        """Every term as [{"pk", "term", "other_forms", "meaning", "signed"}, …] for annotating another query."""
        return in_one_value(self, "pk", "term", "other_forms", "meaning", "signed")


class GlossaryTerm(Reviewed, WorkflowMixin, DraftStateMixin, RevisionMixin, index.Indexed, models.Model):
    """A word, its other forms and what it means; and the article that says so, where one does."""

    WORDS: ClassVar[list[str]] = ["term", "other_forms", "meaning"]

    term = models.CharField(_("term"), max_length=60, unique=True, help_text=_("As the law says it."))
    other_forms = models.TextField(
        _("other forms"), blank=True, help_text=_("One a line. They are found in explanations too.")
    )
    meaning = models.TextField(
        _("what it means"), help_text=_("One to three plain sentences of our own, never the wording of the law.")
    )
    law = models.ForeignKey(
        Law,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="glossary_terms",
        verbose_name=_("law"),
        help_text=_("The law that the term is from."),
    )
    number = models.PositiveIntegerField(
        _("article number"),
        null=True,
        blank=True,
        help_text=_("24 for 第二十四条; empty where it is in no one article."),
    )
    suffix = models.PositiveIntegerField(_("suffix"), default=0, help_text=_("1 for 之一; 0 where there is none."))
    order = models.PositiveIntegerField(
        _("order"), default=1000, help_text=_("Place in the list, small numbers first.")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True, help_text=_("When it was last saved."))

    objects = models.Manager.from_queryset(GlossaryTermQuerySet)()

    panels = [
        FieldPanel("term"),
        FieldPanel("other_forms"),
        FieldPanel("meaning"),
        FieldPanel("law"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("suffix"), FieldPanel("order")]),
        MultiFieldPanel(
            [
                FieldPanel("reviewer", read_only=True),
                FieldPanel("reviewed_on", read_only=True),
                FieldPanel("signed", read_only=True),
            ],
            heading=_("Review"),
        ),
    ]
    search_fields = [
        index.SearchField("term", boost=3),
        index.SearchField("search_text"),
        index.AutocompleteField("term"),
        index.FilterField("live"),
        index.FilterField("signed"),
    ]
    search_kind = _("Term")

    class Meta:
        verbose_name = _("term of the glossary")
        verbose_name_plural = _("terms of the glossary")
        ordering = ["order", "term"]

    def __str__(self) -> str:
        return self.term

    def get_absolute_url(self) -> str:
        return f"{reverse('lawbook:glossary')}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"t{self.pk}"

    @property
    def forms(self) -> list[str]:
        return [line.strip() for line in self.other_forms.splitlines() if line.strip()]

    @property
    def key(self) -> ArticleNumber | None:
        return ArticleNumber(self.number, self.suffix) if self.number else None

    def signed_words(self) -> list[str]:
        return [self.term, *self.forms, " ".join(self.meaning.split()), str(self.law_id), str(self.key)]

    def clean(self) -> None:
        super().clean()
        if not self.number:
            return
        if not self.law_id:
            raise ValidationError({"law": _("Say which law the article is in.")})
        if not Article.objects.filter(version__law=self.law_id, number=self.number, suffix=self.suffix).exists():
            raise ValidationError({"number": _("This law has no such article.")})

    # Search, citations and the site map find terms by these names.

    @classmethod
    def public_objects(cls) -> Any:
        return cls.objects.served().select_related("law")

    def search_title(self) -> str:
        return self.term

    def search_text(self) -> str:
        return "\n".join([*self.forms, self.meaning])

    def search_meta(self) -> str:
        return self.law.short_title if self.law else ""

    def citation_texts(self) -> Iterable[str]:
        yield self.meaning

    def citation_law(self) -> Law | None:
        return self.law

    @classmethod
    def sitemap_items(cls) -> Iterable[tuple[str, datetime | None]]:
        changed = cls.public_objects().aggregate(changed=models.Max("updated_at"))["changed"]
        if changed:
            yield reverse("lawbook:glossary"), changed
