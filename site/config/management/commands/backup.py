"""Save everything that cannot be made anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from config.backups.errors import BackupFailed
from config.backups.saving import save
from trust.audit import boundary, record


class Command(BaseCommand):
    help = "Save database, files and keys while the site runs; one archive, and one of keys to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to; without it PUFA_BACKUP_DIR")
        parser.add_argument(
            "--encrypt", action="store_true", help="encrypt with the passphrase of PUFA_BACKUP_PASSPHRASE_FILE"
        )
        parser.add_argument(
            "--without-uploads", action="store_true", help="note public files with their checksums, but leave them out"
        )
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="keep the newest N backups; 0 keeps all")

    def handle(
        self, *args: Any, to: Path | None, encrypt: bool, without_uploads: bool, keep: int, **options: Any
    ) -> None:
        folder = to or settings.BACKUP_DIR
        if folder is None:
            raise CommandError(_("Say where to: --to FOLDER, or PUFA_BACKUP_DIR."))
        if encrypt and settings.BACKUP_PASSPHRASE_FILE is None:
            raise CommandError(_("Name a file with a passphrase in PUFA_BACKUP_PASSPHRASE_FILE."))
        if keep < 0:
            raise CommandError(_("--keep takes 0 or more."))
        with boundary():
            try:
                made = save(
                    Path(folder),
                    passphrase_file=settings.BACKUP_PASSPHRASE_FILE if encrypt else None,
                    uploads=not without_uploads,
                    keep=keep,
                )
            except (BackupFailed, OSError) as error:
                raise CommandError(str(error)) from error
            record("backup.make", detail={"archive": made.archive.name, "rows": made.rows, "files": made.files})
        self.stdout.write(
            _("Saved %(rows)d rows and %(files)d files, %(size)s.")
            % {"rows": made.rows, "files": made.files, "size": filesizeformat(made.size)}
        )
        if made.elsewhere:
            self.stdout.write(
                _("%(n)d files stay where they lie; the archive names them with their checksums.")
                % {"n": made.elsewhere}
            )
        self.stdout.write(f"{made.archive}\n{made.keys}")
        self.stdout.write(_("Keep the file of keys in another place than the archive."))
