"""Which roles may do what with pages: Wagtail keeps that on the page tree."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.dispatch import receiver
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from trust.roles import Role, roles_synced

# On the root of the tree, so for every page. Whoever writes does not publish.
PAGE_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_page", "change_page"),
    Role.FIRST_REVIEWER: ("change_page",),
    Role.SECOND_REVIEWER: ("change_page",),
    Role.FINAL_REVIEWER: ("change_page", "publish_page"),
}
FILE_APPS = ["wagtailimages", "wagtaildocs", "wagtailcore"]
COLLECTION_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.EDITOR: ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"),
    Role.FIRST_REVIEWER: ("choose_image", "choose_document"),
    Role.SECOND_REVIEWER: ("choose_image", "choose_document"),
    Role.FINAL_REVIEWER: ("choose_image", "choose_document"),
    Role.VIDEO_EDITOR: ("add_image", "change_image", "choose_image"),
    Role.ADMIN: ("add_collection", "change_collection", "delete_collection"),
}


@receiver(roles_synced)
def give_page_permissions(groups: dict[Role, Group], **kwargs: Any) -> None:
    """Each role's group holds exactly these permissions on the root page and the root collection."""
    root, files = Page.get_first_root_node(), Collection.get_first_root_node()
    if root is None or files is None:
        return
    for role, group in groups.items():
        _give(GroupPagePermission, group, {"page": root}, "wagtailcore", PAGE_PERMISSIONS.get(role, ()))
        _give(GroupCollectionPermission, group, {"collection": files}, None, COLLECTION_PERMISSIONS.get(role, ()))


def _give(model: Any, group: Group, place: dict[str, Any], app_label: str | None, names: tuple[str, ...]) -> None:
    wanted = Permission.objects.filter(codename__in=names)
    labels = [app_label] if app_label else FILE_APPS
    wanted = wanted.filter(content_type__app_label__in=labels)
    held = model.objects.filter(group=group, permission__content_type__app_label__in=labels, **place)
    held.exclude(permission__in=wanted).delete()
    for permission in wanted:
        model.objects.get_or_create(group=group, permission=permission, **place)
