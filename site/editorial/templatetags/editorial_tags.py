"""Words for what the desk's templates show."""

from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import TaskState

from editorial.queue import person_name

register = template.Library()


@register.filter
def level_label(level: str) -> str:
    labels = {"block": _("Must be changed"), "warn": _("Needs a look"), "advice": _("Advice")}
    return labels.get(str(level), str(level))


@register.filter
def person(user: Any) -> str:
    return person_name(user)


@register.filter
def kind_of(subject: Any) -> str:
    return capfirst(str(subject._meta.verbose_name))


@register.filter
def step_label(state: TaskState) -> str:
    labels = {
        TaskState.STATUS_IN_PROGRESS: pgettext("step of a review", "waiting"),
        TaskState.STATUS_APPROVED: _("passed"),
        TaskState.STATUS_REJECTED: _("returned"),
        TaskState.STATUS_SKIPPED: _("skipped"),
        TaskState.STATUS_CANCELLED: _("cancelled"),
    }
    return labels.get(state.status, state.status)
