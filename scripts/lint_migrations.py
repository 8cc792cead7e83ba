"""Refuse migrations that would break the code still running on the old schema while a new version is put in.

`python -m scripts.lint_migrations`: django-migration-linter over our own apps, without installing it as an app.
"""

import sys
from pathlib import Path

import django
from django.apps import apps
from django_migration_linter import MigrationLinter

from scripts.steps import ROOT


def own_apps() -> list[str]:
    """Labels of the apps whose code is in this repository."""
    places = [(config.label, Path(config.path)) for config in apps.get_app_configs()]
    return [label for label, path in places if path.is_relative_to(ROOT) and ".venv" not in path.parts]


def main() -> int:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    django.setup()
    # Nothing runs on the schema before an app's first migration, so that one may do as it likes.
    linter = MigrationLinter(
        str(ROOT), include_apps=own_apps(), no_cache=True, quiet=["ok", "ignore"], ignore_initial_migrations=True
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
