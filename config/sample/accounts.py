"""The four accounts of the demo. Their password opens nothing outside the demo and the tests."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "puente-pacifico"  # noqa: S105 - printed by the demo and shown on its login page
NO_PASSWORD = "!"  # noqa: S105 - Django's mark of an account that no password opens


class DemoAccount(NamedTuple):
    label: Promise
    email: str
    password: str


OFFICER = DemoAccount(_("Officer, travelling with the California mission"), "oficial@demo.puente.example", PASSWORD)
MANAGER = DemoAccount(_("Manager of the services team"), "gerencia@demo.puente.example", PASSWORD)
ADMINISTRATOR = DemoAccount(_("Administrator"), "administracion@demo.puente.example", PASSWORD)
GUEST = DemoAccount(_("Guest delegate of the city"), "invitada@demo.puente.example", PASSWORD)
DEMO_ACCOUNTS = [OFFICER, MANAGER, ADMINISTRATOR, GUEST]


def hashed_password() -> str:
    """What stands in the demo accounts' rows."""
    return make_password(PASSWORD) if settings.DEMO or settings.TESTING else NO_PASSWORD
