"""The planner's addresses. Areas come last: their slugs are free text."""

from django.urls import path

from campaigns.views import bench, data, plans

app_name = "campaigns"
urlpatterns = [
    path("", bench.home, name="planner"),
    path("bookings/", plans.bookings, name="bookings"),
    path("campaigns/<int:pk>/compute/", bench.compute_saved, name="compute_saved"),
    path("jobs/<int:pk>/status.json", data.job_status, name="job_status"),
    path("plans/<int:pk>/", bench.plan, name="plan"),
    path("plans/<int:pk>/report/", plans.report, name="report"),
    path("plans/<int:pk>/approve/", plans.approve, name="approve"),
    path("plans/<int:pk>/book/", plans.book, name="book"),
    path("plans/<int:pk>/map.html", plans.map_file, name="plan_map"),
    path("plans/<int:pk>/picks.geojson", plans.geojson_file, name="plan_geojson"),
    path("plans/<int:pk>/picks.csv", plans.csv_file, name="plan_csv"),
    path("plans/<int:pk>/picks/<int:order>/", bench.mark, name="mark"),
    path("<slug:area>/", bench.area, name="area"),
    path("<slug:area>/compute/", bench.compute, name="compute"),
    path("<slug:area>/layers.json", data.layers, name="layers"),
    path("<slug:area>/tables/", data.tables, name="tables"),
]
