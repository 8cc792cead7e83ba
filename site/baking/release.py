"""What a finished page was made of besides the database: code, templates, words, and the settings that show."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import wagtail
from django.apps import apps
from django.conf import settings

#: Files that shape a page.
SUFFIXES = frozenset({".py", ".html", ".txt", ".xml", ".svg", ".css", ".js", ".mo", ".po", ".json", ".tsv", ".csv"})
#: Settings that show in a page.
SHOWN = ("DEMO", "PUBLIC_URL", "LANGUAGE_CODE", "TIME_ZONE", "STATIC_URL", "MEDIA_URL", "STORAGES")


@cache
def fingerprint() -> str:
    """Hex digest of the release, the same in every process that runs it; read once per process."""
    digest = hashlib.blake2b(digest_size=16)
    for name in SHOWN:
        digest.update(f"{name}={getattr(settings, name, None)!r}\n".encode())
    digest.update(f"{django.__version__} {wagtail.__version__}\n".encode())
    for path in sorted(set(_files())):
        digest.update(str(path.relative_to(settings.ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.ROOT)]
    shared = [settings.SITE / name for name in ("templates", "static", "locale", "zh")]
    for folder in [*own, *shared]:
        if "site-packages" not in folder.parts:
            yield from (path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
