"""What the editors' desk notes about pages and files of other rooms, beside them and not in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class ReviewDate(models.Model):
    """When a page is to be looked at again, and by which department."""

    page = models.OneToOneField(
        "wagtailcore.Page",
        models.CASCADE,
        related_name="review_date",
        verbose_name=_("page"),
        help_text=_("The page to look at again."),
    )
    due_on = models.DateField(_("look again on"), help_text=_("On this day it appears among what is due."))
    note = models.CharField(_("note"), max_length=120, blank=True, help_text=_("What may have changed by then."))

    panels = [FieldPanel("page"), FieldPanel("due_on"), FieldPanel("note")]

    class Meta:
        verbose_name = _("review date of a page")
        verbose_name_plural = _("review dates of pages")
        ordering = ["due_on"]

    def __str__(self) -> str:
        return f"{self.page} · {self.due_on}"


class FileText(models.Model):
    """What an uploaded document says, by its bytes, so that a page is checked without reading its files again."""

    sha256 = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the file."))
    texts = models.JSONField(help_text=_("Its text by place: [place, text]."))
    problem = models.CharField(max_length=200, blank=True, help_text=_("Why it could not be read."))
    checked_at = models.DateTimeField(auto_now=True, help_text=_("When it was read."))

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")
        default_permissions = ()

    def __str__(self) -> str:
        return self.sha256[:12]


class HealthReport(models.Model):
    """One inspection of the whole site."""

    made_at = models.DateTimeField(_("made at"), auto_now_add=True, help_text=_("When the site was inspected."))
    items = models.JSONField(_("findings"), help_text=_("What was found, as editorial.health.Item."))
    seconds = models.FloatField(_("seconds"), help_text=_("How long it took."))

    class Meta:
        verbose_name = _("site health report")
        verbose_name_plural = _("site health reports")
        default_permissions = ("view",)
        ordering = ["-made_at"]
        get_latest_by = "made_at"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
