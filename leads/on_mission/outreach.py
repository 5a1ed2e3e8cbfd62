"""Asking the targets of a mission by mail, one at a time by a person's decision; and the hours of those who are asked
or thanked.
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from config.staff.working_days import add_working_days, next_working_day
from leads.models import CadenceStep, FollowUp, Invitation, Letter, Outreach
from missions import targeting
from missions.models import Mission, MissionTarget, Touch

# Ley 2300 of 2023 sets these hours for consumers; we keep them for companies, by their own clocks and holidays.
OPENS, CLOSES = time(7), time(19)


def usual_words(mission: Mission) -> Invitation:
    """To begin with and to change."""
    return Invitation(
        mission=mission,
        subject_en="Meeting {agency} during {event}",
        body_en=(
            "Dear {given_name},\n\nWe are coming with {event} ({day}) and would like to meet {company}: half an hour"
            " on what our region offers to companies like yours, people, sites, costs and incentives.\n\nWhich day"
            " would suit you?\n\nKind regards,\n{me}\n{agency}"
        ),
        subject_es="Una reunión con {agency} en {event}",
        body_es=(
            "Hola, {given_name}:\n\nViajamos con {event} ({day}) y nos gustaría reunirnos con {company}: media hora"
            " sobre lo que nuestra región ofrece a empresas como la suya en talento, ubicaciones, costos e"
            " incentivos.\n\n¿Qué día le conviene?\n\nCordialmente,\n{me}\n{agency}"
        ),
    )


@transaction.atomic
def begin(target: MissionTarget, *, by: User) -> FollowUp:
    """The open follow-up by which this target is asked; a second time gives the same one."""
    target = MissionTarget.objects.select_for_update(of=("self",)).select_related("mission").get(pk=target.pk)
    open_one = FollowUp.objects.open().filter(outreach__target=target, contact=target.contact_id).first()
    if open_one:
        return open_one
    follow_up = FollowUp.objects.create(
        text=(_("Invite to %(mission)s") % {"mission": target.mission.name})[:300],
        owner=by,
        company_id=target.company_id,
        contact_id=target.contact_id,
        due_on=clock.today_for(by),
        created_by=by,
    )
    Outreach.objects.create(follow_up=follow_up, target=target)
    return follow_up


def note_sent(letter: Letter) -> None:
    """A mail that went out is one more time that its target was asked."""
    target = MissionTarget.objects.filter(outreach__follow_up=letter.follow_up_id)
    if target.exists():
        targeting.touch(target, Touch.Kind.MAIL, by=letter.writer, note=letter.subject)


def waits_until(letter: Letter, at: datetime) -> datetime | None:
    """When its reader may be written to, where that is not now; only asking and thanking keep the hours."""
    is_thanks = letter.follow_up.kind == CadenceStep.Kind.THANK_YOU
    if not is_thanks and not Outreach.objects.filter(follow_up=letter.follow_up_id).exists():
        return None
    company = letter.follow_up.company
    opens = next_opening(at, zone_of(company), _country_of(company))
    return opens if opens > at else None


def zone_of(company: Company | None) -> str:
    """Where the company is; the agency's own where nobody wrote that down."""
    return company.city.zone if company and company.city else settings.AGENCY_ZONE


def _country_of(company: Company | None) -> str:
    return company.city.country_id if company and company.city else settings.AGENCY_COUNTRY


def next_opening(at: datetime, zone: str, country: str) -> datetime:
    """The moment itself where it lies within the hours of a working day, else the next at which they begin."""
    here = at.astimezone(ZoneInfo(zone))
    day = add_working_days(here.date(), 0, country)
    if day == here.date() and here.time() >= CLOSES:
        day = next_working_day(day, country)
    opens = datetime.combine(day, OPENS, here.tzinfo)
    return max(here, opens).astimezone(UTC)
