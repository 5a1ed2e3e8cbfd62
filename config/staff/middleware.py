from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.staff import clock
from config.staff.models import User

Answer = Callable[[HttpRequest], HttpResponseBase]


class ReaderMiddleware:
    """The page speaks the person's language and lives in the zone of the place where they are.

    An htmx request that ends at the login (the session ran out) is answered with a whole-page redirect, or the login
    page would land inside a fragment.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            timezone.activate(ZoneInfo(user.zone_at(clock.now())))
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if request.headers.get("HX-Request") and response.status_code == 302 and not user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response


class SecondFactorMiddleware:
    """An administrator without a second factor is sent to set one up before anything else."""

    OPEN_PATHS = ("/2fa/", "/logout/", "/login/", "/reauthenticate/", "/static/", "/livez", "/healthz")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if (
            settings.SECOND_FACTOR_FOR_ADMINISTRATORS
            and isinstance(user, User)
            and user.is_administrator
            and not request.path.startswith(self.OPEN_PATHS)
            and not is_mfa_enabled(user)
        ):
            messages.warning(request, _("Administrators need a second factor. Set one up to go on."))
            return redirect("mfa_index")
        return self.get_response(request)
