from django.urls import path, re_path

from companies.views import files
from missions.files import MISSION
from missions.views import appointment, feeds, lists, missions, plan, travel

KIND = "(?P<kind>stops|events|delegates|targets|costs)"

app_name = "missions"
urlpatterns = [
    *files.paths(MISSION, "missions/<int:pk>/"),
    path("missions/", missions.mission_list, name="list"),
    path("missions/new/", missions.new, name="new"),
    path("missions/<int:pk>/edit/", missions.edit, name="edit"),
    re_path(r"^missions/(?P<pk>\d{1,18})/(?P<verb>start|reopen|cancel)/$", missions.change, name="change"),
    path("missions/<int:pk>/calendar/", feeds.addresses, name="calendar_addresses"),
    re_path(r"^calendar/(?P<secret>[\w-]{43})\.ics$", feeds.calendar, name="calendar"),
    path("missions/<int:pk>/travel/", travel.travel, name="travel"),
    path("missions/<int:pk>/targets/", lists.targets, name="targets"),
    path("missions/<int:pk>/delegation/", lists.delegation, name="delegation"),
    path("missions/<int:pk>/appointments/new/", appointment.new, name="appointment_new"),
    path("missions/<int:pk>/appointments/<int:appointment_pk>/", appointment.appointment, name="appointment"),
    path("missions/<int:pk>/appointments/<int:appointment_pk>/status/", appointment.status, name="status"),
    re_path(rf"^missions/(?P<pk>\d{{1,18}})/{KIND}/new/$", plan.part, name="part_new"),
    re_path(rf"^missions/(?P<pk>\d{{1,18}})/{KIND}/(?P<part_pk>\d{{1,18}})/$", plan.part, name="part"),
]
