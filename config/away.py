"""PostgreSQL or Redis does not answer for a moment: one calm page in place of a fault, which keeps what was typed.

It stands where the site's faults are answered (`handler500`), so it covers middleware and views alike, and every fault
is logged as before. It asks no database, no session and no cache. What is wrong with a query or with our code stays a
fault of ours.
"""

import sys
from typing import NamedTuple

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.template import loader
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views import defaults
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisTooSlow

TRY_AGAIN_AFTER = 15  # seconds
# A connection that failed or was ended, a server that starts or stops, and one that has no place for another.
GONE = ("08", "57P", "53300")


class Typed(NamedTuple):
    name: str
    value: str


def fault(request: HttpRequest) -> HttpResponse:
    """The site's answer to whatever was not caught."""
    error = sys.exc_info()[1]
    return away(request) if is_outage(error) else defaults.server_error(request)


def is_outage(error: BaseException | None) -> bool:
    if isinstance(error, (RedisAway, RedisTooSlow, BrokerAway)):
        return True
    if isinstance(error, OperationalError):
        state = getattr(error.__cause__, "sqlstate", None)
        return state is None or state.startswith(GONE)
    if isinstance(error, InterfaceError):
        ours = connection.connection
        return ours is None or (isinstance(ours, psycopg.Connection) and ours.closed)
    return False


def away(request: HttpRequest) -> HttpResponse:
    language = getattr(request, "LANGUAGE_CODE", "") or get_language_from_request(request)
    with override(language):
        if request.headers.get("HX-Request") or "text/html" not in request.headers.get("Accept", "text/html"):
            words = _(
                "Puente does not answer for a moment. Nothing was lost: what you typed is still here. Send it again."
            )
            answer = HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=503)
        else:
            typed = _typed(request)
            context = {
                "typed": typed,
                "address": request.get_full_path(),
                "was_posted": request.method == "POST",
                "has_files": bool(typed and request.FILES),
            }
            answer = HttpResponse(loader.render_to_string("503.html", context), status=503)
    answer.headers["Content-Language"] = language
    answer.headers["Retry-After"] = str(TRY_AGAIN_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> list[Typed]:
    """To be sent again from this very page, with the token it came with; nothing where a password is among it."""
    if request.method != "POST":
        return []
    try:
        names = list(request.POST)
    except (UnreadablePostError, RawPostDataException):
        return []
    if any("password" in name or name == "code" for name in names):
        return []
    return [Typed(name, value) for name in names for value in request.POST.getlist(name)]
