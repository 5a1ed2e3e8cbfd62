"""One request through the whole WSGI application, and what it cost."""

import io
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from config.staff.models import User

Application = Callable[..., Iterable[bytes]]
CSRF = "c" * 32  # the same in the cookie and in the form


@dataclass(frozen=True)
class Request:
    """An address, and for a form what is sent."""

    path: str
    form: dict[str, str] | None = None

    @property
    def body(self) -> bytes:
        return urlencode({**self.form, "csrfmiddlewaretoken": CSRF}).encode() if self.form is not None else b""


@dataclass(frozen=True)
class Cost:
    total_ms: float
    db_ms: float
    queries: int
    bytes: int
    status: int


def session_of(user: User) -> str:
    """A login as the browser would carry it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key or ""


def cookies(session: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def cost_of(application: Application, session: str, request: Request) -> Cost:
    passed: list[float] = []

    def timed(execute: Callable[..., Any], *words: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*words)
        finally:
            passed.append(time.perf_counter() - began)

    answer: list[str] = []
    environment = _environment(session, request)
    with connection.execute_wrapper(timed):
        began = time.perf_counter()
        parts = application(environment, lambda status, *_: answer.append(status))
        size = sum(len(part) for part in parts)
        parts.close()  # type: ignore[attr-defined]
        total = time.perf_counter() - began
    return Cost(total * 1000, sum(passed) * 1000, len(passed), size, int(answer[0].split()[0]))


def _environment(session: str, request: Request) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    return {
        "REQUEST_METHOD": "GET" if request.form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_LANGUAGE": "es",
        "HTTP_COOKIE": cookies(session),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def median(costs: Sequence[Cost]) -> float:
    return statistics.median(cost.total_ms for cost in costs)


def percentile_95(costs: Sequence[Cost]) -> float:
    ordered = sorted(cost.total_ms for cost in costs)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
