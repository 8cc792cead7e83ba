from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["lawbook.view_law", "lawbook.view_lawversion", "lawbook.view_article", "lawbook.view_explanation"]
_WRITE = ["lawbook.add_explanation", "lawbook.change_explanation", "lawbook.delete_explanation"]


class LawbookConfig(AppConfig):
    name = "lawbook"
    verbose_name = _("Law book")
    role_permissions = {
        "editor": [*_READ, *_WRITE, "lawbook.publish_explanation", "lawbook.change_law", "lawbook.change_lawversion"],
        "first_reviewer": [*_READ, "lawbook.change_explanation", "lawbook.sign_explanation"],
        "second_reviewer": [*_READ, "lawbook.change_explanation", "lawbook.sign_explanation"],
        "final_reviewer": [
            *_READ,
            "lawbook.change_explanation",
            "lawbook.publish_explanation",
            "lawbook.sign_explanation",
        ],
        "auditor": _READ,
        "admin": [*_READ, "lawbook.change_law", "lawbook.change_lawversion"],
    }

    def ready(self) -> None:
        from lawbook import signals  # noqa: F401
