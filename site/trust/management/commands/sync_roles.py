"""Give every role exactly the permissions that the apps declare for it."""

from typing import Any

from django.core.management.base import BaseCommand

from trust.roles import sync_roles


class Command(BaseCommand):
    help = "Create the roles and set their permissions. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for role, count in sync_roles().items():
            self.stdout.write(f"{role.label}: {count}")
