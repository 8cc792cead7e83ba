"""House rule: every import command has a dry run, is all or nothing and leaves a line in the trail."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.management import get_commands, load_command_class

from trust.imports import ImportCommand


@register()
def import_commands_are_import_commands(**kwargs: Any) -> list[CheckMessage]:
    ours = {config.name for config in apps.get_app_configs() if hasattr(config, "role_permissions")}
    errors: list[CheckMessage] = []
    for name, app in get_commands().items():
        if not name.startswith("import_") or app not in ours:
            continue
        command = load_command_class(str(app), name)
        if not isinstance(command, ImportCommand):
            errors.append(
                Error(
                    f"manage.py {name} is not an ImportCommand",
                    hint="Derive it from trust.imports.ImportCommand: that gives it --dry-run and all or nothing.",
                    id="trust.E001",
                )
            )
    return errors
