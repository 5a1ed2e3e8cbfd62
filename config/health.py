"""Alive and ready. `/livez` asks nothing of anybody; `/healthz` asks all that a reminder needs to arrive."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.heartbeat import LASTS
from config.staff import clock
from config.staff.models import Heartbeat, User
from leads.models import Delivery
from leads.models.channel import Channel

MAIL_MAY_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    good: bool
    detail: str


@require_safe
@never_cache
def livez(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    findings = {name: _find(check) for name, check in CHECKS.items()}
    ready = all(finding.good for finding in findings.values())
    status = 200 if ready else 503
    if findings["database"].good and isinstance(request.user, User) and request.user.is_staff_member:
        details = {name: {"good": found.good, "detail": found.detail} for name, found in findings.items()}
        return JsonResponse({"ready": ready, "checks": details}, status=status)
    return HttpResponse("ready\n" if ready else "not ready\n", content_type="text/plain", status=status)


class DatabaseGoneMiddleware:
    """Answers before a session is read: whoever carries a cookie would otherwise meet the fault itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/livez":
            return livez(request)
        if request.path == "/healthz" and not _find(CHECKS["database"]).good:
            return HttpResponse("not ready\n", content_type="text/plain", status=503)
        return self.get_response(request)


def _find(check: Callable[[datetime], Finding]) -> Finding:
    try:
        return check(clock.now())
    except (Error, redis.RedisError) as fault:
        return Finding(good=False, detail=f"{type(fault).__name__}: {fault}")


def _database(_now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(good=True, detail="answers")


def _broker(_now: datetime) -> Finding:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3) as client:
        client.ping()
    return Finding(good=True, detail="answers")


def _heart(name: str) -> Callable[[datetime], Finding]:
    def check(now: datetime) -> Finding:
        at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
        if at is None:
            return Finding(good=False, detail="never seen")
        return Finding(good=now - at < LASTS, detail=f"seen {(now - at).total_seconds():.0f} s ago")

    return check


def _mail(now: datetime) -> Finding:
    oldest = (
        Delivery.objects.unsent().filter(channel=Channel.MAIL, due_at__lte=now).aggregate(Min("due_at"))["due_at__min"]
    )
    if oldest is None:
        return Finding(good=True, detail="nothing waits")
    return Finding(
        good=now - oldest < MAIL_MAY_WAIT, detail=f"the oldest waits for {(now - oldest).total_seconds():.0f} s"
    )


CHECKS: dict[str, Callable[[datetime], Finding]] = {
    "database": _database,
    "broker": _broker,
    "worker": _heart("worker"),
    "beat": _heart("beat"),
    "mail": _mail,
}
