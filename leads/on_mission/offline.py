"""A mission in a pocket: what a phone may keep without a network, and what it logged there taken in once."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from companies.models import Company, Position
from config.staff import clock
from config.staff.models import User
from config.staff.zones import known_zones
from leads.forms.log import LogForm
from leads.interactions.capture import AlreadyLogged, captured, log_interaction
from leads.interactions.who import Who, words
from leads.on_mission.briefing import Audience, Brief, briefs
from leads.on_mission.whereabouts import Whereabouts
from missions.models import Appointment, Mission
from missions.models.appointment import Level
from missions.wall_time import to_wall

log = logging.getLogger(__name__)

# What one request may carry, and what a phone may keep of one mission.
MOST_CAPTURES = 50
MOST_FIELDS = 200
MOST_PEOPLE = 3000
# The form's own words for "it is another company with a like name": nobody is there to be asked, the debrief asks.
NOBODY_TO_ASK = "another"


@dataclass(frozen=True)
class Taken:
    """What became of one capture: stored, refused for a reason a person can mend, or to be sent again later."""

    state: str
    reason: str = ""
    url: str = ""


def kept_of(mission: Mission, *, user: User) -> dict[str, Any]:
    """Of this mission alone, and nothing restricted even where its reader may see it: a phone gets lost."""
    appointments = (
        Appointment.objects.visible_to(user)
        .filter(mission=mission, level=Level.OPEN)
        .exclude(status=Appointment.Status.CANCELLED)
        .select_related("company")
        .prefetch_related("contacts", "seats__delegate")
        .order_by("starts_at", "pk")
    )
    rows = list(appointments)
    # What is open to all of the staff, whoever's phone it is.
    told = {brief.appointment.pk: brief for brief in briefs([row.pk for row in rows], Audience(user))}
    plan = [_appointment(row, user) | {"brief": _brief(told.get(row.pk))} for row in rows]
    wanted = {row["company"] for row in plan} | set(mission.targets.values_list("company", flat=True))
    companies = Company.objects.visible_to(user).current().filter(pk__in=wanted)
    people = Position.objects.current().filter(company__in=companies, contact__merged_into=None)
    people = people.filter(contact__anonymised_at=None).select_related("contact").order_by("contact", "-pk")
    return {
        "user": user.pk,
        "language": user.language,
        "at": clock.now().isoformat(),
        "mission": {"id": mission.pk, "name": mission.name},
        "zone": user.zone_at(clock.now()),
        "stops": [
            {"city": stop.city.name, "zone": stop.zone, "from": str(stop.arrives_on), "to": str(stop.leaves_on)}
            for stop in mission.stops.select_related("city")
        ],
        "appointments": plan,
        "companies": [{"id": pk, "name": name} for pk, name in companies.values_list("pk", "name")],
        "people": [
            {"id": row.contact_id, "name": row.contact.name, "company": row.company_id} for row in people[:MOST_PEOPLE]
        ],
    }


def _brief(brief: Brief | None) -> dict[str, Any]:
    """What else there is to know before; who and what for stands with the appointment."""
    if brief is None:
        return {}
    return {
        "facts": [f"{label}: {value}" for label, value in brief.facts],
        "avoid": brief.avoid,
        "people": [" · ".join(filter(None, person)) for person in brief.people],
        "history": [" · ".join(filter(None, line)) for line in brief.history],
        "promises": [" · ".join(filter(None, line)) for line in brief.promises],
    }


def _appointment(row: Appointment, user: User) -> dict[str, Any]:
    delegates = [seat.delegate for seat in row.seats.all()]
    return {
        "id": row.pk,
        "company": row.company_id,
        "name": row.company.name,
        "status": row.status,
        "start": row.local_start.isoformat(timespec="minutes"),
        "end": row.local_end.isoformat(timespec="minutes"),
        "zone": row.zone,
        "place": " · ".join(part for part in (row.place, row.address) if part),
        "purpose": row.purpose,
        "people": [{"id": contact.pk, "name": contact.name} for contact in row.contacts.all()],
        "ours": [delegate.name for delegate in delegates],
        "mine": any(delegate.user_id == user.pk for delegate in delegates),
    }


def take(capture_id: UUID, fields: Iterable[tuple[str, str]], *, by: User) -> Taken:
    """Store one capture as the log form would. The same one again is stored already, whatever it says now."""
    try:
        before = captured(capture_id, by=by)
        if before:
            return Taken("stored", url=before.get_absolute_url())
        return _take(capture_id, _data(capture_id, fields), by)
    except AlreadyLogged as earlier:
        by_whom = {"name": earlier.interaction.logged_by}
        return Taken("refused", _("%(name)s has logged this appointment already.") % by_whom)
    except Exception:
        # One that the server stumbles over waits on its device, and the others go on.
        log.exception("capture %s of %s could not be taken", capture_id, by.pk)
        return Taken("later")


def _take(capture_id: UUID, data: QueryDict, by: User) -> Taken:
    who = Who.read(data, by)
    if len(who.contacts) < len(set(data.getlist("contact"))):
        return Taken("refused", _("Somebody of this meeting is no longer in our records. Choose again whom you met."))
    if who.new_company and not who.company:
        known = Company.objects.visible_to(by).current().filter(name__iexact=words(who.new_company, 255))
        who.company = known.order_by("pk").first()
    zone = data.get("zone", "")
    zone = zone if zone in known_zones() else by.zone_at(clock.now())
    key = data.get("mission", "")
    missions = Mission.objects.visible_to(by)
    mission = missions.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    # Days such as "tomorrow" count from when it was said, however late it is sent.
    form = LogForm(data, user=by, who=who, where=Whereabouts(zone=zone, mission=mission))
    said_on = _day(data.get("happened_at", ""))
    for promise in form.promises:
        promise.today = min(said_on, to_wall(clock.now(), zone).date()) if said_on else None
    if not form.is_valid():
        return Taken("refused", _reasons(form))
    company = who.company or who.new_company
    interaction = log_interaction(company, capture_id=capture_id, by=by, said=form.said())
    return Taken("stored", url=interaction.get_absolute_url())


def _day(wall: str) -> date | None:
    try:
        return date.fromisoformat(wall[:10])
    except ValueError:
        return None


def _data(capture_id: UUID, fields: Iterable[tuple[str, str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value.replace("\0", ""))
    data["capture_id"], data[NOBODY_TO_ASK] = str(capture_id), "1"
    return data


def _reasons(form: LogForm) -> str:
    told = [str(error) for errors in form.errors.values() for error in errors]
    told += [str(error) for part in form.promises for errors in part.errors.values() for error in errors]
    return " ".join(dict.fromkeys(told))
