"""Films in the admin's menu and addresses."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.collections import collection_member_permission_formset_factory

from media.admin.chooser import FilmChooserViewSet, film_chooser
from media.admin.viewsets import FilmsGroup
from media.models import Video

GroupFilmPermissionFormSet = collection_member_permission_formset_factory(
    Video,
    [
        ("add_video", _("Add"), _("Upload new films")),
        ("change_video", _("Edit"), _("Edit films, their captions and versions")),
        ("choose_video", _("Choose"), _("Show films on pages")),
        ("publish_video", _("Publish"), _("Show films to visitors and withdraw them")),
        ("view_video", _("View"), _("See films on their desk")),
        ("delete_video", _("Delete"), _("Delete films")),
    ],
    "media/permissions/formset.html",
)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[FilmsGroup | FilmChooserViewSet]:
    return [FilmsGroup(), film_chooser]


@hooks.register("register_group_permission_panel")
def register_film_permissions_panel() -> Any:
    return GroupFilmPermissionFormSet


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [path("film/", include("media.admin.urls"))]
