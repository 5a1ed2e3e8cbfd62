from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


def not_there_yet(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404


app_name = "staff"
urlpatterns = [path("invitation/<str:token>/", not_there_yet, name="invitation")]
