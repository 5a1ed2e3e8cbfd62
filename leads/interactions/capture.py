"""Logging what was said: one meeting, call or mail with its people, its promises and the lead that came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _

from companies.models import Company, Contact, LegalBasis, Position
from companies.new_people import Basis, Person, add_person
from config.staff import clock, queue
from config.staff.models import User
from leads.enquiring import enquiries
from leads.models import CadenceStep, FollowUp, Interaction, Lead, Participant
from leads.models.choices import Interest, Outcome, Source
from leads.pipeline.moves import open_lead
from missions.models import Appointment, Event, Mission, MissionTarget

# What the outcome of a meeting says about the appointment it was.
BECAME = {
    Outcome.HELD: Appointment.Status.HELD,
    Outcome.PASSING: Appointment.Status.HELD,
    Outcome.NO_SHOW: Appointment.Status.NO_SHOW,
    Outcome.CANCELLED: Appointment.Status.CANCELLED,
    Outcome.RESCHEDULED: Appointment.Status.MOVED,
}


class AlreadyLogged(Exception):  # noqa: N818 - the domain's word for it
    """A colleague has logged this appointment before."""

    def __init__(self, interaction: Interaction) -> None:
        super().__init__(str(interaction))
        self.interaction = interaction


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    given_name: str
    family_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    # They handed over a card, or gave their details to be written to.
    gave_details: bool = False
    # The version of the privacy notice that they were given with it, and how, in words.
    notice: str = ""
    notice_way: str = ""


@dataclass(frozen=True, kw_only=True)
class Promise:
    text: str
    due_on: date
    due_at: datetime | None = None
    kind: str = CadenceStep.Kind.OTHER
    owner: User | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one person says of one exchange, checked and finished. A company's name instead of one makes it new."""

    happened_at: datetime
    zone: str
    kind: Interaction.Kind = Interaction.Kind.MEETING
    direction: Interaction.Direction = Interaction.Direction.BOTH
    outcome: Outcome = Outcome.HELD
    interest: Interest | str = ""
    note: str = ""
    place: str = ""
    contacts: Sequence[Contact] = ()
    new_person: NewPerson | None = None
    colleagues: Sequence[User] = ()
    mission: Mission | None = None
    event: Event | None = None
    appointment: Appointment | None = None
    promises: Sequence[Promise] = ()
    # The follow-ups that this exchange has fulfilled.
    fulfils: Sequence[FollowUp] = ()
    lead: Lead | None = None
    open_lead: bool = False
    lead_title: str = ""


@transaction.atomic
def log_interaction(company: Company | str, *, capture_id: UUID, by: User, said: Said) -> Interaction:
    """Store what was said and all that follows from it; the same capture id again returns the first one."""
    capture_id = _own(capture_id, by)
    _wait_for_the_same_capture(capture_id)
    before = Interaction.objects.filter(capture_id=capture_id).first()
    if before:
        return before
    appointment = _still_unlogged(said.appointment)
    company = _company(company, by)
    contacts = [*said.contacts, *([_person(said.new_person, company, by)] if said.new_person else [])]
    lead = said.lead
    if said.open_lead and not lead:
        lead = first_touch(company, contacts, by=by, mission=said.mission, event=said.event, title=said.lead_title)
    interaction = Interaction.objects.create(
        capture_id=capture_id,
        kind=said.kind,
        direction=said.direction,
        outcome=said.outcome,
        interest=said.interest,
        note=said.note,
        happened_at=said.happened_at,
        zone=said.zone,
        place=said.place,
        company=company,
        lead=lead,
        mission=said.mission,
        event=said.event,
        appointment=appointment,
        logged_by=by,
    )
    _seat(interaction, contacts, [by, *said.colleagues])
    promise_in(interaction, contacts, said.promises, by=by)
    _close_what_is_done(interaction, said, by)
    enquiries.answered_by(interaction, contacts, by=by)
    transaction.on_commit(partial(ask_for_follow_ups, interaction.pk))
    return interaction


def captured(capture_id: UUID, *, by: User) -> Interaction | None:
    """What this form of this person has stored already."""
    return Interaction.objects.filter(capture_id=_own(capture_id, by)).first()


def captured_among(capture_ids: Iterable[UUID], *, by: User) -> list[UUID]:
    """Which of them this person has stored already."""
    asked = {_own(capture_id, by): capture_id for capture_id in capture_ids}
    return [asked[own] for own in Interaction.objects.filter(capture_id__in=asked).values_list("capture_id", flat=True)]


def _own(capture_id: UUID, by: User) -> UUID:
    """Two people never share a capture, whatever id their browsers send."""
    return uuid5(capture_id, str(by.pk))


def _wait_for_the_same_capture(capture_id: UUID) -> None:
    # A second submission waits here until the first has committed, before it makes companies and people anew.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(capture_id.bytes[:8], signed=True)])


def _still_unlogged(appointment: Appointment | None) -> Appointment | None:
    if appointment is None:
        return None
    Appointment.objects.select_for_update().get(pk=appointment.pk)
    logged = Interaction.objects.filter(appointment=appointment).first()
    if logged:
        raise AlreadyLogged(logged)
    return appointment


def _company(company: Company | str, by: User) -> Company:
    if isinstance(company, Company):
        return company
    return Company.objects.create(name=company, owner=by, created_by=by)


def _person(new: NewPerson, company: Company, by: User) -> Contact:
    source = _("Gave their details to %(name)s") % {"name": by.name[:150]}
    if new.notice and new.notice_way:
        source = _("%(source)s; privacy notice: %(way)s") % {"source": source, "way": new.notice_way}
    conduct = Basis(kind=LegalBasis.CONDUCT, since=clock.today_for(by), source=source, notice=new.notice)
    person = Person(
        given_name=new.given_name,
        family_name=new.family_name,
        title=new.title,
        email=new.email,
        phone=new.phone,
        basis=conduct if new.gave_details else None,
    )
    return add_person(person, company, by=by)


def first_touch(
    company: Company,
    contacts: Sequence[Contact],
    *,
    by: User,
    mission: Mission | None = None,
    event: Event | None = None,
    title: str = "",
    owner: User | None = None,
) -> Lead:
    """A lead of stage 1, with where it came from."""
    target = mission and MissionTarget.objects.filter(mission=mission, company=company).first()
    return open_lead(
        company,
        by=by,
        title=title or _("Opportunity with %(company)s") % {"company": company.name[:160]},
        owner=owner or by,
        contact=contacts[0] if contacts else None,
        source=Source.MISSION if mission or event else "",
        mission=mission,
        event=event,
        target=target,
    )


def _seat(interaction: Interaction, contacts: Sequence[Contact], colleagues: Sequence[User]) -> None:
    """Who took part, with the house or the team they stood for on that day."""
    houses = _houses_of(contacts, interaction.company_id)
    theirs = [
        Participant(interaction=interaction, contact_id=pk, company_then_id=houses.get(pk, interaction.company_id))
        for pk in dict.fromkeys(contact.pk for contact in contacts)
    ]
    teams = {colleague.pk: colleague.team_id for colleague in colleagues}
    ours = [Participant(interaction=interaction, user_id=pk, team_then_id=team) for pk, team in teams.items()]
    Participant.objects.bulk_create([*theirs, *ours])


def _houses_of(contacts: Sequence[Contact], company_id: int) -> dict[int, int]:
    """The company of each: the one the talk was with, where they work there, or else where they work."""
    houses: dict[int, int] = {}
    for position in Position.objects.current().filter(contact__in=contacts).order_by("pk"):
        if position.company_id == company_id or position.contact_id not in houses:
            houses[position.contact_id] = position.company_id
    return houses


def promise_in(interaction: Interaction, contacts: Sequence[Contact], promises: Sequence[Promise], *, by: User) -> None:
    FollowUp.objects.bulk_create(
        FollowUp(
            origin=FollowUp.Origin.PROMISE,
            kind=promise.kind,
            text=promise.text,
            owner=promise.owner or by,
            company_id=interaction.company_id,
            contact=contacts[0] if contacts else None,
            lead_id=interaction.lead_id,
            interaction=interaction,
            due_on=promise.due_on,
            due_at=promise.due_at,
            known_to=by if promise.owner in {None, by} else None,
            created_by=by,
        )
        for promise in promises
    )


def _close_what_is_done(interaction: Interaction, said: Said, by: User) -> None:
    done = list(said.fulfils)
    if interaction.appointment:
        interaction.appointment.become(BECAME[Outcome(said.outcome)])
        done += interaction.appointment.follow_ups.open().filter(origin=FollowUp.Origin.UNLOGGED)
    for follow_up in done:
        follow_up.complete(by=by, interaction=interaction)


def ask_for_follow_ups(interaction_id: int) -> None:
    """Open the cadence at once. Where the queue is down the job of every minute opens it, so nothing is lost."""
    from leads.tasks import open_follow_ups_of  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(open_follow_ups_of, interaction_id)
