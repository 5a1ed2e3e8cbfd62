"""The map of the site. Addresses do not follow packages: a screen lives in the lowest app that has all it needs."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/today/"), name="home"),
    path("livez", health.livez),
    path("healthz", health.healthz),
    path("admin/", admin.site.urls),
    path("", include("leads.urls")),
    path("", include("missions.urls")),
    path("", include("companies.urls")),
    path("", include("config.staff.urls")),
    path("", include("allauth.urls")),
]
