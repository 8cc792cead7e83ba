"""Refuse migrations that would break the code still running on the old schema while a new version is put in.

`python -m scripts.lint_migrations`: django-migration-linter over our own apps, without installing it as an app. Whether
a column takes no NULL any more is asked of the operations: SQLite makes a whole table anew for any change of a column,
and the linter takes every NOT NULL of that table for a new one.
"""

import sys
from pathlib import Path

import django
from django.apps import apps
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Field, ManyToManyField
from django_migration_linter import MigrationLinter

from scripts.steps import ROOT


def own_apps() -> list[str]:
    """Labels of the apps whose code is in this repository."""
    places = [(config.label, Path(config.path)) for config in apps.get_app_configs()]
    return [label for label, path in places if path.is_relative_to(ROOT) and ".venv" not in path.parts]


def narrowed(loader: MigrationLoader, key: tuple[str, str]) -> list[str]:
    """Columns that a migration makes compulsory, which the code before it does not know or may leave empty."""
    migration, state = loader.get_migration(*key), loader.project_state(key, at_end=False)
    added: set[str] = set()
    found = []
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            added.add(operation.name_lower)
        if isinstance(operation, migrations.AddField | migrations.AlterField):
            model = operation.model_name_lower
            before: Field | None = None
            if isinstance(operation, migrations.AlterField) and model not in added:
                before = state.models[migration.app_label, operation.model_name_lower].get_field(operation.name)
            was_free = before is None or before.null
            if model not in added and was_free and is_compulsory(operation.field):
                found.append(f"{'.'.join(key)}: {operation.model_name}.{operation.name}")
        operation.state_forwards(migration.app_label, state)
    return found


def is_compulsory(field: Field) -> bool:
    """Whether a row that does not name this column is refused."""
    return not (field.null or isinstance(field, ManyToManyField) or field.db_default is not NOT_PROVIDED)


def main() -> int:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    django.setup()
    # Nothing runs on the schema before an app's first migration, so that one may do as it likes.
    linter = MigrationLinter(
        str(ROOT), include_apps=own_apps(), no_cache=True, quiet=["ok", "ignore"], ignore_initial_migrations=True,
        exclude_migration_tests=["NOT_NULL"],
    )  # fmt: skip
    linter.lint_all_migrations()
    linter.print_summary()
    loader, ours = MigrationLoader(None), own_apps()
    later = [key for key in loader.disk_migrations if key[0] in ours and not loader.disk_migrations[key].initial]
    compulsory = [column for key in sorted(later) for column in narrowed(loader, key)]
    for column in compulsory:
        print(f"{column}: NOT NULL without a database default; make it nullable or give it a db_default")
    return int(linter.has_errors or bool(compulsory))


if __name__ == "__main__":
    sys.exit(main())
