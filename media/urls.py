"""Public addresses of films, mounted at /video/."""

from django.urls import path

from media import views

app_name = "media"
urlpatterns = [
    path("", views.video_list, name="list"),
    path("<slug:slug>/", views.video, name="video"),
    path("<slug:slug>/captions/<slug:language>.vtt", views.captions, name="captions"),
    path("<slug:slug>/transcript.txt", views.transcript, name="transcript"),
]
