"""Messages from the public in the admin: the list, the templates, and what waits on the first page."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet

from feedback import desk
from feedback.health import waiting
from feedback.models import Message, ReplyTemplate


class ReplyTemplateViewSet(ModelViewSet):
    model = ReplyTemplate
    icon = "doc-full-inverse"
    menu_label = _("Reply templates")
    menu_name = "reply-templates"
    menu_order = 845
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = ["title", "kind"]
    list_filter = ["kind"]
    panels = [FieldPanel("title"), FieldPanel("kind"), FieldPanel("text")]


class InboxMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(desk.policy.user_has_permission(request.user, "view"))


class WaitingPanel(Component):
    """On the admin's first page: what waits for an answer, and the most urgent of it."""

    name = "messages"
    order = 40
    template_name = "feedback/admin/home_panel.html"
    most = 5

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        urgent = Message.objects.filter(state__in=Message.WAITING).select_related("assigned_to")
        urgent = urgent.defer("text", "name", "contact").order_by("due_on", "pk")[: self.most]
        return {
            "waiting": waiting(timezone.now()),
            "rows": [{"message": message, "countdown": desk.countdown(message)} for message in urgent],
        }


@hooks.register("register_admin_viewset")
def register_reply_templates() -> ReplyTemplateViewSet:
    return ReplyTemplateViewSet("reply-templates")


@hooks.register("register_admin_urls")
def register_desk() -> list[URLPattern]:
    return [
        path("messages/", desk.Inbox.as_view(), name="feedback_inbox"),
        path("messages/results/", desk.Inbox.as_view(results_only=True), name="feedback_inbox_results"),
        path("messages/<int:pk>/", desk.read, name="feedback_message"),
        path("messages/<int:pk>/do/", desk.act, name="feedback_act"),
    ]


@hooks.register("register_admin_menu_item")
def register_inbox_menu_item() -> MenuItem:
    return InboxMenuItem(
        _("Messages from the public"), reverse("feedback_inbox"), name="messages", icon_name="mail", order=240
    )


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    if desk.policy.user_has_permission(request.user, "view"):
        panels.append(WaitingPanel())
