"""Films in the admin's menu and addresses."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from media.admin.viewsets import FilmsGroup


@hooks.register("register_admin_viewset")
def register_viewsets() -> FilmsGroup:
    return FilmsGroup()


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [path("film/", include("media.admin.urls"))]
