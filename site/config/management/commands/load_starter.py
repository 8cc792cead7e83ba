"""Fill a new installation with the starter site: roles, accounts, the law, pages, a film, a bus plan."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from wagtail.models import Site

from campaigns import examples as campaign_examples
from config.accounts import create_first_accounts
from editorial import examples as desk_examples
from editorial.gate import door
from feedback import examples as feedback_examples
from geo import examples as geo_examples
from jobs.queue import enqueue
from lawbook import examples as law_examples
from media import examples as film_examples
from pages import examples as page_examples
from search import examples as search_examples
from trust.audit import boundary, record
from trust.roles import sync_roles


def set_site_address() -> None:
    """Let Wagtail's links begin as PUFA_PUBLIC_URL says, whatever port this start chose."""
    address = urlsplit(settings.PUBLIC_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    Site.objects.filter(is_default_site=True).update(hostname=address.hostname, port=port)
    Site.clear_site_root_paths_cache()


def set_up_desk() -> None:
    desk_examples.set_up_review()
    desk_examples.starter_terms()
    desk_examples.adopt_what_is_public()


class Command(BaseCommand):
    help = "Load the starter site. Safe to repeat: what is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        steps = [
            (_("roles"), sync_roles),
            (_("accounts"), lambda: create_first_accounts(settings.KEYS_ROOT)),
            (_("the Community Correction Law"), law_examples.community_correction_law),
            (_("pages"), page_examples.build_site),
            (_("address of the site"), set_site_address),
            (_("three reviews and words to avoid"), set_up_desk),
            (_("a film"), film_examples.starter_film),
            (_("sample bus network of Pengjiang"), geo_examples.pengjiang),
            (_("sample campaign"), campaign_examples.campaign),
            (_("sample codes on ads"), campaign_examples.codes),
            (_("sample messages"), feedback_examples.starter_messages),
            (_("synonyms"), search_examples.starter_synonyms),
            (_("calculations"), lambda: enqueue("geo.compile", key="geo.compile", priority=20)),
            (_("search index"), lambda: call_command("wagtail_update_index", verbosity=0)),
        ]
        # Nobody has reviewed the starter content: it is marked 示例, and goes public by this door, line by line.
        with boundary(), door("starter.load"):
            for number, (name, step) in enumerate(steps, start=1):
                self.stdout.write(f"  [{number}/{len(steps)}] {name}")
                self.stdout.flush()
                step()
            record("starter.load")
