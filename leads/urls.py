from django.urls import URLPattern, URLResolver, path

from leads.views import mission

app_name = "leads"
urlpatterns: list[URLPattern | URLResolver] = [
    path("missions/<int:pk>/", mission.mission, name="mission"),
    path("missions/<int:pk>/meetings/", mission.meetings, name="mission_meetings"),
    path("missions/<int:pk>/leads/", mission.leads, name="mission_leads"),
    path("missions/<int:pk>/promises/", mission.promises, name="mission_promises"),
]
