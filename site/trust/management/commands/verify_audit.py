"""Prove that nobody altered the trail."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from trust.audit import verify
from trust.chain import Fault
from trust.export import say_fault
from trust.models import AuditEvent
from trust.retirement import verify_retired


class Command(BaseCommand):
    help = "Check the seals of the audit trail; exits 1 and names each break."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retired", type=Path, metavar="FOLDER", help="check the files of retired months too")

    def handle(self, *args: Any, retired: Path | None = None, **options: Any) -> None:
        breaks = verify()
        if retired is not None and not any(place.fault is Fault.RETIRED_ALTERED for place in breaks):
            breaks += verify_retired(retired)
        if breaks:
            lines = [f"#{place.sequence}: {say_fault(place.fault)}" for place in breaks]
            raise CommandError("\n".join([_("The audit trail is broken:"), *lines]))
        self.stdout.write(
            self.style.SUCCESS(_("The audit trail is sound: %(n)d rows") % {"n": AuditEvent.objects.count()})
        )
