"""The demo's own post box: what it would have sent. Outside the demo there is no such page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from config.staff import access
from config.staff.requests import StaffRequest

SHOWN = 100

Args = ParamSpec("Args")
Answer = Callable[Concatenate[HttpRequest, Args], HttpResponse]


@dataclass(frozen=True)
class Sent:
    key: str
    at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def only_in_the_demo(view: Answer[Args]) -> Answer[Args]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # wraps() forgets the names of arguments


@require_safe
@only_in_the_demo
@access.staff
def sent_mail(request: StaffRequest) -> HttpResponse:
    letters = [_read(file) for file in _files()[:SHOWN]]
    return render(request, "demo/mail.html", {"letters": letters})


@require_safe
@only_in_the_demo
@access.staff
def letter(request: StaffRequest, key: str) -> HttpResponse:
    return render(request, "demo/letter.html", {"letter": _find(key)})


@require_safe
@only_in_the_demo
@access.staff  # type: ignore[arg-type]  # csp() promises less than it returns
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "sandbox": ["allow-popups"]})  # type: ignore[arg-type]
def letter_html(_request: StaffRequest, key: str) -> HttpResponse:
    """The letter as a mail program shows it, in a page that may do nothing else."""
    html = _find(key).html
    if not html:
        raise Http404
    return HttpResponse(html)


def _files() -> list[Path]:
    """Newest first."""
    folder = Path(settings.MAIL_SINK) / "new"
    if not settings.MAIL_SINK or not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if file.is_file()), key=lambda file: -file.stat().st_mtime_ns)


def _find(key: str) -> Sent:
    for file in _files():
        if file.name == key:
            return _read(file)
    raise Http404


def _read(file: Path) -> Sent:
    message = message_from_bytes(file.read_bytes(), policy=modern)
    return Sent(file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC), message)


urlpatterns: list[URLPattern] = [
    path("demo/mail/", sent_mail, name="demo_mail"),
    path("demo/mail/<str:key>/", letter, name="demo_letter"),
    path("demo/mail/<str:key>/html/", letter_html, name="demo_letter_html"),
]
