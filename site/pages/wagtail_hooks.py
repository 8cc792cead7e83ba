"""What the page editor needs beside Wagtail's own."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def keep_structure_of_what_is_pasted() -> SafeString:
    return format_html('<script src="{}"></script>', versioned_static("js/admin-paste.js"))
