"""Migrations hold no block definition, and what they read and save of a stream is not lost."""

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from wagtail.blocks import CharBlock
from wagtail.fields import StreamField as WagtailStreamField

from pages.fields import StreamField
from pages.models import ContentPage, HomePage

FOLDER = Path(apps.get_app_config("pages").path) / "migrations"


def test_no_migration_names_a_block() -> None:
    files = list(FOLDER.glob("[0-9]*.py"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "wagtail.blocks" not in text, path.name
        assert "block_lookup" not in text, path.name
        assert "pages.blocks" not in text, path.name


def test_every_stream_field_of_ours_keeps_its_blocks_out() -> None:
    streams = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, WagtailStreamField) and model._meta.app_label == "pages"
    ]
    assert streams
    for field in streams:
        assert isinstance(field, StreamField)
        _name, path, args, kwargs = field.deconstruct()
        assert path == "pages.fields.StreamField"
        assert args == []
        assert not {"block_lookup", "block_types"} & set(kwargs)


def test_the_models_and_their_migrations_agree(db: None) -> None:
    call_command("makemigrations", "pages", check_changes=True, dry_run=True, verbosity=0)


def test_another_label_of_a_block_makes_no_migration() -> None:
    field = ContentPage._meta.get_field("body")
    relabelled = StreamField([("other", CharBlock(label="示例"))], verbose_name=field.verbose_name)
    relabelled.set_attributes_from_name("body")
    relabelled.help_text = field.help_text
    assert relabelled.deconstruct() == field.deconstruct()


def test_a_historical_model_reads_and_saves_a_stream_as_it_is(starter: HomePage) -> None:
    page = ContentPage.objects.get(slug="hardship")
    before = _stored(page.pk)
    old: Any = (
        MigrationLoader(connection).project_state([("pages", "0001_initial")]).apps.get_model("pages", "ContentPage")
    )
    row = old.objects.get(pk=page.pk)
    assert isinstance(row.body, list)
    assert row.body[0]["type"] == "text"
    models.Model.save(row, update_fields=["body"])
    assert _stored(page.pk) == before
    assert ContentPage.objects.get(pk=page.pk).body[0].block_type == "text"


def _stored(pk: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM pages_contentpage WHERE page_ptr_id = %s", [pk])
        (value,) = cursor.fetchone()
    return json.loads(value) if isinstance(value, str) else value
