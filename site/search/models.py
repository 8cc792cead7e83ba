"""Words that mean the same, and what was looked for in vain."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from zh.scripts import fold
from zh.spacing import clean_line, narrow


class SynonymGroup(models.Model):
    """Words of which any may stand for any other when somebody searches."""

    words = models.TextField(
        _("words"),
        help_text=_("Words that mean the same to a visitor, one on a line, two characters or more each."),
    )
    active = models.BooleanField(_("in use"), default=True, help_text=_("Untick to search without this group."))
    note = models.CharField(
        _("note"), max_length=120, blank=True, help_text=_("Why these belong together, for other editors.")
    )

    panels = [FieldPanel("words"), FieldPanel("active"), FieldPanel("note")]

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("groups of synonyms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return "、".join(self.word_list)

    @property
    def word_list(self) -> list[str]:
        """Its words, each once; two that differ in script or width alone count as one."""
        words = filter(None, map(clean_line, self.words.splitlines()))
        return list({fold(narrow(word)): word for word in words}.values())

    def clean(self) -> None:
        super().clean()
        words = self.word_list
        if len(words) < 2:
            raise ValidationError({"words": _("A group needs at least two different words.")})
        short = [word for word in words if len(word) < 2]
        if short:
            raise ValidationError(
                {"words": _("“%(word)s” is a single character and stands in too many texts.") % {"word": short[0]}}
            )


class NoResult(models.Model):
    """How often a query found nothing on a day. Says nothing about who asked."""

    day = models.DateField(_("day"), default=timezone.localdate, help_text=_("When it was looked for."))
    query = models.CharField(
        _("query"), max_length=60, help_text=_("What was looked for, in simplified script and lower case.")
    )
    count = models.PositiveIntegerField(_("times"), default=1, help_text=_("How often on that day."))

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        default_permissions = ("view",)
        ordering = ["-day", "-count", "query"]
        constraints = [models.UniqueConstraint(fields=["day", "query"], name="search_noresult_day_query")]

    def __str__(self) -> str:
        return self.query
