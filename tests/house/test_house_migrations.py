"""What the migration linter takes for a column that the running code would trip over."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from scripts.lint_migrations import narrowed

FREE, FULL = models.IntegerField(null=True), models.IntegerField()
WITH_DEFAULT = models.IntegerField(db_default=0)


class Loader:
    """A loader of one migration over a table with the columns `free` (may be NULL) and `full`."""

    def __init__(self, operation: Any) -> None:
        self.migration = type("Next", (migrations.Migration,), {"operations": [operation]})("0002_next", "flowers")

    def get_migration(self, *_key: str) -> migrations.Migration:
        return self.migration

    def project_state(self, *_key: Any, **_how: Any) -> ProjectState:
        state = ProjectState()
        key = models.BigAutoField(primary_key=True)
        state.add_model(ModelState("flowers", "Rose", [("id", key), ("free", FREE), ("full", FULL)]))
        return state


@pytest.mark.parametrize(
    ("operation", "refused"),
    [
        (migrations.AddField("Rose", "petals", FULL), True),
        (migrations.AddField("Rose", "petals", FREE), False),
        (migrations.AddField("Rose", "petals", WITH_DEFAULT), False),
        (migrations.AlterField("Rose", "free", FULL), True),
        (migrations.AlterField("Rose", "full", FREE), False),
        (migrations.AlterField("Rose", "full", models.BigIntegerField()), False),
        (migrations.CreateModel("Tulip", [("id", models.BigAutoField(primary_key=True)), ("petals", FULL)]), False),
    ],
)
def test_a_column_may_not_become_compulsory_under_code_that_does_not_fill_it(operation: Any, refused: bool) -> None:
    assert bool(narrowed(Loader(operation), ("flowers", "0002_next"))) is refused  # type: ignore[arg-type]
