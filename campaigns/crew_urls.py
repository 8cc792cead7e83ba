"""What a crew's signed link opens."""

from django.urls import path

from campaigns import crew_views

app_name = "crew"
urlpatterns = [
    path("<str:token>/", crew_views.list_page, name="list"),
    path("<str:token>/<int:pk>/", crew_views.street, name="street"),
    path("<str:token>/<int:pk>/face.png", crew_views.face, name="face"),
    path("<str:token>/photos/<int:pk>.jpg", crew_views.photo, name="photo"),
]
