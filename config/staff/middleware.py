from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation

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
