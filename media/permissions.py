"""Who may do what with films: held by collection, as for images, so that a group can have a shelf of its own.

A role of ours holds its film permissions on the root collection; a group made in the admin may hold them on one.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.shortcuts import get_object_or_404
from wagtail.models import Collection, GroupCollectionPermission
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from media.models import Video
from trust.roles import Role, declared_permissions, roles_synced

policy = CollectionPermissionPolicy(Video)


def may(user: Any, action: str, video: Video | None = None) -> bool:
    """Whether `user` may add, change, delete, view or publish this film, or films in any collection at all."""
    if video is None:
        return bool(policy.user_has_permission(user, action))
    return bool(policy.user_has_permission_for_instance(user, action, video))


def film_for(user: Any, pk: int, *actions: str) -> Video:
    """The film, where `user` may do one of `actions` with it; Http404 or PermissionDenied."""
    video = get_object_or_404(Video, pk=pk)
    if not any(may(user, action, video) for action in actions):
        raise PermissionDenied
    return video


@receiver(roles_synced)
def give_film_permissions(groups: dict[Role, Group], **kwargs: Any) -> None:
    """What `role_permissions` says of films, on the root collection: its shelves inherit it."""
    root = Collection.get_first_root_node()
    if root is None:
        return
    known = Permission.objects.filter(content_type=ContentType.objects.get_for_model(Video))
    declared = declared_permissions()
    for role, group in groups.items():
        names = {name.partition(".")[2] for name in declared[role] if name.startswith("media.")}
        wanted = known.filter(codename__in=names)
        held = GroupCollectionPermission.objects.filter(group=group, collection=root, permission__in=known)
        held.exclude(permission__in=wanted).delete()
        for permission in wanted:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
