from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.form, name="form"),
    path("answer/", views.lookup, name="lookup"),
    path("receipt/", views.receipt, name="receipt"),
    path("receipt/file/", views.export, name="export"),
    path("receipt/delete/", views.delete, name="delete"),
    path("receipt/leave/", views.leave, name="leave"),
    path("deleted/", views.deleted, name="deleted"),
]
