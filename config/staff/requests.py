from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from config.staff.models import User


class StaffRequest(HttpRequest):
    """A request behind the login."""

    user: User
    htmx: HtmxDetails
