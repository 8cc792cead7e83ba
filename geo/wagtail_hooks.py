"""Wagtail's admin: lines and hotspots under one menu item. What comes from files is read only; hotspots are edited."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem as SidebarItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from geo import admin_views, import_views
from geo.forms import LineForm
from geo.models import Area, Hotspot, Line, Route, RouteScore, Source, Stop
from trust.readonly import ReadOnlyViewSet, make_read_only

for _model in (Source, Route, Stop, RouteScore):
    make_read_only(_model)


EXPORTS = {"geojson": _("Export as GeoJSON"), "geopackage": _("Export as GeoPackage"), "csv": _("Export as CSV")}


class AreaIndexView(IndexView):
    """Areas, each with the way to fresh scores and to its files."""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("geo.change_area"):
            url = reverse("geo_score_area", args=[instance.pk])
            buttons.append(MenuItem(_("Score the routes"), url=url, icon_name="rotate", priority=30))
        if self.request.user.has_perm("geo.view_area"):
            for form, label in EXPORTS.items():
                url = reverse("geo_export_area", args=[instance.pk, form])
                buttons.append(MenuItem(label, url=url, icon_name="download", priority=40))
        return buttons


class AreaViewSet(ModelViewSet):
    model = Area
    icon = "globe"
    index_view_class = AreaIndexView
    inspect_view_enabled = True
    inspect_view_fields = ["slug", "name", "is_sample", "population", "map_review_number"]
    copy_view_enabled = False
    list_display = [
        "name",
        "slug",
        "population",
        "map_review_number",
        BooleanColumn("is_sample", label=_("sample data")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("population"),
        FieldPanel("days_off"),
        FieldPanel("map_review_number"),
        FieldPanel("is_sample"),
    ]


class LineViewSet(ModelViewSet):
    model = Line
    icon = "arrow-right"
    inspect_view_enabled = True
    inspect_view_fields = ["area", "source", "code", "name", "buses", "buses_estimated"]
    copy_view_enabled = False
    list_display = ["name", "code", "area", "buses", BooleanColumn("buses_estimated", label=_("estimated"))]
    list_filter = ["area"]
    list_per_page = 50
    search_fields = ["name", "code"]
    panels = [FieldPanel("name", read_only=True), FieldPanel("buses")]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = LineForm
        return handler


class RouteViewSet(ReadOnlyViewSet):
    model = Route
    icon = "arrow-right-full"
    list_display = ["name", "line", "direction", "trips_per_day", "length_m", "speed_kmh"]
    list_filter = ["line__area", "direction"]
    search_fields = ["name", "line__name", "line__code"]
    inspect_view_fields = [
        "line",
        "source",
        "code",
        "name",
        "direction",
        "length_m",
        "trips_per_day",
        "trips_by_hour",
        "first_departure",
        "last_departure",
        "speed_kmh",
        "schedule_estimated",
    ]


class StopViewSet(ReadOnlyViewSet):
    model = Stop
    icon = "site"
    list_display = ["name", "code", "area", "lon", "lat"]
    list_filter = ["area"]
    search_fields = ["name", "code"]
    inspect_view_fields = ["area", "source", "code", "name", "lon", "lat"]


class HotspotViewSet(ModelViewSet):
    model = Hotspot
    icon = "group"
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["name", "category", "persons_per_day", "basis", "street", "area"]
    list_filter = ["area", "category", "basis", "street"]
    list_per_page = 50
    search_fields = ["name", "code", "street"]
    panels = [
        HelpPanel(
            content=_("A hotspot that came from a file is set to the file's figures again when the file is imported.")
        ),
        FieldRowPanel([FieldPanel("area"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("name"), FieldPanel("category")]),
        FieldRowPanel([FieldPanel("lon"), FieldPanel("lat")]),
        FieldPanel("street"),
        MultiFieldPanel(
            [FieldPanel("persons_per_day"), FieldRowPanel([FieldPanel("basis"), FieldPanel("as_of")])],
            heading=_("People"),
        ),
    ]


class SourceViewSet(ReadOnlyViewSet):
    model = Source
    icon = "download"
    list_display = ["file_name", "kind", "area", "system", "as_of", "imported_at"]
    list_filter = ["area", "kind"]
    search_fields = ["file_name", "origin"]
    inspect_view_fields = [
        "area",
        "kind",
        "file_name",
        "origin",
        "licence",
        "as_of",
        "system",
        "note",
        "counts",
        "options",
        "sha256",
        "imported_at",
        "imported_by",
    ]


class RouteScoreViewSet(ReadOnlyViewSet):
    model = RouteScore
    icon = "order"
    list_display = [
        "route",
        Column("score", label=_("score"), accessor=lambda score: f"{score.score:,.0f}", sort_key="score"),
        Column("main", label=_("main hotspots"), accessor="main_names"),
        "computed_at",
    ]
    list_filter = ["route__line__area"]
    search_fields = ["route__name", "route__line__name"]
    ordering = ["-score"]
    inspect_view_fields = [
        "route",
        "score",
        "by_category",
        "main_names",
        "stretch_from_m",
        "stretch_to_m",
        "coefficient_version",
        "computed_at",
    ]


class ImportMenuItem(SidebarItem):
    """Shown to those who may see what was imported."""

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm(import_views.MAY_SEE))


class ImportViewSet(ViewSet):
    """Upload, columns, check, import: pages of our own."""

    icon = "upload"
    menu_label = _("Import data")
    menu_item_class = ImportMenuItem
    add_to_admin_menu = False

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", import_views.index, name="index"),
            path("new/<slug:kind>/", import_views.upload, name="upload"),
            path("<int:pk>/", import_views.show, name="show"),
            path("<int:pk>/columns/", import_views.columns, name="columns"),
            path("<int:pk>/again/", import_views.again, name="again"),
            path("<int:pk>/apply/", import_views.apply, name="apply"),
            path("<int:pk>/map.svg", import_views.picture, name="picture"),
        ]


class GeoGroup(ModelViewSetGroup):
    menu_label = _("Lines and hotspots")
    menu_name = "geo"
    menu_icon = "globe"
    menu_order = 260
    add_to_admin_menu = True
    items = (
        ImportViewSet("geo-imports"),
        RouteScoreViewSet("geo-scores"),
        HotspotViewSet("geo-hotspots"),
        LineViewSet("geo-lines"),
        RouteViewSet("geo-routes"),
        StopViewSet("geo-stops"),
        AreaViewSet("geo-areas"),
        SourceViewSet("geo-sources"),
    )


@hooks.register("register_admin_viewset")
def register_geo() -> GeoGroup:
    return GeoGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("geo-areas/score/<int:pk>/", admin_views.score_area, name="geo_score_area"),
        path("geo-areas/export/<int:pk>/<slug:form>/", admin_views.export, name="geo_export_area"),
    ]
