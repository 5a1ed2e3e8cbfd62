"""The key by which push services know this site: it follows from the secret key, so nobody has to make and keep one.

Where the secret key changes, browsers ask anew by themselves at the next visit.
"""

from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

# Of the curve P-256: keys are the numbers from one to this.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
LASTS = timedelta(hours=12)


def headers_for(endpoint: str, *, at: datetime) -> dict[str, str]:
    """Says to one push service who we are, and whom to write to about us."""
    address = urlsplit(endpoint)
    claims = {
        "aud": f"{address.scheme}://{address.netloc}",
        "exp": int((at + LASTS).timestamp()),
        "sub": settings.SITE_URL if settings.SITE_URL.startswith("https:") else f"mailto:puente@{settings.MAIL_DOMAIN}",
    }
    return dict(_vapid(settings.SECRET_KEY).sign(claims))


def public_key() -> str:
    """As browsers want it."""
    public = _vapid(settings.SECRET_KEY).public_key
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


@cache
def _vapid(secret: str) -> Vapid02:
    derived = HKDF(hashes.SHA256(), 48, salt=None, info=b"puente web push").derive(secret.encode())
    number = int.from_bytes(derived, "big") % (ORDER - 1) + 1
    return Vapid02(ec.derive_private_key(number, ec.SECP256R1()))
