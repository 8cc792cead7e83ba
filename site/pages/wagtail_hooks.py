"""What the page editor needs beside Wagtail's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page

from pages.addresses import is_taken, taken_words


@hooks.register("insert_editor_js")
def keep_structure_of_what_is_pasted() -> SafeString:
    return format_html('<script src="{}"></script>', versioned_static("js/admin-paste.js"))


def _refused(request: HttpRequest, slug: str, page: Page) -> HttpResponse:
    messages.error(request, taken_words(slug))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_move_page")
def keep_addresses_of_apps_free(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return _refused(request, page.slug, page) if is_taken(page.slug, destination) else None


@hooks.register("before_copy_page")
def keep_addresses_of_apps_free_of_copies(request: HttpRequest, page: Page) -> HttpResponse | None:
    slug, parent = request.POST.get("new_slug", ""), request.POST.get("new_parent_page", "")
    target = Page.objects.filter(pk=parent).first() if parent.isdecimal() else page.get_parent()
    return _refused(request, slug, page) if is_taken(slug, target) else None
