"""Addresses of the editors' desk, below the admin."""

from django.urls import path

from editorial import views

app_name = "editorial_admin"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("review/<int:pk>/", views.review_step, name="review"),
    path("urgent/ask/<int:type_id>/<str:pk>/", views.ask_urgent, name="ask_urgent"),
    path("urgent/<int:pk>/", views.urgent_correction, name="urgent"),
    path("film/<int:pk>/", views.film, name="film"),
    path("health/", views.health, name="health"),
    path("health/now/", views.inspect_now, name="inspect_now"),
]
