"""Who names which article: found when a text is saved, read when an article is shown."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lawbook.models.laws import Law
from zh.numerals import ArticleNumber, to_hanzi


class Citation(models.Model):
    """One public object that names one article, paragraph or item of a law.

    The article is held by its number, so that a new version of the law keeps what cites it. Label, title and address
    of the source are copied here, so that an article's page needs one query for all of them; whatever changes them
    saves the source, and saving renews this row (lawbook.linking).
    """

    law = models.ForeignKey(
        Law, models.CASCADE, related_name="citations", verbose_name=_("law"), help_text=_("The law that is named.")
    )
    number = models.PositiveIntegerField(_("article number"), help_text=_("24 for 第二十四条."))
    suffix = models.PositiveIntegerField(_("suffix"), default=0, help_text=_("1 for 之一; 0 where there is none."))
    paragraph = models.PositiveIntegerField(
        _("paragraph number"), default=0, help_text=_("0 where the whole article is meant.")
    )
    item = models.PositiveIntegerField(_("item number"), default=0, help_text=_("0 where no item is named."))
    source_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of source"), help_text=_("What names it.")
    )
    source_id = models.CharField(_("key of the source"), max_length=64, help_text=_("Its primary key."))
    kind = models.CharField(_("label of the source"), max_length=60, help_text=_("What readers call such a source."))
    title = models.CharField(_("title of the source"), max_length=255, help_text=_("As the list shows it."))
    url = models.CharField(_("address of the source"), max_length=500, help_text=_("Where the source is read."))

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["law", "number", "suffix", "paragraph", "item", "source_type", "source_id"],
                name="lawbook_one_citation",
            )
        ]
        indexes = [models.Index(fields=["source_type", "source_id"], name="lawbook_citation_source")]

    def __str__(self) -> str:
        return f"{self.title} → {self.law.short_title}{self.key.label}"

    @property
    def key(self) -> ArticleNumber:
        return ArticleNumber(self.number, self.suffix)

    @property
    def place(self) -> str:
        """第二款第（一）项, or nothing where the whole article is meant."""
        paragraph = f"第{to_hanzi(self.paragraph)}款" if self.paragraph else ""
        return paragraph + (f"第（{to_hanzi(self.item)}）项" if self.item else "")

    @property
    def whole_url(self) -> str:
        """Where the article is read."""
        return reverse("lawbook:article", args=[self.law.slug, self.key])

    @property
    def article_url(self) -> str:
        """Where the paragraph or item is read that is named, or else the article."""
        anchor = f"#p{self.paragraph}" if self.paragraph else ""
        return self.whole_url + anchor + (f"-i{self.item}" if self.item else "")
