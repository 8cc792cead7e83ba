"""A photo that shows that an ad hangs where and when it was bought, or that it is gone again."""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.bookings import Booking
from media.storage import private_storage

STEP = "posting_proof"


def proof_name(_proof: Any, name: str) -> str:
    """A name of ours in the private storage."""
    kind = name.rsplit(".", 1)[-1].lower()
    return f"proofs/{secrets.token_hex(12)}.{kind if kind in {'jpg', 'jpeg', 'heic', 'heif'} else 'bin'}"


class PostingProof(models.Model):
    class Deed(models.TextChoices):
        POSTING = "posting", _("Posted")
        TAKE_DOWN = "take_down", _("Taken down")

    class Source(models.TextChoices):
        PHOTO = "photo", _("from the photo")
        PHONE = "phone", _("from the phone")
        NONE = "none", _("not known")

    class State(models.TextChoices):
        PROVED = "proved", _("Proved")
        WAITING = "waiting", _("Waits for a person")
        CONFIRMED = "confirmed", _("Confirmed by a person")
        REJECTED = "rejected", pgettext_lazy("of a proof of posting", "Rejected")

    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="proofs", verbose_name=_("booking"), help_text=_("What it proves.")
    )
    deed = models.CharField(_("deed"), max_length=10, choices=Deed.choices, help_text=_("Posted or taken down."))
    original = models.FileField(
        _("original"),
        upload_to=proof_name,
        storage=private_storage,
        max_length=200,
        help_text=_("Untouched and private."),
    )
    shown = models.FileField(
        _("photo"),
        upload_to=proof_name,
        storage=private_storage,
        max_length=200,
        help_text=_("Reduced, without any metadata."),
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, help_text=_("Of the original."))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True, help_text=_("Empty where not known."))
    time_source = models.CharField(
        _("time"), max_length=10, choices=Source.choices, help_text=_("Where the time comes from.")
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("WGS-84; empty where not known."))
    lon = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("WGS-84; empty where not known."))
    place_source = models.CharField(
        _("place"), max_length=10, choices=Source.choices, help_text=_("Where the place comes from.")
    )
    distance_m = models.FloatField(
        _("distance (m)"), null=True, blank=True, help_text=_("To the shelter, or to the line's way.")
    )
    doubts = models.JSONField(_("doubts"), default=list, help_text=_("Why a person has to look."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, help_text=_("Whether it proves it."))
    comment = models.CharField(_("comment"), max_length=200, blank=True, help_text=_("What the crew has to say."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("May not confirm it; empty where a crew sent it by its link."),
    )
    crew_link = models.ForeignKey(
        "campaigns.CrewLink",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proofs",
        verbose_name=_("crew link"),
        help_text=_("By which it was sent without an account."),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True, help_text=_("When it came in."))

    class Meta:
        verbose_name = _("proof of posting")
        verbose_name_plural = _("proofs of posting")
        ordering = ["booking", "-uploaded_at"]
        default_permissions = ("add", "view")
        permissions: ClassVar = [("confirm_postingproof", _("Can confirm a photo sent in by somebody else"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(uploaded_by__isnull=False) ^ models.Q(crew_link__isnull=False),
                name="proof_has_one_sender",
            )
        ]

    def __str__(self) -> str:
        return f"{self.booking} · {self.get_deed_display()}"

    @property
    def senders(self) -> list[Any]:
        """Who may have sent it: whoever made a link could have used it."""
        maker = self.crew_link.created_by if self.crew_link is not None else self.uploaded_by
        return [maker] if maker is not None else []

    @property
    def sender(self) -> str:
        """Who sent it, as a name."""
        if self.crew_link is not None:
            return str(_("%(crew)s, by its link") % {"crew": self.crew_link.crew})
        return (self.uploaded_by.get_full_name() or self.uploaded_by.get_username()) if self.uploaded_by else ""

    @property
    def holds(self) -> bool:
        return self.state in {self.State.PROVED, self.State.CONFIRMED}
