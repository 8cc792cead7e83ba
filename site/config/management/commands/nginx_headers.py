"""The headers of finished pages for the web server, from the source that Django's own come from."""

from typing import Any

from csp.constants import HEADER as POLICY
from django.core.management.base import BaseCommand

from baking.headers import public_headers

#: nginx sets these by itself (`default_type`, `charset`).
OF_NGINX = frozenset({"Content-Type"})


class Command(BaseCommand):
    help = "Print deploy/nginx/pufa-headers.conf for the settings in force."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("# Written by `manage.py nginx_headers` from baking.headers.public_headers; do not edit.")
        for name, value in public_headers(secure=True).items():
            if name not in OF_NGINX:
                self.stdout.write(f'add_header {name} "{_quoted(name, value)}";')


def _quoted(name: str, value: str) -> str:
    if "$" in value:
        raise ValueError(f"nginx would take {value!r} for a variable")
    if name == POLICY:
        value = "; ".join(sorted(value.split("; ")))  # django-csp puts them in an order that changes with every process
    return value.replace("\\", "\\\\").replace('"', '\\"')
