"""Periodic work that joins two apps which may not know each other."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baking import generations
from config.backups.errors import BackupFailed
from config.backups.saving import save
from jobs.errors import JobFailed
from jobs.registry import periodic
from jobs.runs import Run
from search.misses import prune
from trust.audit import record


@periodic("search.prune", every=timedelta(days=1), title=gettext_lazy("Forget old searches without results"))
def forget_old_misses(run: Run) -> None:
    prune()


@periodic(
    "baking.moments", every=timedelta(minutes=1), title=gettext_lazy("Renew the public pages when the time has come")
)
def notice_moments(run: Run) -> None:
    """Where a web server answers from the store, no request tells us that mourning has begun or a day is over."""
    generations.current(fresh=True)


def back_up(run: Run) -> None:
    """As `manage.py backup` does, encrypted where there is a passphrase."""
    if settings.BACKUP_DIR is None:
        raise JobFailed(_("Say where to: --to FOLDER, or PUFA_BACKUP_DIR."))
    try:
        made = save(
            settings.BACKUP_DIR,
            passphrase_file=settings.BACKUP_PASSPHRASE_FILE,
            keep=settings.BACKUP_KEEP,
            tick=run.check,
        )
    except (BackupFailed, OSError) as error:
        raise JobFailed(str(error)) from error
    record("backup.make", detail={"archive": made.archive.name, "rows": made.rows, "files": made.files})


if settings.BACKUP_DIR is not None:
    periodic("config.backup", every=timedelta(days=1), title=gettext_lazy("Back up the site"))(back_up)
