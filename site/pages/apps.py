from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")
    # Page permissions hang on the tree, not on models: pages.permissions gives them when roles are synchronised.
    role_permissions = {
        "editor": [
            "wagtailimages.add_image",
            "wagtailimages.change_image",
            "wagtaildocs.add_document",
            "wagtaildocs.change_document",
        ],
        "admin": [
            "pages.change_siteidentity",
            "pages.view_siteidentity",
            "wagtailredirects.add_redirect",
            "wagtailredirects.change_redirect",
            "wagtailredirects.delete_redirect",
            "wagtailcore.change_site",
        ],
    }

    def ready(self) -> None:
        from pages import checks, permissions  # noqa: F401
