"""What people write to the bureau through the site, and what it answers. Who wrote goes; that somebody wrote stays."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.terms import SOON_DAYS

LONGEST_TEXT = 2000
LONGEST_ABOUT = 300


class Message(models.Model):
    """One message, its answer and its dates. Its name in lists, logs and the trail is its number: nothing personal."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Enquiry")
        SUGGESTION = "suggestion", _("Suggestion")
        CORRECTION = "correction", _("Mistake on the site")
        COMPLAINT = "complaint", _("Complaint")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("of a message", "New")
        ASSIGNED = "assigned", _("Being handled")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")
        SPAM = "spam", _("Spam")

    class Erased(models.TextChoices):
        NO = "", _("Nothing")
        CONTACT = "contact", _("Contact data, after their time")
        TIME = "time", _("Everything, after its time")
        REQUEST = "request", _("Everything, as the person asked")

    WAITING = (State.NEW, State.ASSIGNED)

    number = models.CharField(_("receipt number"), max_length=14, unique=True, help_text=_("Day and five characters."))
    code_digest = models.CharField(
        _("digest of the code"), max_length=64, blank=True, help_text=_("Of the code that opens the receipt.")
    )
    submission = models.CharField(  # noqa: DJ001 - unique where there is one
        _("form"),
        max_length=64,
        unique=True,
        null=True,
        help_text=_("Digest of the form that was sent: the same form counts once."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, help_text=_("What the person chose."))
    about = models.CharField(
        _("page"), max_length=LONGEST_ABOUT, blank=True, help_text=_("Page of this site that it is about.")
    )
    text = models.TextField(_("message"), blank=True, help_text=_("As it was written."))
    name = models.CharField(_("person's name"), max_length=40, blank=True, help_text=_("If the person gave one."))
    contact = models.CharField(
        _("telephone or e-mail"), max_length=100, blank=True, help_text=_("If the person left one.")
    )
    by_guardian = models.BooleanField(
        _("written by a guardian"), default=False, help_text=_("For a child under 14, with the guardian's consent.")
    )
    sensitive_consent = models.BooleanField(
        _("consent to sensitive data"), default=False, help_text=_("Given apart, at the form.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.NEW, help_text=_("Where the message stands.")
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now, help_text=_("When it came in."))
    due_on = models.DateField(_("answer due"), help_text=_("Three months after it came in."))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handled by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who answers it."),
    )
    reply = models.TextField(_("reply"), blank=True, help_text=_("The person reads it with the receipt number."))
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who wrote the reply."),
    )
    replied_at = models.DateTimeField(_("answered"), null=True, help_text=_("When the reply was sent last."))
    closed_at = models.DateTimeField(_("closed"), null=True, help_text=_("When it was closed."))
    erased = models.CharField(
        _("erased"), max_length=8, choices=Erased, blank=True, default=Erased.NO, help_text=_("What is gone, and why.")
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, help_text=_("When it went."))
    is_sample = models.BooleanField(_("sample"), default=False, help_text=_("Made up for the example site."))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("contact_message", _("Can see who wrote a message")),
            ("answer_message", _("Can assign, answer and close messages")),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="feedback_state_due")]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def sitemap_items(cls) -> Iterable[tuple[str, datetime | None]]:
        yield reverse("feedback:form"), None

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def is_erased(self) -> bool:
        """Whether what was written is gone (contact data alone may go earlier)."""
        return self.erased in {self.Erased.TIME, self.Erased.REQUEST}

    def days_left(self, today: date | None = None) -> int:
        """Whole days until the answer is due; negative once it is overdue."""
        return (self.due_on - (today or timezone.localdate())).days

    def urgency(self, today: date | None = None) -> str:
        """`overdue`, `soon` or nothing; a message that no longer waits has none."""
        if not self.is_waiting:
            return ""
        days = self.days_left(today)
        return "overdue" if days < 0 else "soon" if days <= SOON_DAYS else ""


class Note(models.Model):
    """What those who handle a message tell each other; goes with the message's text."""

    message = models.ForeignKey(
        Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="notes", help_text=_("Noted on it.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who wrote it."),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When it was written."))
    text = models.TextField(_("text of the note"), help_text=_("For colleagues only."))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["written_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.message)


class ReplyTemplate(models.Model):
    """A reply to begin from."""

    title = models.CharField(_("title"), max_length=60, unique=True, help_text=_("As it stands in the choice."))
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Message.Kind,
        blank=True,
        help_text=_("Offered first for messages of this kind."),
    )
    text = models.TextField(
        _("template text"), max_length=LONGEST_TEXT, help_text=_("Put into the reply, to be adapted there.")
    )

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Attempts(models.Model):
    """How often somebody did something today. Who it was cannot be told without the day's salt, which goes at night."""

    day = models.DateField(_("day"), help_text=_("Rows of other days are removed."))
    action = models.CharField(_("action"), max_length=10, help_text=_("What was done."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("HMAC of the network address, salted daily."))
    times = models.PositiveIntegerField(_("times"), default=1, help_text=_("How many times today."))

    class Meta:
        verbose_name = _("attempts of a day")
        verbose_name_plural = _("attempts of a day")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "action", "digest"], name="feedback_attempts_day_action_digest")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.action}"
