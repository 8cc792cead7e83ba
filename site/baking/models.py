"""The one number that every change of the public site moves on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ONLY = 1


class Generation(models.Model):
    """One row. The token makes a number that comes back (a database restored from a copy) another generation."""

    number = models.PositiveBigIntegerField(_("number"), default=0, help_text=_("Goes up with every public change."))
    token = models.CharField(_("token"), max_length=32, default="", help_text=_("Made anew with every number."))

    class Meta:
        verbose_name = _("generation of the finished pages")
        verbose_name_plural = _("generations of the finished pages")

    def __str__(self) -> str:
        return str(self.number)
