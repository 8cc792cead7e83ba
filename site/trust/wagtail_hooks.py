"""The auditor's screen."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from trust.models import AuditEvent
from trust.readonly import ReadOnlyViewSet, make_read_only


class AuditTrail(ReadOnlyViewSet):
    model = AuditEvent
    menu_label = _("Audit trail")
    menu_name = "audit"
    menu_order = 900
    icon = "history"
    add_to_admin_menu = True
    list_display = ["sequence", "happened_at", "action", "outcome", "actor_name", "subject_name"]
    list_filter = {"action": ["exact"], "outcome": ["exact"], "happened_at": ["date"]}
    search_fields = ["action", "actor_name", "subject_name"]
    inspect_view_fields = [
        "sequence",
        "happened_at",
        "action",
        "outcome",
        "actor_name",
        "address",
        "subject_type",
        "subject_id",
        "subject_name",
        "detail",
        "mac",
    ]


make_read_only(AuditEvent)


@hooks.register("register_admin_viewset")
def register_audit_trail() -> AuditTrail:
    return AuditTrail("audit")
