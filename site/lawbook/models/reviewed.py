"""Words of ours that a second person signs: who has reviewed them, when, and whether they are still the same."""

import hashlib
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewedQuerySet(models.QuerySet[Any]):
    def served(self) -> Self:
        """What the public may read: published, and signed unless this installation is a demo."""
        found = self.filter(live=True)
        return found if settings.DEMO else found.filter(signed=True)


class Reviewed(models.Model):
    """Signed while its words are those that were reviewed (lawbook.signing): a later change takes the signature off.

    A subclass says with `signed_words()` what the signature is for, and names those fields in `WORDS`.
    """

    WORDS: ClassVar[list[str]]

    reviewer = models.CharField(
        _("reviewer"), max_length=80, blank=True, editable=False, help_text=_("Who has checked it against the law.")
    )
    reviewed_on = models.DateField(
        _("reviewed on"), null=True, blank=True, editable=False, help_text=_("The day of that check.")
    )
    reviewed_sha256 = models.CharField(
        _("reviewed fingerprint"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the words that the reviewer saw."),
    )
    signed = models.BooleanField(
        _("signed"), default=False, editable=False, help_text=_("Its words are those that the reviewer saw.")
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; whether it is still signed follows from its words."""
        self.signed = bool(self.reviewed_sha256) and self.reviewed_sha256 == self.fingerprint()
        if (fields := kwargs.get("update_fields")) is not None and {*self.WORDS, "reviewed_sha256"} & set(fields):
            kwargs["update_fields"] = {*fields, "signed"}
        super().save(*args, **kwargs)

    def fingerprint(self) -> str:
        return hashlib.sha256("\0".join(self.signed_words()).encode()).hexdigest()

    def signed_words(self) -> list[str]:
        raise NotImplementedError

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A draft carries words only; who reviewed what is the live object's business."""
        draft = super().with_content_json(content)  # type: ignore[misc]  # RevisionMixin's, beside this one
        for name in ("reviewer", "reviewed_on", "reviewed_sha256"):
            setattr(draft, name, getattr(self, name))
        return draft
