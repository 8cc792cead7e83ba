"""The auditor's screen, and the screens of account security."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from trust.accounts import guards  # noqa: F401 - registers its hooks
from trust.accounts.passwords import require_change
from trust.accounts.sessions import end_all
from trust.export import AuditExport
from trust.models import AuditEvent
from trust.readonly import ReadOnlyViewSet, make_read_only
from trust.trail_list import ACTION, TrailDetail, TrailList


class AuditTrail(ReadOnlyViewSet):
    model = AuditEvent
    index_view_class = TrailList
    inspect_view_class = TrailDetail
    menu_label = _("Audit trail")
    menu_name = "audit"
    menu_order = 900
    icon = "history"
    add_to_admin_menu = True
    list_display = ["sequence", "happened_at", ACTION, "outcome", "actor_name", "subject_name"]
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


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [
        path("security/", include("trust.accounts.urls")),
        path("audit/export/", AuditExport.as_view(), name="trust_audit_export"),
    ]


@hooks.register("register_account_menu_item")
def register_account_security(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("trust_account:security"),
        "label": _("Account security"),
        "help_text": _("Second factor, paper codes, and where you are logged in."),
    }


@hooks.register("register_user_listing_buttons")
def register_person_security(user: Any, request_user: Any) -> list[Button]:
    if not request_user.has_perm("auth.change_user"):
        return []
    return [
        Button(_("Account security"), reverse("trust_account:person", args=[user.pk]), icon_name="key", priority=20)
    ]


@hooks.register("after_create_user")
def ask_for_own_password(request: HttpRequest, user: Any) -> None:
    require_change(user)


@hooks.register("after_edit_user")
def ask_again_for_own_password(request: HttpRequest, user: Any) -> None:
    """A password that somebody else typed is good for one log-in."""
    if request.POST.get("password1") and user.pk != request.user.pk:
        require_change(user)
        end_all(user)
