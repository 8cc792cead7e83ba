"""The eight roles, and what each may do.

No room below knows another: an app says in its `AppConfig.role_permissions` what a role may do with its models, and
`sync_roles` gathers that. `role_permissions = {"planner": ["geo.view_route"]}`.
"""

from collections import defaultdict

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    EDITOR = "editor", _("Editor")
    FIRST_REVIEWER = "first_reviewer", _("First reviewer")
    SECOND_REVIEWER = "second_reviewer", _("Second reviewer")
    FINAL_REVIEWER = "final_reviewer", _("Final reviewer")
    VIDEO_EDITOR = "video_editor", _("Film editor")
    PLANNER = "planner", _("Campaign planner")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("System administrator")


# Sent with `groups: dict[Role, Group]` after the model permissions are set: an app that has others to give
# (Wagtail's page and collection permissions) gives them here.
roles_synced = Signal()

GROUP_PREFIX = "role:"


def role_name(group: Group) -> str:
    """What a person reads where Django shows a group: the role in their language."""
    known = {f"{GROUP_PREFIX}{role.value}": str(role.label) for role in Role}
    return known.get(group.name, group.name)


Group.add_to_class("__str__", role_name)  # Django has one name for a group, and ours is a key
EVERY_ROLE = "*"


def group_of(role: Role) -> Group:
    """The Django group that carries a role; made where it is missing."""
    return Group.objects.get_or_create(name=f"{GROUP_PREFIX}{role.value}")[0]


def roles_of(user: models.Model) -> list[Role]:
    """The roles that `user` holds, in the order of `Role`."""
    if not user.is_authenticated:  # type: ignore[attr-defined]
        return []
    names = set(user.groups.values_list("name", flat=True))  # type: ignore[attr-defined]
    return [role for role in Role if f"{GROUP_PREFIX}{role.value}" in names]


def declared_permissions() -> dict[Role, set[str]]:
    """What every installed app grants to each role, as `app_label.codename`."""
    granted: dict[Role, set[str]] = defaultdict(set)
    for config in apps.get_app_configs():
        for key, names in getattr(config, "role_permissions", {}).items():
            for role in Role if key == EVERY_ROLE else [Role(key)]:
                granted[role].update(names)
    return granted


@transaction.atomic
def sync_roles() -> dict[Role, int]:
    """Make the groups and give each exactly its declared permissions. Returns how many each role holds.

    Raises LookupError naming the permissions that no model has.
    """
    granted = declared_permissions()
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    unknown = sorted(set().union(*granted.values(), set()) - known.keys())
    if unknown:
        raise LookupError(f"No model has these permissions that an app grants to a role: {', '.join(unknown)}")
    groups = {role: group_of(role) for role in Role}
    for role, group in groups.items():
        group.permissions.set(known[name] for name in granted[role])
    roles_synced.send(sender=Role, groups=groups)
    return {role: len(granted[role]) for role in Role}
