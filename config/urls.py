"""The map of the site. Addresses do not follow packages: a screen lives in the lowest app that has all it needs."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path

from config import health, mail_sink, style


def home(request: HttpRequest) -> HttpResponse:
    guest = request.user.is_authenticated and request.user.is_guest_delegate
    return redirect("/missions/" if guest else "/today/")


handler500 = "config.away.fault"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("livez", health.livez, name="livez"),
    path("healthz", health.healthz, name="healthz"),
    *mail_sink.urlpatterns,
    path("admin/", admin.site.urls),
    path("", include("leads.urls")),
    path("", include("missions.urls")),
    path("", include("companies.urls")),
    path("", include("config.staff.urls")),
    path("", include("allauth.urls")),
]

if settings.LOCAL:
    urlpatterns += [path("style/", style.show, name="style")]
