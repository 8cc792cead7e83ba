from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_WORDS = [f"editorial.{action}_{name}" for name in ("termrule", "allowance") for action in ("add", "change", "view")]
_READ = ["editorial.view_termrule", "editorial.view_allowance", "editorial.view_healthreport"]
_REVIEW = [
    *_READ,
    "editorial.confirm_urgentcorrection",
    "editorial.view_urgentcorrection",
    "editorial.add_urgentcorrection",
    *(f"editorial.{action}_deputy" for action in ("add", "change", "delete", "view")),
]


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Editors' desk")
    audit_actions = {
        "document.upload": _("Upload a document"),
        "publish": _("Put something on the public site"),
        "publish.urgent": _("Confirm an urgent correction"),
        "publish.urgent.ask": _("Ask for an urgent correction"),
        "publish.urgent.decline": _("Decline an urgent correction"),
        "review": _("Review something"),
        "review.return": _("Return something with reasons"),
    }
    role_permissions = {
        "editor": [
            *_READ,
            "editorial.add_urgentcorrection",
            "editorial.view_urgentcorrection",
            *(f"editorial.{action}_reviewdate" for action in ("add", "change", "delete", "view")),
        ],
        "first_reviewer": _REVIEW,
        "second_reviewer": _REVIEW,
        "final_reviewer": [
            *_REVIEW,
            *_WORDS,
            *(f"editorial.{action}_watchedname" for action in ("add", "delete", "view")),
            *(f"editorial.{action}_reviewdate" for action in ("add", "change", "delete", "view")),
        ],
        "auditor": [*_READ, "editorial.view_release", "editorial.view_urgentcorrection", "editorial.view_deputy"],
        "admin": [*_READ, *_WORDS, *(f"editorial.{action}_deputy" for action in ("add", "change", "delete", "view"))],
    }

    def ready(self) -> None:
        from editorial import films, gate, notices, panels, photos  # noqa: F401
