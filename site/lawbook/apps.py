from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = [f"lawbook.view_{name}" for name in ("law", "lawversion", "article", "explanation", "glossaryterm")]
_OURS = ("explanation", "glossaryterm")  # what we write about the law
_CHANGE = [f"lawbook.change_{name}" for name in _OURS]
_PUBLISH = [f"lawbook.publish_{name}" for name in _OURS]
_WRITE = [*_CHANGE, *(f"lawbook.{action}_{name}" for name in _OURS for action in ("add", "delete"))]


class LawbookConfig(AppConfig):
    name = "lawbook"
    verbose_name = _("Law book")
    audit_actions = {
        "law.import": _("Import laws"),
    }
    role_permissions = {
        "editor": [*_READ, *_WRITE, *_PUBLISH, "lawbook.change_law", "lawbook.change_lawversion"],
        "first_reviewer": [*_READ, *_CHANGE, "lawbook.sign_explanation"],
        "second_reviewer": [*_READ, *_CHANGE, "lawbook.sign_explanation"],
        "final_reviewer": [*_READ, *_CHANGE, *_PUBLISH, "lawbook.sign_explanation"],
        "auditor": _READ,
        "admin": [*_READ, "lawbook.change_law", "lawbook.change_lawversion"],
    }

    def ready(self) -> None:
        from lawbook import signals  # noqa: F401
