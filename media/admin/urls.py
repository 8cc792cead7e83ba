"""Addresses of the film desk, below the admin."""

from django.urls import path, register_converter

from media.admin import captions, packages, tus, views


class Made:
    """What the worker makes: a version, its HLS stream, a cut or a package."""

    regex = "version|stream|cut|package"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Made, "made")

app_name = "media_admin"
urlpatterns = [
    path("upload/", tus.collection, name="uploads"),
    path("upload/<slug:token>/", tus.one, name="upload"),
    path("upload/<slug:token>/discard/", views.discard_upload, name="discard_upload"),
    path("<int:pk>/", views.film, name="film"),
    path("<int:pk>/version/", views.new_version, name="new_version"),
    path("<int:pk>/captions/", views.save_captions, name="save_captions"),
    path("<int:pk>/captions/<str:language>/", captions.edit, name="edit_captions"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/cut/", views.make_cut, name="make_cut"),
    path("captions/<int:pk>/review/", views.review_captions, name="review_captions"),
    path("made/<made:what>/<int:pk>/status.json", views.status, name="status"),
    path("made/<made:what>/<int:pk>/again/", views.again, name="again"),
    path("cut/<int:pk>/", views.cut, name="cut"),
    path("cut/<int:pk>/approve/", views.approve_cut, name="approve_cut"),
    path("cut/<int:pk>/file.mp4", views.cut_file, name="cut_file"),
    path("playlist/<int:pk>/", packages.playlist, name="playlist"),
    path("playlist/<int:pk>/package/", packages.make_package, name="make_package"),
    path("package/<int:pk>/", packages.package, name="package"),
    path("package/<int:pk>/package.zip", packages.package_file, name="package_file"),
    path("package/withdrawn.txt", packages.withdrawn, name="withdrawn"),
    path("package/<int:pk>/withdraw/", packages.withdraw_package, name="withdraw_package"),
]
