"""The URL contract (DESIGN §9). Articles and films are models with plain views; pages come last."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config.sitemap import sitemap
from media.serving import serve

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("law/", include("lawbook.urls")),
    path("video/", include("media.urls")),
    path("search/", include("search.urls")),
    path("contact/", include("feedback.urls")),
    path("planner/", include("campaigns.urls")),
    path("q/", include("campaigns.code_urls")),
    path("crew/", include("campaigns.crew_urls")),
    path("geo/", include("geo.urls")),
    path("sitemap.xml", sitemap, name="sitemap"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", serve, name="uploads"),
    path("", include(wagtail_urls)),
]
