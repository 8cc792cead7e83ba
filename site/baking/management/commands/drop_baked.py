from typing import Any

from django.core.management.base import BaseCommand

from baking.generations import bump


class Command(BaseCommand):
    help = "Make every public page anew: after the database was restored or edited by other means."

    def handle(self, *args: Any, **options: Any) -> None:
        bump()
        self.stdout.write("Every public page will be made anew.")
