from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.staff.models import User
from leads.reminding import inbox
from missions.models import Mission


def page(request: HttpRequest) -> dict[str, object]:
    """What every page shows: the agency, the demo's accounts, the mission under way, the bell. Asked when drawn."""
    context: dict[str, object] = {"agency_name": settings.AGENCY_NAME, "demo": settings.DEMO}
    user = getattr(request, "user", None)
    if isinstance(user, User):
        context["inbox_count"] = SimpleLazyObject(lambda: inbox.new_count(user))
        context["mission_under_way"] = SimpleLazyObject(
            lambda: Mission.objects.of(user).under_way().only("name").first()
        )
    elif settings.DEMO:
        from config.sample.accounts import DEMO_ACCOUNTS  # noqa: PLC0415 - the demo only

        context["demo_accounts"] = DEMO_ACCOUNTS
    return context
