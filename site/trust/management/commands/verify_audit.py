"""Prove that nobody altered the trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from trust.audit import verify
from trust.chain import Fault
from trust.models import AuditEvent


def say_fault(fault: Fault) -> str:
    return {
        Fault.MISSING: _("the row is missing"),
        Fault.REORDERED: _("the row does not follow the one before it"),
        Fault.ALTERED: _("the row was altered after it was written"),
        Fault.REPLACED: _("the row is not the one that was noted outside the database"),
        Fault.CUT_OFF: _("the row was noted outside the database and is gone: the end of the trail was cut off"),
    }[fault]


class Command(BaseCommand):
    help = "Check the seals of the audit trail; exits 1 and names each break."

    def handle(self, *args: Any, **options: Any) -> None:
        if breaks := verify():
            lines = [f"#{place.sequence}: {say_fault(place.fault)}" for place in breaks]
            raise CommandError("\n".join([_("The audit trail is broken:"), *lines]))
        self.stdout.write(
            self.style.SUCCESS(_("The audit trail is sound: %(n)d rows") % {"n": AuditEvent.objects.count()})
        )
