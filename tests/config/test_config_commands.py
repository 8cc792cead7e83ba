"""Every command of ours explains itself."""

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

OURS = {config.name for config in apps.get_app_configs() if hasattr(config, "role_permissions")} | {"config"}
COMMANDS = sorted(name for name, app in get_commands().items() if app in OURS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_help(name):
    command = load_command_class(str(get_commands()[name]), name)
    text = command.create_parser("manage.py", name).format_help()
    assert str(command.help)
    assert name in text


def test_every_import_has_a_dry_run():
    for name in COMMANDS:
        if name.startswith("import_"):
            command = load_command_class(str(get_commands()[name]), name)
            assert "--dry-run" in command.create_parser("manage.py", name).format_help()
