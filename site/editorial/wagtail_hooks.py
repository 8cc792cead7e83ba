"""The editors' desk in Wagtail's admin: menu, dashboard, action menus, lists of words and deputies."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem as PageActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import DraftStateMixin
from wagtail.snippets.action_menu import ActionMenuItem as SnippetActionMenuItem

from editorial.desk import needs_today
from editorial.findings import Level
from editorial.forms import WatchedNameForm
from editorial.gate import release_of
from editorial.health import newest_report
from editorial.models import Allowance, Deputy, ReviewDate, ReviewTaskState, TermRule, WatchedName

TOP_OF_HEALTH = 5


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    return [path("desk/", include("editorial.urls"))]


# ── what needs me today ──────────────────────────────────────────────────────────────────────────────────────────────


class TodayPanel(Component):
    """The first thing on the dashboard."""

    name = "today"
    order = 10
    template_name = "editorial/admin/today_panel.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        groups = needs_today(self.user)
        return {"groups": groups, "count": sum(len(items) for _heading, items in groups)}


class HealthPanel(Component):
    """The gravest of the newest inspection."""

    name = "site_health"
    order = 60
    template_name = "editorial/admin/health_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        report = newest_report()
        items = report.items if report else []
        grave = [item for item in items if item["level"] == Level.BLOCK]
        return {"report": report, "items": items[:TOP_OF_HEALTH], "grave": len(grave), "total": len(items)}


# Wagtail's own lists of reviews: the same things, without due dates, tick-marks and the rule of three people.
REPLACED_PANELS = frozenset({"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"})


@hooks.register("construct_homepage_panels")
def answer_what_needs_me(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in REPLACED_PANELS]
    panels.append(TodayPanel(request.user))
    if request.user.has_perm("editorial.view_healthreport"):
        panels.append(HealthPanel())


@hooks.register("register_admin_menu_item")
def queue_menu_item() -> MenuItem:
    return MenuItem(_("My tasks"), reverse("editorial_admin:queue"), name="today", icon_name="tasks", order=50)


class HealthMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("editorial.view_healthreport"))


@hooks.register("register_reports_menu_item")
def health_menu_item() -> MenuItem:
    return HealthMenuItem(
        _("Site health"), reverse("editorial_admin:health"), name="health", icon_name="glasses", order=100
    )


# ── action menus ─────────────────────────────────────────────────────────────────────────────────────────────────────


def current_step(subject: Any) -> ReviewTaskState | None:
    state = getattr(subject, "current_workflow_task_state", None)
    return state if isinstance(state, ReviewTaskState) else None


class Review:
    """To the review that waits, for those who may act in it. Shown though the draft is locked."""

    name = "action-review"
    label = _("Review and proofread")
    icon_name = "check"
    subject_key = ""

    def is_shown(self, context: Any) -> bool:
        subject = context.get(self.subject_key)
        step = current_step(subject) if context["view"] == "edit" and subject is not None else None
        return step is not None and step.task.specific.stands_for(context["request"].user) is not None

    def get_url(self, parent_context: Any) -> str:
        step = current_step(parent_context[self.subject_key])
        return reverse("editorial_admin:review", args=[step.pk]) if step else ""


class Urgent:
    """To an urgent correction, where something public has a newer draft that nobody is reviewing."""

    name = "action-urgent"
    label = _("Urgent correction…")
    icon_name = "warning"
    subject_key = ""

    def is_shown(self, context: Any) -> bool:
        subject = context.get(self.subject_key)
        return (
            context["view"] == "edit"
            and isinstance(subject, DraftStateMixin)
            and subject.live
            and subject.has_unpublished_changes
            and context["request"].user.has_perm("editorial.add_urgentcorrection")
        )

    def get_url(self, parent_context: Any) -> str:
        subject = parent_context[self.subject_key]
        type_id = ContentType.objects.get_for_model(type(subject)).pk
        return reverse("editorial_admin:ask_urgent", args=[type_id, subject.pk])


class ReviewPage(Review, PageActionMenuItem):
    subject_key = "page"


class ReviewSnippet(Review, SnippetActionMenuItem):
    subject_key = "instance"


class UrgentPage(Urgent, PageActionMenuItem):
    subject_key = "page"


class UrgentSnippet(Urgent, SnippetActionMenuItem):
    subject_key = "instance"


@hooks.register("register_page_action_menu_item")
def review_page() -> PageActionMenuItem:
    return ReviewPage(order=5)


@hooks.register("register_page_action_menu_item")
def urgent_page() -> PageActionMenuItem:
    return UrgentPage(order=95)


@hooks.register("register_snippet_action_menu_item")
def review_snippet(model: type[Any]) -> SnippetActionMenuItem | None:
    return ReviewSnippet(order=5) if issubclass(model, DraftStateMixin) else None


@hooks.register("register_snippet_action_menu_item")
def urgent_snippet(model: type[Any]) -> SnippetActionMenuItem | None:
    return UrgentSnippet(order=95) if issubclass(model, DraftStateMixin) else None


# What the gate would refuse, or the review screen does better.
NOT_OFFERED = frozenset({"approve", "reject"})


def _only_what_works(menu_items: list[Any], subject: Any) -> None:
    """Take publishing out of the menu unless this very draft has been released and not used (after unscheduling)."""
    hidden = set(NOT_OFFERED)
    revision = subject.latest_revision if subject is not None and getattr(subject, "pk", None) else None
    if revision is None or release_of(subject, revision) is None:
        hidden.add("action-publish")
    menu_items[:] = [item for item in menu_items if item.name not in hidden]


@hooks.register("construct_page_action_menu", order=100)
def page_actions(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    _only_what_works(menu_items, context.get("page"))


@hooks.register("construct_snippet_action_menu", order=100)
def snippet_actions(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    if issubclass(context["model"], DraftStateMixin):
        _only_what_works(menu_items, context.get("instance"))


# ── lists that editors keep ──────────────────────────────────────────────────────────────────────────────────────────


class TermRuleViewSet(ModelViewSet):
    model = TermRule
    icon = "edit"
    menu_label = _("Words to avoid")
    copy_view_enabled = False
    list_display = ["word", "suggestion", "level", BooleanColumn("active", label=_("in use"), sort_key="active")]
    list_filter = ["level", "active"]
    search_fields = ["word", "suggestion", "note"]
    add_to_reference_index = False


class AllowanceViewSet(ModelViewSet):
    model = Allowance
    icon = "lock-open"
    menu_label = _("Allowed numbers and addresses")
    copy_view_enabled = False
    list_display = ["text", "reason"]
    add_to_reference_index = False


class WatchedNameViewSet(ModelViewSet):
    model = WatchedName
    icon = "lock"
    menu_label = _("Protected names")
    copy_view_enabled = False
    list_display = ["hint", "length", "added_at"]
    panels = [FieldPanel("hint")]
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return WatchedNameForm


class DeputyViewSet(ModelViewSet):
    model = Deputy
    icon = "group"
    menu_label = _("Deputies")
    copy_view_enabled = False
    list_display = ["reviewer", "deputy", "from_day", "to_day", "reason"]
    add_to_reference_index = False


class ReviewDateViewSet(ModelViewSet):
    model = ReviewDate
    icon = "calendar"
    menu_label = _("Review dates")
    copy_view_enabled = False
    list_display = ["page", "due_on", "note"]
    add_to_reference_index = False


class DeskGroup(ViewSetGroup):
    menu_label = _("Editors' desk")
    menu_icon = "edit"
    menu_order = 260
    items = (TermRuleViewSet, AllowanceViewSet, WatchedNameViewSet, DeputyViewSet, ReviewDateViewSet)


@hooks.register("register_admin_viewset")
def desk_lists() -> DeskGroup:
    return DeskGroup()
