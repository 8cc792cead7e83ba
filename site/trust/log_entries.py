"""Wagtail's own log is part of the trail: what it notes about a page, a file, a setting or an account is sealed too.

Wagtail writes one row (`BaseLogEntry`) for each deed in its admin, its API and its commands. The row is the lowest
point that all of them share, so each deed is one event here, under Wagtail's name for it (`wagtail.publish`).
"""

import json
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from wagtail.models import BaseLogEntry

from trust.audit import Named, record

PRIVATE = {"comment", "comments"}  # what people wrote to each other stays in Wagtail's own log
BEFORE = "_dates_before"


@receiver(post_save)
def seal_log_entry(sender: type[models.Model], instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if raw or not created or not issubclass(sender, BaseLogEntry):
        return
    detail = json.loads(json.dumps({k: v for k, v in instance.data.items() if k not in PRIVATE}, cls=DjangoJSONEncoder))
    if instance.revision_id:
        detail["version"] = instance.revision_id
    model = instance.content_type.model_class() if instance.content_type else None
    kind = model._meta.label_lower if model else ""
    record(
        instance.action,
        actor=instance.user,
        subject=Named(kind, str(instance.object_id), instance.label),
        detail=detail,
    )


def _field(instance: models.Model, name: str) -> "models.Field[Any, Any]":
    return cast("models.Field[Any, Any]", type(instance)._meta.get_field(name))


def dates_of(instance: models.Model, names: tuple[str, ...]) -> dict[str, str | None]:
    values = {name: _field(instance, name).to_python(getattr(instance, name)) for name in names}
    return {name: value.isoformat() if value else None for name, value in values.items()}


@receiver(pre_save)
def hold_dates(sender: type[models.Model], instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """A model names in `dates_on_record` the dates that the public reads: a change of one is an event of its own."""
    named: tuple[str, ...] = getattr(sender, "dates_on_record", ())
    names = tuple(name for name in named if update_fields is None or name in update_fields)
    before = sender._default_manager.filter(pk=instance.pk).first() if names and instance.pk else None
    if before is not None:
        setattr(instance, BEFORE, dates_of(before, names))


@receiver(post_save)
def record_changed_dates(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    before = instance.__dict__.pop(BEFORE, {})
    for name, new in dates_of(instance, tuple(before)).items():
        if new != before[name]:
            detail = {"field": name, "old": before[name], "new": new}
            if version := getattr(instance, "live_revision_id", None):
                detail["version"] = version
            record("date.change", subject=instance, detail=detail)
