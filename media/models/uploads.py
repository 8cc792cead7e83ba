"""A film on its way up: what has been promised, by whom. What has arrived is the length of its part file."""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.utils import validate_file_name
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media.storage import new_token

KEEP = timedelta(hours=24)


def incoming_folder() -> Path:
    """Where parts lie. Several web servers share it, as they share the rest of the data folder."""
    folder = Path(settings.WORK_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Upload(models.Model):
    """One resumable upload of one person (tus 1.0), gone a day after its last piece or once a film has taken it."""

    token = models.CharField(
        max_length=32, unique=True, default=new_token, editable=False, help_text=_("Address that cannot be guessed.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The only person who may send, use or delete it."),
    )
    name = models.CharField(_("file name"), max_length=200, help_text=_("What the uploader called it."))
    size_bytes = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes promised."))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True, help_text=_("When it was begun."))
    touched_at = models.DateTimeField(
        _("last piece"), default=timezone.now, db_index=True, help_text=_("When the last piece came.")
    )

    class Meta:
        verbose_name = _("film upload")
        verbose_name_plural = _("film uploads")
        ordering = ["-touched_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return incoming_folder() / validate_file_name(self.token)

    @property
    def offset(self) -> int:
        """Bytes that have arrived: the file itself says so, after any crash."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def is_complete(self) -> bool:
        return self.offset == self.size_bytes

    @property
    def percent(self) -> int:
        return 100 * self.offset // self.size_bytes

    @property
    def expires_at(self) -> datetime:
        return self.touched_at + KEEP

    def discard(self) -> None:
        """Forget it, with what has arrived."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        self.delete()
