"""Admin screens for rows that a person may read and nobody may change there: not even a superuser."""

import json
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.views.generic.models import InspectView
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


class ReadOnlyInspectView(InspectView):
    """Every field as a person reads it: times of this place, structures as text, a dash for nothing."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if value is None or value == "":
            return "–"
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "Y-m-d H:i:s")
        if isinstance(value, (dict, list)):
            return json.dumps(value, ensure_ascii=False, default=str)
        return value


class ReadOnlyViewSet(ModelViewSet):
    """A list and a detail view. Call `make_read_only(model)` beside its registration."""

    inspect_view_enabled = True
    inspect_view_class = ReadOnlyInspectView
    copy_view_enabled = False
    exclude_form_fields: list[str] = []
    list_per_page = 50
