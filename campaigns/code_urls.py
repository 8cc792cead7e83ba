"""The short address printed on ads."""

from django.urls import path

from campaigns import code_views

app_name = "codes"
urlpatterns = [path("<slug:code>", code_views.scan, name="scan")]
