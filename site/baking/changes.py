"""Every write to the database that could show in public moves the generation on.

Statements are watched, not signals: `queryset.update`, `bulk_create`, raw SQL and whatever is written next year count
by themselves. What never shows in public is listed in settings (NEVER_IN_PUBLIC, MADE_WHILE_SERVING); all else counts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from baking import generations

#: What begins a statement that may write rows. Changes of the schema are followed by `post_migrate`.
_WRITES = re.compile(r"\s*(?:INSERT|REPLACE|UPDATE|DELETE|MERGE|TRUNCATE|COPY|WITH)\b", re.IGNORECASE)
_WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
_WRITES_WITHIN = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_TABLE = re.compile(
    r"""\s*(?P<verb>INSERT|UPDATE|DELETE)\s+(?:OR\s+\w+\s+)?(?:INTO\s+|FROM\s+)?"?(?P<table>\w+)"?(?P<rest>.*)""",
    re.IGNORECASE | re.DOTALL,
)
_SET = re.compile(r"\bSET\b(?P<values>.*?)(?:\bWHERE\b|$)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r'"(\w+)" =')


@dataclass(frozen=True)
class Quiet:
    """Tables, and columns of tables, whose changes nobody outside can see; tables where additions do not show."""

    tables: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    additions: frozenset[str]


def is_public(sql: str) -> bool:
    """Whether the statement may change what a visitor sees. In doubt it does."""
    if not _WRITES.match(sql):
        return False
    if _WITH.match(sql):
        return _WRITES_WITHIN.search(sql) is not None
    found = _TABLE.match(sql)
    if found is None:
        return True
    quiet, table, verb = _quiet(), found["table"], found["verb"].upper()
    if table in quiet.tables or (verb == "INSERT" and table in quiet.additions):
        return False
    if verb == "UPDATE" and table in quiet.columns:
        values = _SET.search(found["rest"])
        changed = set(_COLUMN.findall(values["values"])) if values else set()
        return not changed or not changed <= quiet.columns[table]
    return True


def watch() -> None:
    """Follow every connection of this process, those that are open already included."""
    connection_created.connect(_follow, dispatch_uid="baking.changes")
    pre_migrate.connect(_migrating, dispatch_uid="baking.changes")
    post_migrate.connect(_migrated, sender=apps.get_app_config("baking"), dispatch_uid="baking.changes")
    for connection in connections.all(initialized_only=True):
        _follow(connection=connection)


def _follow(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if _note not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note)


def _note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    if settings.BAKED_PAGES and (not isinstance(sql, str) or is_public(sql)):
        generations.bump()
    return result


def _migrating(**kwargs: Any) -> None:
    generations.pause()


def _migrated(**kwargs: Any) -> None:
    generations.resume()


def _quiet() -> Quiet:
    return _quiet_of(tuple(settings.NEVER_IN_PUBLIC), tuple(settings.MADE_WHILE_SERVING))


@lru_cache(maxsize=4)
def _quiet_of(never: tuple[str, ...], additions: tuple[str, ...]) -> Quiet:
    """Labels as tables and columns. A label that names nothing is an error (LookupError, FieldDoesNotExist)."""
    tables, columns = {"baking_generation"}, dict[str, set[str]]()
    for label in never:
        app, model, *field = label.split(".")
        meta = apps.get_model(app, model)._meta
        if field:
            columns.setdefault(meta.db_table, set()).add(meta.get_field(field[0]).column)
        else:
            tables.add(meta.db_table)
    return Quiet(
        frozenset(tables),
        {table: frozenset(names) for table, names in columns.items()},
        frozenset(apps.get_model(label)._meta.db_table for label in additions),
    )
