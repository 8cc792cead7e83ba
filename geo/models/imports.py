"""A file on its way into the tables by the admin's screen: uploaded, asked about, checked, applied."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.areas import Area, Source
from jobs.models import Job


def private_storage() -> Storage:
    """Uploads may hold what is not public, so they never lie where the web server serves from."""
    return storages["private"]


class FileImport(models.Model):
    """One upload with its answers and what the check said. The file itself goes once it is applied or too old."""

    class State(models.TextChoices):
        NEW = "new", _("Columns to be named")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        FAULTY = "faulty", _("Faulty")
        APPLYING = "applying", _("Being imported")
        APPLIED = "applied", _("Imported")

    area = models.ForeignKey(
        Area,
        models.CASCADE,
        related_name="file_imports",
        verbose_name=_("area"),
        help_text=_("The area that it goes into."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Source.Kind.choices, help_text=_("What the file holds."))
    file = models.FileField(
        _("file"), storage=private_storage, upload_to="imports/%Y/%m/", blank=True, help_text=_("The uploaded file.")
    )
    file_name = models.CharField(_("file name"), max_length=255, help_text=_("As the file was called."))
    answers = models.JSONField(
        _("answers"), default=dict, blank=True, help_text=_("Layout, coordinate system, columns and provenance.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, help_text=_("How far the import is.")
    )
    outcome = models.JSONField(
        _("outcome"), default=dict, blank=True, help_text=_("What the check or the import said.")
    )
    picture = models.TextField(
        _("map"), blank=True, default="", help_text=_("The map to check the coordinate system by, as SVG.")
    )
    job = models.ForeignKey(
        Job,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("job"),
        help_text=_("The work that it waits for."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("Who uploaded it."),
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True, help_text=_("When it was uploaded."))

    class Meta:
        verbose_name = _("file import")
        verbose_name_plural = _("file imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        return self.state in {self.State.CHECKING, self.State.APPLYING}

    def answer(self, name: str, default: Any = "") -> Any:
        return self.answers.get(name, default)
