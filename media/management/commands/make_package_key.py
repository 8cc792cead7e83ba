"""Make the key that bus packages are signed with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from media import signing
from media.errors import FilmProblem


class Command(BaseCommand):
    help = "Make a pair of keys; from then on every bus package is signed. Give the public one to the bus company."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            signing.make_key()
        except FileExistsError as error:
            raise CommandError(f"There is a key already: {error.filename}") from error
        except FilmProblem as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Public key: {signing.public_key()}\nSHA-256: {signing.fingerprint()}")
