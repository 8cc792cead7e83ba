"""Permissions that somebody holds by a role or in person. Being a superuser is neither.

What concerns other people's data is for those who were named for it: a superuser who has no such role is refused, as
they are refused a signature under their own work.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy


def holds(user: Any, permission: str) -> bool:
    """Whether `user` was given `app.codename` by name: by one of their groups, or in person."""
    app, _dot, codename = permission.partition(".")
    if not user.is_active or not user.is_authenticated:
        return False
    named = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return named.filter(Q(group__in=user.groups.all()) | Q(user=user)).exists()


class HeldPolicy(ModelPermissionPolicy):
    """Wagtail's policy of a model without its way round for superusers."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return holds(user, self._get_permission_name(action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Any) -> QuerySet[Any]:
        codenames = self._get_permission_codenames(actions)
        named = Permission.objects.filter(content_type__app_label=self.app_label, codename__in=codenames)
        held = Q(groups__permissions__in=named) | Q(user_permissions__in=named)
        people: QuerySet[Any] = get_user_model().objects.filter(held, is_active=True).distinct()
        return people
