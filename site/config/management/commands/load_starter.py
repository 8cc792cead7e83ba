"""Fill a new installation with the starter site: roles, accounts, the law, pages, a film, a bus plan."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from campaigns import examples as campaign_examples
from config.accounts import create_first_accounts
from geo import examples as geo_examples
from lawbook import examples as law_examples
from media import examples as film_examples
from pages import examples as page_examples
from trust.audit import boundary, record
from trust.roles import sync_roles


class Command(BaseCommand):
    help = "Load the starter site. Safe to repeat: what is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        steps = [
            (_("roles"), sync_roles),
            (_("accounts"), lambda: create_first_accounts(settings.KEYS_ROOT)),
            (_("the Community Correction Law"), law_examples.community_correction_law),
            (_("pages"), page_examples.build_site),
            (_("a film"), film_examples.starter_film),
            (_("sample bus network of Pengjiang"), geo_examples.pengjiang),
            (_("sample campaign"), campaign_examples.campaign),
            (_("sample codes on ads"), campaign_examples.codes),
            (_("search index"), lambda: call_command("wagtail_update_index", verbosity=0)),
        ]
        with boundary():
            for number, (name, step) in enumerate(steps, start=1):
                self.stdout.write(f"  [{number}/{len(steps)}] {name}")
                self.stdout.flush()
                step()
            record("starter.load")
