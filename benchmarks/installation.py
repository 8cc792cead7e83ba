"""An empty installation in a temporary folder for a benchmark that fills one itself."""

# ruff: noqa: PLC0415 - Django's models can be imported once it is set up
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scripts.steps import ROOT


@contextmanager
def empty_installation() -> Iterator[Any]:
    """Migrated and without a site: on SQLite, or in the database of PUFA_DATABASE_URL; yields its connection."""
    folder = tempfile.mkdtemp(prefix="pufa-benchmark-")
    os.environ |= {"PUFA_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PUFA_LOG_LEVEL": "ERROR"}
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    try:
        import django
        from django.core.management import call_command

        django.setup()
        from django.db import connection
        from wagtail.models import Page

        call_command("migrate", verbosity=0)
        if Page.objects.count() > 5:
            raise SystemExit("This database holds a site; the benchmark fills only an empty one.")
        yield connection
        connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
