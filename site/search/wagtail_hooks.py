"""Search in the admin: editors keep the synonyms and see what visitors looked for in vain."""

from datetime import timedelta
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from search.misses import report
from search.models import NoResult, SynonymGroup

DAYS = 90


class SynonymViewSet(ModelViewSet):
    model = SynonymGroup
    menu_label = _("Synonyms")
    menu_name = "synonyms"
    menu_order = 850
    icon = "search"
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["__str__", "active", "note"]
    list_filter = ["active"]


class MissFilters(WagtailFilterSet):
    days = django_filters.ChoiceFilter(
        label=_("Time"),
        choices=[(7, _("Last 7 days")), (30, _("Last 30 days")), (DAYS, _("Last 90 days"))],
        empty_label=_("Last 180 days"),
        method="in_days",
    )

    class Meta:
        model = NoResult
        fields = ["days"]

    def in_days(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(day__gt=timezone.localdate() - timedelta(days=int(value)))


class MissReport(ReportView):
    """One line for each wording, over all days."""

    page_title = _("Searches without result")
    header_icon = "search"
    index_url_name = "search_misses"
    index_results_url_name = "search_misses_results"
    filterset_class = MissFilters
    permission_policy = ModelPermissionPolicy(NoResult)
    permission_required = "view"
    columns = [
        Column("query", label=_("What was looked for"), accessor="query"),
        Column("times", label=_("Times"), accessor="times"),
        Column("last", label=_("Last on"), accessor="last"),
    ]
    list_export = ["query", "times", "last"]
    export_headings = {"query": _("What was looked for"), "times": _("Times"), "last": _("Last on")}

    def get_queryset(self) -> Any:
        return report()

    def get_filename(self) -> str:
        return "searches-without-result"


class MissReportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(MissReport.permission_policy.user_has_permission(request.user, "view"))


@hooks.register("register_admin_viewset")
def register_synonyms() -> SynonymViewSet:
    return SynonymViewSet("synonyms")


@hooks.register("register_admin_urls")
def register_miss_report() -> list[URLPattern]:
    return [
        path("reports/searches/", MissReport.as_view(), name="search_misses"),
        path("reports/searches/results/", MissReport.as_view(results_only=True), name="search_misses_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_miss_report_menu_item() -> MenuItem:
    return MissReportMenuItem(
        _("Searches without result"), reverse("search_misses"), name="searches", icon_name="search", order=600
    )
