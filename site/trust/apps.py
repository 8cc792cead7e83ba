from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrustConfig(AppConfig):
    name = "trust"
    verbose_name = _("Trust")
    role_permissions = {
        "*": ["wagtailadmin.access_admin"],
        "auditor": ["trust.view_auditevent", "trust.view_approval"],
        "admin": [
            "trust.view_auditevent",
            "trust.view_approval",
            "auth.add_user",
            "auth.change_user",
            "auth.view_user",
        ],
    }

    def ready(self) -> None:
        from trust import checks, log_entries, signals  # noqa: F401
        from trust.accounts import lockouts  # noqa: F401
