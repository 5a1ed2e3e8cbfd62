from django.urls import URLPattern, URLResolver, include, path

from tests.benchmarks.floor import show

urlpatterns: list[URLPattern | URLResolver] = [path("floor/<str:name>/", show), path("", include("config.urls"))]
# As the site itself answers while a server is away.
handler500 = "config.away.fault"
