from django.urls import path

from config.staff.views import invitation, leave, people, settings, single_sign_on

app_name = "staff"
urlpatterns = [
    path("oidc/<str:provider_id>/login/", single_sign_on.begin, name="single_sign_on"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("settings/", settings.personal, name="settings"),
    path("settings/leave/", leave.leave, name="leave"),
    path("settings/leave/<int:pk>/remove/", leave.remove, name="leave_remove"),
    path("settings/language/", settings.language, name="language"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite_person, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
]
