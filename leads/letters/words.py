"""The words of a draft: a template in the recipient's language, with names in braces that are filled in."""

import re
from typing import NamedTuple

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from companies.models import Contact
from config.staff.models import User
from leads.models import CadenceStep, FollowUp, Invitation
from missions.models import Mission

# What a template may name, and what stands there then.
NAMES = {
    "name": _("the whole name"),
    "given_name": _("the given name"),
    "family_name": _("the family name"),
    "company": _("their company"),
    "event": _("the event or mission of the meeting"),
    "day": _("the day of the meeting"),
    "me": _("who writes"),
    "agency": _("our agency"),
}
BRACES = re.compile(r"\{([^{}]*)\}")
SPANISH_SPEAKING = frozenset(
    (
        *("AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GQ", "GT", "HN"),
        *("MX", "NI", "PA", "PE", "PR", "PY", "SV", "UY", "VE"),
    )
)


class Template(NamedTuple):
    subject: str = ""
    body: str = ""


def language_of(contact: Contact | None) -> str:
    """Their own where we write it; else Spanish where it is spoken, and English everywhere else."""
    languages = dict(settings.LANGUAGES)
    if contact and contact.language:
        own = contact.language.lower()[:2]
        return own if own in languages else "en"
    country = contact.country_id if contact and contact.country_id else settings.AGENCY_COUNTRY
    return "es" if country in SPANISH_SPEAKING else "en"


def unknown_names(text: str) -> list[str]:
    return [name for name in BRACES.findall(text) if name not in NAMES]


def _words_for(follow_up: FollowUp) -> CadenceStep | Invitation | None:
    """Those of its step, or by which its mission asks."""
    if follow_up.step and follow_up.step.is_mail:
        return follow_up.step
    return Invitation.objects.filter(mission__targets__outreach__follow_up=follow_up.pk).first()


def draft_for(follow_up: FollowUp, contact: Contact | None, *, writer: User, language: str) -> Template:
    """What the step of a cadence or the invitation of a mission proposes; nothing for a follow-up of another origin."""
    words = _words_for(follow_up)
    if words is None:
        return Template()
    subject, body = (words.subject_en, words.body_en) if language == "en" else (words.subject_es, words.body_es)
    values = _values(follow_up, contact, writer, language)
    return Template(_fill(subject, values)[:200], _fill(body, values))


def _fill(text: str, values: dict[str, str]) -> str:
    return BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def _values(follow_up: FollowUp, contact: Contact | None, writer: User, language: str) -> dict[str, str]:
    said = follow_up.interaction
    asks = Mission.objects.filter(targets__outreach__follow_up=follow_up.pk).first()
    where = (said.event or said.mission) if said else asks
    with override(language):
        day = date_format(said.happened_at, "DATE_FORMAT") if said else ""
        if asks:
            day = " – ".join(date_format(one, "DATE_FORMAT") for one in (asks.starts_on, asks.ends_on))
    given = contact.given_name or contact.name if contact else ""
    return {
        "name": contact.name if contact else "",
        "given_name": given,
        "family_name": (contact.family_name or contact.name) if contact else "",
        "company": follow_up.company.name if follow_up.company else "",
        "event": where.name if where else "",
        "day": day,
        "me": writer.name,
        "agency": settings.AGENCY_NAME,
    }
