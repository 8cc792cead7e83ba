"""Maps of an area, and its GeoJSON for the planner's maps; staff only."""

from django.urls import path

from geo import map_views, views

app_name = "geo"

urlpatterns = [
    path("<slug:slug>/map/", map_views.preview, name="map"),
    path("<slug:slug>/map/download/", map_views.download, name="map_download"),
    path("tiles/<int:z>/<int:x>/<int:y>.png", views.tile, name="tile"),
    path("<slug:slug>/base/<int:detail>.json", views.base, name="base"),
    path("<slug:slug>/<str:layer>.geojson", views.layer, name="layer"),
]
