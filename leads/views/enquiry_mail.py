"""The door for a mail server that hands over what was sent to the agency's address: signed, fresh, and of some size."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from config.staff import clock
from leads.enquiring.inbound import take

FRESH = timedelta(minutes=5)


@csrf_exempt
@require_POST
@never_cache
def enquiry_mail(request: HttpRequest) -> HttpResponse:
    """The raw mail as the body. The same one again, by whoever, is answered alike and changes nothing."""
    if not settings.INBOUND_SECRET:
        raise Http404
    body = request.read(settings.INBOUND_MOST + 1)
    if len(body) > settings.INBOUND_MOST:
        return JsonResponse({"reason": "too large"}, status=413)
    stamp = request.headers.get("X-Puente-Timestamp", "")
    if not _is_signed(stamp, body, request.headers.get("X-Puente-Signature", "")) or not _is_fresh(stamp):
        return JsonResponse({"reason": "not signed, or too old"}, status=403)
    return JsonResponse({"taken": take(body, at=clock.now()).kind})


def _is_signed(stamp: str, body: bytes, signature: str) -> bool:
    ours = hmac.new(settings.INBOUND_SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(ours.encode(), signature.lower().encode())


def _is_fresh(stamp: str) -> bool:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    return abs(clock.now().timestamp() - int(stamp)) <= FRESH.total_seconds()
