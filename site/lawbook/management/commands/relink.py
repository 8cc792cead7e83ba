"""Look for every citation of an article again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lawbook.linking import relink_everything


class Command(BaseCommand):
    help = _("Look again for every place on the site that names an article of a law.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(self.style.SUCCESS(_("%(n)d citations found.") % {"n": relink_everything()}))
