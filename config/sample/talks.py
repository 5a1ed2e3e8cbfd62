"""Meetings, calls and mails with their people, and the follow-ups that came of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from config.sample.chance import Chance, moment
from config.sample.words import PROMISES, note
from config.sample.world import Firm, Person, World
from config.staff.clock import agency_day
from leads.models import CadenceStep, FollowUp, Interaction, Participant
from leads.models.choices import Outcome

HOME = "America/Bogota"
INTERESTS = {"hot": 20, "warm": 45, "cold": 35}
# What is older than this has been dealt with, one way or the other.
MEMORY = timedelta(days=45)


@dataclass(slots=True)
class Occasion:
    """The mission, and perhaps the event, at which something was said."""

    mission: int
    zone: str = HOME
    place: str = ""
    event: int | None = None
    event_ends: datetime | None = None
    appointment: int | None = None


class Talks:
    def __init__(self, world: World, room: str) -> None:
        self.world = world
        self.chance = world.chance(room)
        self.count = self.meetings = 0
        self.steps: dict[str, list[CadenceStep]] = defaultdict(list)
        for step in CadenceStep.objects.filter(version__cadence__is_default=True, version__number=1).order_by("pk"):
            self.steps[step.trigger].append(step)

    def log(
        self, firm: Firm, at: datetime, by: Person, *, kind: str = "meeting", outcome: str = "", interest: str = "",
        words: str = "", occasion: Occasion | None = None, lead: int | None = None, until: date | None = None,
    ) -> Interaction:  # fmt: skip
        """Enter one exchange. `until` is the day on which its lead ended, and with it what was still to be done."""
        chance = self.chance
        is_meeting = kind == "meeting"
        outcome = outcome or ("no_show" if is_meeting and not occasion and chance.hits(0.04) else Outcome.HELD.value)
        if is_meeting and outcome == Outcome.HELD and not interest:
            interest = chance.one_of(INTERESTS)
        anchor = max(at, occasion.event_ends) if occasion and occasion.event_ends else at
        interaction = Interaction(
            capture_id=chance.uuid(),
            kind=kind,
            direction=self._direction(kind),
            outcome=outcome,
            interest=interest,
            note=words or self._note(firm, outcome),
            happened_at=at,
            zone=occasion.zone if occasion else HOME,
            place=occasion.place if occasion else "",
            company_id=firm.id,
            lead_id=lead,
            mission_id=occasion.mission if occasion else None,
            event_id=occasion.event if occasion else None,
            appointment_id=occasion.appointment if occasion else None,
            logged_by_id=by.id,
            follow_ups_opened_at=anchor + timedelta(minutes=1),
            created_at=at + timedelta(minutes=chance.randint(1, 240)),
        )
        self.world.writer.add(interaction)
        self.count += 1
        self.meetings += is_meeting
        contact = self._seat(interaction, firm, by)
        self._follow_up(interaction, anchor, by, contact, until)
        return interaction

    def _direction(self, kind: str) -> str:
        return self.chance.choice(("out", "out", "in")) if kind in {"mail", "message"} else "both"

    def _note(self, firm: Firm, outcome: str) -> str:
        if outcome == Outcome.NO_SHOW or self.chance.hits(0.15):
            return ""
        return note(firm.language, self.chance)

    def _seat(self, interaction: Interaction, firm: Firm, by: Person) -> int | None:
        add, chance = self.world.writer.add, self.chance
        contacts = (
            firm.contacts[: 2 if chance.hits(0.2) else 1] if len(firm.contacts) < 3 else [chance.choice(firm.contacts)]
        )
        for contact in contacts:
            add(Participant(interaction_id=interaction.pk, contact_id=contact, company_then_id=firm.id))
        add(Participant(interaction_id=interaction.pk, user_id=by.id, team_then_id=by.team))
        return contacts[0] if contacts else None

    def _follow_up(
        self, interaction: Interaction, anchor: datetime, by: Person, contact: int | None, until: date | None
    ) -> None:
        said_on = anchor.astimezone(ZoneInfo(settings.AGENCY_ZONE)).date()
        trigger = "no_show" if interaction.outcome == Outcome.NO_SHOW else interaction.interest
        for step in self.steps.get(trigger, ()):
            due = self._due(said_on, step)
            row = FollowUp(
                origin="cadence", kind=step.kind, text=step.text_es, step_id=step.pk, anchor_at=anchor, due_on=due
            )
            self._enter(row, interaction, by, contact, until)
        if self.chance.hits(0.35 if interaction.kind == "meeting" else 0.07):
            row = FollowUp(
                origin="promise",
                kind="material",
                text=self.chance.choice(PROMISES),
                due_on=self.world.days.after(said_on, self.chance.choice((1, 3, 3, 5, 10))),
            )
            self._enter(row, interaction, by, contact, until)

    def _due(self, day: date, step: CadenceStep) -> date:
        if step.unit == CadenceStep.Unit.WORKING_DAYS:
            return self.world.days.after(day, step.offset)
        return day + timedelta(days=step.offset)

    def _enter(
        self, row: FollowUp, interaction: Interaction, by: Person, contact: int | None, until: date | None
    ) -> None:
        row.company_id, row.contact_id, row.lead_id = interaction.company_id, contact, interaction.lead_id
        row.interaction_id, row.owner_id, row.created_by_id = interaction.pk, by.id, by.id
        row.created_at = interaction.created_at
        settle(self.world, row, by, self.chance, until)
        self.world.writer.add(row)

    def plan_next_step(self, firm: Firm, lead: int, owner: Person, text: str = "") -> None:
        """What is to be done next for an open lead."""
        world, chance = self.world, self.chance
        due = world.days.after(world.today, 1) + timedelta(days=chance.randint(-8, 40))
        row = FollowUp(
            origin="manual",
            kind=chance.choice(("call", "check", "material", "other")),
            text=text or chance.choice(PROMISES),
            owner_id=owner.id,
            company_id=firm.id,
            contact_id=firm.contacts[0] if firm.contacts else None,
            lead_id=lead,
            due_on=due,
            created_by_id=owner.id,
            created_at=moment(min(due, world.today) - timedelta(days=chance.randint(3, 20)), 10),
        )
        if chance.hits(0.12):
            row.waiting_for = chance.choice(("Respuesta de la casa matriz", "ProColombia", "Cámara de Comercio"))
        already_told(world, row)
        world.writer.add(row)


def settle(world: World, row: FollowUp, by: Person, chance: Chance, until: date | None) -> None:
    """Done in time, done late, dropped, or still open, as its day is long past or yet to come."""
    made = row.created_at.date()
    if until and row.due_on > until:
        return _close(row, by, max(until, made), "cancelled", "El lead se cerró")
    overdue = (world.today - row.due_on).days
    is_recent = overdue <= MEMORY.days
    if chance.hits(0.95 if overdue <= 0 else 0.1 if is_recent else 0):
        row.owner_id = world.still_here(by, chance).id
        if row.origin != "cadence" and chance.hits(0.1):
            row.waiting_for = "Respuesta de la empresa"
        return already_told(world, row)
    late = chance.randint(1, 9) if chance.hits(0.15) else -chance.randint(0, 1)
    day = min(max(row.due_on + timedelta(days=late), made), world.yesterday)
    if chance.hits(0.06):
        return _close(row, by, day, "cancelled", "Ya no hace falta")
    return _close(row, by, day, "done", "")


def already_told(world: World, row: FollowUp) -> None:
    """What was due before today was in the mails of its day, and its manager knows: a first start repeats nothing."""
    row.known_to_id = row.owner_id
    if row.due_on < world.today:
        row.reminded_of_day = row.escalated_for = row.due_on


def _close(row: FollowUp, by: Person, day: date, state: str, words: str) -> None:
    row.state, row.closed_with, row.closed_by_id = state, words, by.id
    row.closed_at = max(moment(day, 16), row.created_at + timedelta(minutes=5))
    row.in_time = state == "done" and agency_day(row.closed_at) <= row.due_on
