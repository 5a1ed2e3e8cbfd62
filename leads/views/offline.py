"""What works without a network: one page that knows nobody, the worker that keeps it, and the door for what waited.

The page holds no record and no name; those lie in the browser's own database, of one person and one mission.
"""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.forms.file import FileForm
from companies.models.privacy_notice import WayGiven
from config.staff.access import staff
from config.staff.requests import StaffRequest
from config.staff.uploads import was_too_large
from leads.forms.promise import DUE, WORDS
from leads.interactions.attaching import attach
from leads.interactions.capture import captured_among
from leads.models import Interaction
from leads.models.choices import Interest, Outcome
from leads.on_mission.offline import MOST_CAPTURES, MOST_FIELDS, kept_of, take
from missions.models import Mission

LANGUAGES = ("es", "en")
STYLES = ("vendor/tabler.min.css", "puente.css", "css/ground.css", "css/frame.css", "css/parts.css", "css/log.css")
FILES = (
    *STYLES,
    "css/floor.css",
    "icons.svg",
    "mark.svg",
    "js/offline/store.js",
    "js/offline/attach.js",
    "js/offline/card.js",
    "js/offline/log.js",
    "js/offline/shell.js",
    "vendor/qr/decode.js",
    "vendor/ical.min.js",
)
# Asked for by another script, under the name that its package gave it.
IMPORTED = ("vendor/qr/index.js",)


@require_safe
def shell(request: HttpRequest, language: str) -> HttpResponse:
    return HttpResponse(_shell(language, _version()))


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """At the root, for a worker's reach is the folder it comes from; another version of anything is another worker."""
    asked = {
        "version": _version(),
        "files": _addresses(_version()),
        "icon": static("icons/puente-192.png"),
        "store": next(address for address in _addresses(_version()) if "store" in address),
    }
    text = render_to_string("missions/offline_worker.js", {"asked": json.dumps(asked)})
    return HttpResponse(text, content_type="text/javascript")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    about = {
        "id": "/",
        "name": f"Puente · {settings.AGENCY_NAME}",
        "short_name": "Puente",
        "start_url": reverse("leads:here"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#fffefb",
        "theme_color": "#0a6a73",
        "icons": [
            {"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {"src": static(f"icons/puente-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
                for size in (192, 512)
            ),
            {
                "src": static("icons/puente-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }
    return JsonResponse(about, content_type="application/manifest+json")


@require_safe
@never_cache
@staff
def kept(request: StaffRequest, pk: int) -> HttpResponse:
    """What this person's phone may keep of this mission while it is under way."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user).of(request.user).under_way(), pk=pk)
    return JsonResponse(kept_of(mission, user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff
def captures(request: StaffRequest) -> HttpResponse:
    """First who is signed in here, then what that person's device had to keep; nobody's queue goes under another.

    `?capture=…` asks which meetings have come, so that their pictures and voice notes may follow.
    """
    if request.method != "POST":
        asked = [_uuid(text) for text in request.GET.getlist("capture")[:MOST_CAPTURES]]
        stored = captured_among(asked, by=request.user) if asked else []
        return JsonResponse({"user": request.user.pk, "token": get_token(request), "stored": stored})
    sent = _read(request.body)
    if sent.get("user") != request.user.pk:
        return JsonResponse({"reason": _("These meetings belong to somebody else.")}, status=409)
    answers = []
    for entry in sent["captures"]:
        taken = take(UUID(entry["id"]), [(name, value) for name, value in entry["fields"]], by=request.user)
        answers.append({"id": entry["id"], "state": taken.state, "reason": taken.reason, "url": taken.url})
    return JsonResponse({"answers": answers})


@require_POST
@never_cache
@staff
def capture_file(request: StaffRequest, capture_id: UUID, file_id: UUID) -> HttpResponse:
    """One picture or voice note of a meeting that has come; the same one again is stored already."""
    if request.POST.get("user") != str(request.user.pk):
        return JsonResponse({"reason": _("These meetings belong to somebody else.")}, status=409)
    form = FileForm(request.POST, request.FILES, too_large=was_too_large(request))
    state = attach(capture_id, file_id, form, by=request.user)
    reason = " ".join(str(error) for errors in form.errors.values() for error in errors) if state == "refused" else ""
    return JsonResponse({"state": state, "reason": reason})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest("no capture") from error


def _read(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
        entries = sent["captures"]
        fine = len(entries) <= MOST_CAPTURES and all(_is_capture(entry) for entry in entries)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest("no captures") from error
    if not fine:
        raise BadRequest("too much of it")
    return dict(sent)


def _is_capture(entry: dict[str, Any]) -> bool:
    UUID(entry["id"])
    fields = entry["fields"]
    return len(fields) <= MOST_FIELDS and all(isinstance(part, str) for name, value in fields for part in (name, value))


@cache
def _version() -> str:
    """Of all that is kept, so that a deploy that changes any of it is seen."""
    parts = [_shell(language, "") for language in LANGUAGES]
    parts += [static(name) for name in FILES]
    found = [finders.find(name) for name in (*FILES, *IMPORTED)]
    contents = [Path(path).read_bytes() for path in found if isinstance(path, str)]
    own = render_to_string("missions/offline_worker.js", {"asked": ""})
    return sha256(b"".join([*(part.encode() for part in (*parts, own)), *contents])).hexdigest()[:16]


def _addresses(version: str) -> list[str]:
    """With the version in them: no other page asks for these, so nothing else is ever answered out of the store."""
    shells = [reverse("leads:offline", args=[language]) for language in LANGUAGES]
    plain = (f"{settings.STATIC_URL}{name}" for name in IMPORTED)
    return [*shells, *(f"{static(name)}?v={version}" for name in FILES), *plain]


@cache
def _shell(language: str, version: str) -> str:
    """Without a request, so that nothing of a person can be in it."""
    with override(language):
        choices = {
            "kinds": list(Interaction.Kind.choices),
            "outcomes": list(Outcome.choices),
            "interests": list(Interest.choices),
            "words": list(WORDS.items()),
            "dues": list(DUE.items()),
            "ways": list(WayGiven.choices),
        }
        context = {"language": language, "version": version, "agency_name": settings.AGENCY_NAME, "styles": STYLES}
        readers = {"reader": "js/offline/card.js", "qr": "vendor/qr/decode.js", "vcard": "vendor/ical.min.js"}
        scripts = {name: f"{static(path)}?v={version}" for name, path in readers.items()}
        return render_to_string("missions/offline.html", {**context, **choices, **scripts})
