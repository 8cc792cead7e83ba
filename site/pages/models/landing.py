"""What a code in the street opens: one article, one film, the next step. Nothing to download, nobody to sign in."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from pages import home_parts
from pages.fields import StreamField
from pages.models.base import DatedPage
from pages.models.home import LeadsBlock
from pages.page_form import PublicPageForm


class LandingForm(PublicPageForm):
    def clean(self) -> dict[str, Any]:
        """Only here: a page must still be saved after its article went from the law."""
        cleaned: dict[str, Any] = super().clean()
        article, law = cleaned.get("article"), cleaned.get("law")
        law_id = law.pk if law else None
        # Before the law is there, nobody can say what it holds.
        if article and home_parts.has_law(law_id) and not home_parts.article_of(law_id, article):
            self.add_error("article", _("This law has no such article."))
        return cleaned


class LandingPage(DatedPage):
    """The page behind the code of an advertisement: what the picture was about, in one screen of a phone."""

    query_budget = 10
    search_kind = _("From the street")
    template = "pages/landing_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    base_form_class = LandingForm

    law = models.ForeignKey(
        "lawbook.Law",
        verbose_name=_("law"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty for the law that this site is about."),
    )
    article = models.CharField(
        _("article"),
        max_length=8,
        blank=True,
        validators=[RegexValidator(rf"^{home_parts.ARTICLE_KEY.pattern}$", _("A number such as 24, or 253-1."))],
        help_text=_("Number of the article that the picture is about: 24, or 253-1."),
    )
    film = models.ForeignKey(
        "media.Video",
        verbose_name=_("film"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The film to watch next; shown once it is public."),
    )
    leads = StreamField(
        LeadsBlock(required=False),
        blank=True,
        verbose_name=_("questions"),
        help_text=_("Three questions at most, each leading to the page that answers it."),
        max_num=3,
    )

    content_panels = [
        *DatedPage.content_panels,
        MultiFieldPanel([FieldPanel("law"), FieldPanel("article")], heading=_("Article of the law")),
        FieldPanel("film"),
        FieldPanel("leads"),
    ]
    search_fields = [*DatedPage.search_fields, index.SearchField("leads")]

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["article"] = home_parts.article_of(self.law_id, self.article) if self.article else None
        context["film"] = home_parts.film(self.film_id) if self.film_id else None
        return context

    def beside(self, most: int = 5) -> list[Any]:
        """Nothing beside the one thing."""
        return []
