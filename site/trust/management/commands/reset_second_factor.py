"""The way back in when the last administrator has lost telephone and paper."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from trust.accounts import factor, sessions
from trust.audit import record


class Command(BaseCommand):
    help = "Take an account's second factor away and end its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
        factor.remove(user)
        sessions.end_all(user)
        record("account.second_factor.reset", subject=user, detail={"by": "command"})
        self.stdout.write(_("The second factor was reset."))
