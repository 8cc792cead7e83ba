from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrustConfig(AppConfig):
    name = "trust"
    verbose_name = _("Trust")
    audit_actions = {
        "access": _("Ask for what is not allowed"),
        "account.lock": _("Lock an account"),
        "account.log_in": _("Log in to the admin"),
        "account.log_out": _("Log out of the admin"),
        "account.paper_codes": _("Make new paper codes"),
        "account.password": _("Change one's password"),
        "account.password.ask": _("Ask somebody for a new password"),
        "account.second_factor": _("Show the second factor"),
        "account.second_factor.remove": _("Switch the second factor off"),
        "account.second_factor.reset": _("Reset somebody's second factor"),
        "account.second_factor.set_up": _("Set up the second factor"),
        "account.sessions.end": _("End sessions"),
        "account.unlock": _("Unlock an account"),
        "approval": _("Sign as the second person"),
        "audit.export": _("Export the trail"),
        "audit.retire": _("Retire months of the trail"),
        "date.change": _("Change a public date"),
        "export": _("Download a table"),
        "import": _("Import a file"),
    }
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
