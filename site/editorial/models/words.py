"""Words that editors keep: retired and wrong terms, what may stand all the same, and names that never may."""

import hashlib
import hmac

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from trust.chain import audit_key


class TermRule(models.Model):
    """A word that is retired, wrong or hard, and what to write in its place."""

    class Level(models.TextChoices):
        BLOCK = "block", _("Must be changed")
        WARN = "warn", _("Needs a look")
        JARGON = "jargon", _("Hard word")

    word = models.CharField(_("word"), max_length=40, unique=True, help_text=_("As it may stand in a text."))
    level = models.CharField(
        _("weight"),
        max_length=10,
        choices=Level,
        default=Level.WARN,
        help_text=_("A word that must be changed keeps a text from being submitted; a hard word is advice only."),
    )
    suggestion = models.CharField(
        _("write"), max_length=80, blank=True, help_text=_("The right word; empty where it depends on the sentence.")
    )
    except_in = models.TextField(
        _("except in"), blank=True, help_text=_("Longer words in which it is right, one a line.")
    )
    note = models.CharField(_("why"), max_length=160, blank=True, help_text=_("What editors read beside the hit."))
    active = models.BooleanField(_("in use"), default=True, help_text=_("Untick to stop looking for it."))

    panels = [
        FieldRowPanel([FieldPanel("word"), FieldPanel("suggestion")]),
        FieldPanel("level"),
        FieldPanel("except_in"),
        FieldPanel("note"),
        FieldPanel("active"),
    ]

    class Meta:
        verbose_name = _("word to avoid")
        verbose_name_plural = _("words to avoid")
        ordering = ["level", "word"]

    def __str__(self) -> str:
        return f"{self.word} → {self.suggestion}" if self.suggestion else self.word

    @property
    def exceptions(self) -> list[str]:
        return [line.strip() for line in self.except_in.splitlines() if line.strip()]


class Allowance(models.Model):
    """放行: a number or address that is meant to be public, such as the mobile telephone of an office."""

    text = models.CharField(
        _("text"), max_length=80, unique=True, help_text=_("Exactly as it is written; spaces do not matter.")
    )
    reason = models.CharField(_("reason"), max_length=120, help_text=_("Whose it is and why it may be published."))

    panels = [FieldPanel("text"), FieldPanel("reason")]

    class Meta:
        verbose_name = _("allowed number or address")
        verbose_name_plural = _("allowed numbers and addresses")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class WatchedName(models.Model):
    """A name that must never appear, kept as a keyed digest: nobody who reads the table learns a child's name."""

    digest = models.CharField(max_length=64, unique=True, editable=False, help_text=_("Keyed digest of the name."))
    length = models.PositiveSmallIntegerField(editable=False, help_text=_("Characters of the name."))
    hint = models.CharField(
        _("hint"), max_length=60, help_text=_("Which case it belongs to, without anything that names a person.")
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True, help_text=_("When it was added."))

    class Meta:
        verbose_name = _("protected name")
        verbose_name_plural = _("protected names")
        default_permissions = ("add", "delete", "view")
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.hint


def name_digest(name: str) -> str:
    """HMAC-SHA-256 of a name with this installation's key, in hex."""
    key = audit_key(settings.KEYS_ROOT)
    return hmac.new(key, f"name\n{name}".encode(), hashlib.sha256).hexdigest()
