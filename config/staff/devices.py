"""The browsers that show a person's notices: asked for there, ended by signing out or from anywhere else."""

from base64 import urlsafe_b64decode
from binascii import Error
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from config.staff import clock, outside
from config.staff.models import PushDevice, User
from config.staff.sending import Refused

MOST = 10
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@dataclass(frozen=True)
class Subscription:
    """What a browser hands over so that it may be written to."""

    endpoint: str
    p256dh: str
    auth: str


def read_subscription(sent: Any) -> Subscription:
    """As browsers write it down. ValueError or Refused for anything that is none."""
    try:
        found = Subscription(sent["endpoint"], sent["keys"]["p256dh"], sent["keys"]["auth"])
        lengths = len(found.endpoint) <= 1000 and len(found.p256dh) <= 120 and len(found.auth) <= 60
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), as_bytes(found.p256dh))
        sound = lengths and "\0" not in found.endpoint and len(as_bytes(found.auth)) == 16
    except (KeyError, TypeError, AttributeError, UnicodeError, Error) as fault:
        raise ValueError("no subscription") from fault
    if not sound:
        raise ValueError("no subscription")
    outside.read_address(found.endpoint)
    return found


@transaction.atomic
def add(request: HttpRequest, user: User, subscription: Subscription) -> PushDevice:
    """This browser shows this person's notices from now on, and nobody else's."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if PushDevice.objects.filter(user=user).exclude(endpoint=subscription.endpoint).count() >= MOST:
        raise Refused(_("Remove a device first; ten are enough."))
    facts = {"p256dh": subscription.p256dh, "auth": subscription.auth, "created_at": clock.now()}
    device, _is_new = PushDevice.objects.update_or_create(
        endpoint=subscription.endpoint,
        defaults={**facts, "user": user, "session": _session_of(request), "name": name_of(request)},
    )
    return device


def renew(request: HttpRequest, user: User, subscription: Subscription) -> bool:
    """The person is signed in there again. False where the device was removed meanwhile, or is another person's."""
    known = PushDevice.objects.filter(user=user, endpoint=subscription.endpoint)
    return bool(known.update(session=_session_of(request)))


def forget_session(session_key: str | None) -> None:
    """Somebody signs out: no notice is shown there any more."""
    if session_key:
        PushDevice.objects.filter(session__session_key=session_key).delete()


def name_of(request: HttpRequest) -> str:
    said = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in BROWSERS if sign in said), _("Browser"))
    system = next((name for sign, name in SYSTEMS if sign in said), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def as_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _session_of(request: HttpRequest) -> UserSession | None:
    UserSession.objects.create_from_request(request)
    found: UserSession | None = UserSession.objects.filter(session_key=request.session.session_key).first()
    return found
