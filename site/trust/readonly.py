"""Admin screens for rows that a person may read and nobody may change there: not even a superuser."""

from typing import Any

from django.db import models
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy


class ReadOnlyPolicy(ModelPermissionPolicy):
    """View for those who hold the view permission; every other action is refused to everyone."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")

    def users_with_any_permission(self, actions: Any) -> Any:
        return super().users_with_any_permission([action for action in actions if action == "view"])


def make_read_only(model: type[models.Model]) -> None:
    """Bind `model` to the read-only policy; call it once, where its viewset is registered."""
    register_permission_policy(model, ReadOnlyPolicy(model))


class ReadOnlyViewSet(ModelViewSet):
    """A list and a detail view. Call `make_read_only(model)` beside its registration."""

    inspect_view_enabled = True
    copy_view_enabled = False
    exclude_form_fields: list[str] = []
    list_per_page = 50
