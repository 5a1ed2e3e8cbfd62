from django.urls import path, re_path

from companies.views import files
from companies.views.lists import paths as list_paths
from missions.files import MISSION
from missions.mission_list import MISSIONS
from missions.target_list import TARGETS
from missions.views import appointment, feeds, lists, missions, plan, replanning, targets, travel

KIND = "(?P<kind>stops|events|delegates|targets|costs)"

app_name = "missions"
urlpatterns = [
    *files.paths(MISSION, "missions/<int:pk>/"),
    path("missions/", missions.mission_list, name="list"),
    *list_paths(MISSIONS, "missions/"),
    path("missions/new/", missions.new, name="new"),
    path("missions/<int:pk>/edit/", missions.edit, name="edit"),
    re_path(r"^missions/(?P<pk>\d{1,18})/(?P<verb>start|reopen)/$", missions.change, name="change"),
    path("missions/<int:pk>/decide/", replanning.decide, name="decide"),
    path("missions/<int:pk>/cancel/", replanning.cancel, name="cancel"),
    path("missions/<int:pk>/move/", replanning.move, name="move"),
    path("missions/<int:pk>/copy/", replanning.copy, name="copy"),
    path("missions/<int:pk>/calendar/", feeds.addresses, name="calendar_addresses"),
    re_path(r"^calendar/(?P<secret>[\w-]{43})\.ics$", feeds.calendar, name="calendar"),
    path("missions/<int:pk>/travel/", travel.travel, name="travel"),
    path("missions/targets/", targets.all_targets, name="all_targets"),
    path("missions/targets/<int:pk>/", targets.any_target, name="any_target"),
    *list_paths(TARGETS, "missions/targets/"),
    path("missions/<int:pk>/targets/", targets.targets, name="targets"),
    path("missions/<int:pk>/targets/add/", targets.add, name="targets_add"),
    path("missions/<int:pk>/targets/move/", targets.move, name="targets_move"),
    path("missions/<int:pk>/targets/criteria/", targets.criteria, name="criteria"),
    path("missions/<int:pk>/targets/<int:target_pk>/", targets.target, name="target"),
    path("missions/<int:pk>/targets/<int:target_pk>/touch/", targets.touch, name="target_touch"),
    path("missions/<int:pk>/delegation/", lists.delegation, name="delegation"),
    path("missions/<int:pk>/appointments/new/", appointment.new, name="appointment_new"),
    path("missions/<int:pk>/appointments/<int:appointment_pk>/", appointment.appointment, name="appointment"),
    path("missions/<int:pk>/appointments/<int:appointment_pk>/status/", appointment.status, name="status"),
    re_path(rf"^missions/(?P<pk>\d{{1,18}})/{KIND}/new/$", plan.part, name="part_new"),
    re_path(rf"^missions/(?P<pk>\d{{1,18}})/{KIND}/(?P<part_pk>\d{{1,18}})/$", plan.part, name="part"),
]
