"""Whoever manages accounts gets no further by it: not to a superuser's account, and not to a role of their own."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail import hooks


def refuse_superusers(person: Any, users: Iterable[Any]) -> None:
    """Raise PermissionDenied where one of `users` is a superuser and `person` is none."""
    if not person.is_superuser and any(user.is_superuser for user in users):
        raise PermissionDenied


@hooks.register("before_create_user")
def make_no_superuser(request: HttpRequest) -> None:
    person: Any = request.user
    if request.POST.get("is_superuser") and not person.is_superuser:
        raise PermissionDenied


@hooks.register("before_edit_user")
def raise_nobody_above_oneself(request: HttpRequest, user: Any) -> None:
    person: Any = request.user
    make_no_superuser(request)
    refuse_superusers(person, [user])
    if request.method == "POST" and user.pk == person.pk and not person.is_superuser:
        held = set(user.groups.values_list("pk", flat=True))
        if {int(pk) for pk in request.POST.getlist("groups") if pk.isdigit()} != held:
            raise PermissionDenied


@hooks.register("before_delete_user")
def delete_no_superuser(request: HttpRequest, user: Any) -> None:
    refuse_superusers(request.user, [user])


@hooks.register("before_bulk_action")
def leave_superusers_out_of_bulk_actions(request: HttpRequest, action_type: str, objects: Any, action: Any) -> None:
    """Wagtail's bulk actions on accounts: delete, switch off, and give a role."""
    person: Any = request.user
    users = [item for item in objects if item._meta.label_lower == "auth.user"]
    refuse_superusers(person, users)
    if action_type == "assign_role" and not person.is_superuser and person.pk in {user.pk for user in users}:
        raise PermissionDenied
