"""The rules of one cadence: which steps follow a meeting, when each is due, and to whom it goes.

Steps are counted in our calendar, and are due on a day on which both we and they are at work: a step that falls on a
weekend or a holiday of either country moves on to the next common working day. Theirs is the country of the person
met, or else of their company.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from companies.models import Company
from config.staff.clock import agency_day
from config.staff.working_days import add_working_days, on_a_common_day
from leads.models import CadenceStep, Interaction
from leads.models.choices import Outcome
from missions.models import Event

# A meeting whose whole cadence was over this long ago is history, not work; imports of old years open nothing.
HISTORY = timedelta(days=90)


class TheirPerson(NamedTuple):
    contact_id: int
    may_be_written_to: bool
    country: str = ""


def country_of(people: Iterable[TheirPerson], company: Company | None) -> str:
    """Where whoever is met works; nothing where nobody knows, and our own days are all there is to go by."""
    met = next((person.country for person in people if person.country), "")
    return met or (company.origin_country_id if company else "") or ""


def trigger_of(interaction: Interaction) -> str:
    """Which steps follow: those of a no-show, or of the interest shown; none where nothing took place."""
    if interaction.outcome == Outcome.NO_SHOW:
        return CadenceStep.Trigger.NO_SHOW.value
    return interaction.interest if interaction.outcome in (Outcome.HELD, Outcome.PASSING) else ""


def end_of(event: Event | None) -> datetime | None:
    """Meetings of a cancelled event wait for no end."""
    return None if event is None or event.cancelled_at else event.ends_at


def has_ended(event: Event | None, at: datetime) -> bool:
    ends_at = end_of(event)
    return ends_at is None or ends_at <= at


def anchor_of(interaction: Interaction) -> datetime:
    """The moment that its steps are counted from: the meeting, or the end of its event."""
    return max(interaction.happened_at, end_of(interaction.event) or interaction.happened_at)


def due_day(step: CadenceStep, anchor_at: datetime, theirs: str) -> date:
    """Counted from the agency's day of the anchor, in the agency's calendar; on a day when both are at work."""
    day = agency_day(anchor_at)
    if step.unit == CadenceStep.Unit.WORKING_DAYS:
        day = add_working_days(day, step.offset, settings.AGENCY_COUNTRY)
    else:
        day += timedelta(days=step.offset)
    return on_a_common_day(day, settings.AGENCY_COUNTRY, theirs)


def at_once(at: datetime, theirs: str = "") -> date:
    return on_a_common_day(agency_day(at), settings.AGENCY_COUNTRY, theirs)


def in_order(steps: list[CadenceStep], anchor_at: datetime, theirs: str) -> list[tuple[CadenceStep, date]]:
    days = ((step, due_day(step, anchor_at, theirs)) for step in steps)
    return sorted(days, key=lambda pair: (pair[1], pair[0].pk))


def still_to_do(
    steps: list[CadenceStep], anchor_at: datetime, at: datetime, theirs: str
) -> list[tuple[CadenceStep, date]]:
    """The steps with their days. What is past comes due at once; of a cadence that is over, its last step alone."""
    today = agency_day(at)
    days = in_order(steps, anchor_at, theirs)
    if days and days[-1][1] < today:
        days = [] if days[-1][1] < today - HISTORY else days[-1:]
    return [(step, at_once(at, theirs) if day < today else day) for step, day in days]


def addressee(step: CadenceStep, people: list[TheirPerson]) -> TheirPerson | None:
    """The first of theirs to whom this step may go."""
    return next((person for person in people if person.may_be_written_to or not step.is_message), None)
