"""What happened, and who signed what."""

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is only ever added."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are only ever added")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are only ever added")


class AppendOnly(models.Model):
    """A row that is added once and stays as it is. The database's owner can still alter it: the chain tells."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} {self.pk} is only ever added, never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} {self.pk} is only ever added, never deleted")


class AuditEvent(AppendOnly):
    """One line of the trail. `mac` covers the row and the one before it (trust.chain)."""

    class Outcome(models.TextChoices):
        ALLOWED = "allowed", _("Allowed")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    sequence = models.PositiveBigIntegerField(
        _("number"), unique=True, help_text=_("Position in the chain, without gaps.")
    )
    happened_at = models.DateTimeField(_("time"), db_index=True, help_text=_("When it happened."))
    action = models.CharField(_("action"), max_length=60, db_index=True, help_text=_("What was done: law.import."))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, help_text=_("Whether it was let through.")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who did it; empty for the system itself."),
    )
    actor_name = models.CharField(_("account"), max_length=150, blank=True, help_text=_("The account name then."))
    address = models.GenericIPAddressField(
        _("source address"), null=True, help_text=_("Where a staff request came from.")
    )
    subject_type = models.CharField(_("kind"), max_length=80, blank=True, help_text=_("Kind of thing concerned."))
    subject_id = models.CharField(_("key"), max_length=64, blank=True, help_text=_("Its key."))
    subject_name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Its name then."))
    detail = models.JSONField(_("detail"), default=dict, help_text=_("What else is to be known; no personal data."))
    previous_mac = models.CharField(max_length=64, help_text=_("Seal of the row before."))
    mac = models.CharField(max_length=64, unique=True, help_text=_("Seal of this row."))

    class Meta:
        ordering = ["-sequence"]
        default_permissions = ("view",)
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"#{self.sequence} {self.action}"


class Approval(AppendOnly):
    """A person's signature under exact bytes at one step."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, help_text=_("Kind of thing signed."))
    object_id = models.CharField(max_length=64, help_text=_("Its key."))
    subject = GenericForeignKey()
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Digest of exactly what was signed."))
    step = models.CharField(_("step"), max_length=40, help_text=_("Which step the signature is for."))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who signed."),
    )
    comment = models.TextField(_("comment"), blank=True, help_text=_("What the person wrote."))
    approved_at = models.DateTimeField(_("time"), auto_now_add=True, help_text=_("When it was signed."))

    class Meta:
        ordering = ["approved_at"]
        default_permissions = ("view",)
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = [models.Index(fields=["content_type", "object_id", "step"])]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "sha256", "step", "person"], name="one_signature_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.sha256[:12]}"


class Account(models.Model):
    """What a staff account has beside Django's: how old its password is, and whether its holder chose it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Whose account."),
    )
    must_change_password = models.BooleanField(
        _("password to be changed"), default=False, help_text=_("Given by somebody else: asked for at the next log-in.")
    )
    password_changed_at = models.DateTimeField(
        _("password changed"), null=True, help_text=_("When the password was last set.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"account of {self.user_id}"


class StaffSession(models.Model):
    """Where a person is logged in, so that they can see it and end it."""

    session_key = models.CharField(max_length=40, primary_key=True, help_text=_("Key of Django's session."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Whose session."),
    )
    started_at = models.DateTimeField(_("logged in"), auto_now_add=True, help_text=_("When it began."))
    seen_at = models.DateTimeField(_("last seen"), help_text=_("When the person last did something, to the minute."))
    address = models.GenericIPAddressField(_("source address"), null=True, help_text=_("Where it was begun."))
    agent = models.CharField(_("browser"), max_length=200, blank=True, help_text=_("What the browser calls itself."))

    class Meta:
        default_permissions = ()
        ordering = ["-seen_at"]
        verbose_name = _("log-in session")
        verbose_name_plural = _("log-in sessions")

    def __str__(self) -> str:
        return f"session of {self.user_id}"
