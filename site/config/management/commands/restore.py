"""Get back what `backup` saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baking.generations import bump
from config.backups.errors import BackupFailed
from config.backups.restoring import Restored, restore
from config.backups.saving import keys_beside
from trust.audit import boundary, record, verify


class Command(BaseCommand):
    help = "Restore an archive of `backup` into the data folder and the database. Stop the site first."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--keys", type=Path, help="the archive of keys, where it does not lie beside the other")
        parser.add_argument("--dry-run", action="store_true", help="check the archive whole and change nothing")
        parser.add_argument(
            "--accept-missing", action="store_true", help="go on although files that were left out are gone"
        )
        parser.add_argument("--replace", action="store_true", help="put the data that are there aside")

    def handle(
        self,
        *args: Any,
        archive: Path,
        keys: Path | None,
        dry_run: bool,
        replace: bool,
        accept_missing: bool,
        **options: Any,
    ) -> None:
        beside = keys_beside(archive)
        keys = keys or (beside if beside.is_file() else None)
        try:
            done = restore(
                archive,
                keys,
                passphrase_file=settings.BACKUP_PASSPHRASE_FILE,
                replace=replace,
                dry_run=dry_run,
                accept_missing=accept_missing,
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows, files = sum(done.manifest.rows.values()), len(done.manifest.files) - 1
        what = {"rows": rows, "files": files, "at": done.manifest.made_at}
        if dry_run:
            self.stdout.write(_("The archive of %(at)s is sound: %(rows)d rows, %(files)d files.") % what)
            return
        call_command("migrate", interactive=False, verbosity=0)
        bump()
        with boundary():
            record("backup.restore", detail={"archive": archive.name, "rows": rows, "files": files})
        self.stdout.write(_("Restored the site of %(at)s: %(rows)d rows, %(files)d files.") % what)
        self._say_what_to_do(done)

    def _say_what_to_do(self, done: Restored) -> None:
        if not done.with_keys:
            self.stdout.write(_("No keys were restored: sessions end, and the audit trail cannot be proved."))
        elif verify():
            self.stdout.write(_("The audit trail is broken: run verify_audit."))
        if done.aside is not None:
            self.stdout.write(_("The former data lie in %s: remove them when all is well.") % done.aside)
