from django.urls import path

from trust.accounts import views

app_name = "trust_account"
urlpatterns = [
    path("", views.security, name="security"),
    path("verify/", views.verify, name="verify"),
    path("password/", views.password, name="password"),
    path("set-up/", views.set_up, name="set_up"),
    path("codes/", views.new_codes, name="new_codes"),
    path("off/", views.turn_off, name="turn_off"),
    path("sessions/end/", views.end_session, name="end_session"),
    path("people/<int:pk>/", views.person, name="person"),
]
