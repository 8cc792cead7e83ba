"""What nobody may do in the admin, superusers included."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class NothingAddedOrDeleted(ModelPermissionPolicy):
    """Laws and their texts come in by import_law; the admin corrects names, dates and status."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in {"add", "delete"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"add", "delete"})
