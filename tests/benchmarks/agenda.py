"""A national matchmaking round: 1,000 companies, 2,000 people, 13,000 appointments in two weeks; what its days cost."""

import random
import statistics
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from time import perf_counter as time_now
from typing import Any

from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction

from companies.models import City, Company, Contact, Country
from config.staff import clock
from config.staff.models import Role, User
from leads.models import Booklet
from leads.on_mission import booklets
from leads.on_mission.briefing import Audience
from missions.models import Appointment, CalendarFeed, Delegate, Mission, Seat, Stop
from tests.benchmarks.ground import NOW
from tests.benchmarks.measure import Cost, Request, cost_of, percentile_95, session_of

COMPANIES, PEOPLE, APPOINTMENTS = 1_000, 2_000, 13_000
# Twenty minutes at a table and five to the next, from eight to six.
SLOTS = [timedelta(hours=8, minutes=25 * number) for number in range(24)]
LONG = timedelta(minutes=20)
ZONE = "America/Bogota"
ROUNDS = 5


def run(size: str, only: set[str]) -> dict[str, Any]:
    by = User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk").first()
    assert by is not None
    with clock.set_to(NOW):
        mission = _round(by)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself a minute later
        try:
            answer = {"size": size, **_measured(mission, by)}
        finally:
            mission.appointments.all().delete()
            mission.delete()
    print("\n".join(f"{name:<22} {value}" for name, value in answer.items()))
    return answer


def _measured(mission: Mission, by: User) -> dict[str, Any]:
    application, session = get_wsgi_application(), session_of(by)
    days = sorted({row.date() for row in mission.appointments.values_list("local_start", flat=True)})
    grid = f"/missions/{mission.pk}/agenda/?day="

    def costs(paths: Iterable[str]) -> list[Cost]:
        found = [cost_of(application, session, Request(path)) for path in paths]
        assert all(cost.status == 200 for cost in found)
        return found

    costs([f"{grid}{days[0]}"])  # what the first request of a process loads
    opened = costs(f"{grid}{day}" for day in days for _round in range(ROUNDS))
    everybody = costs(f"{grid}{day}&who=all" for day in days)
    feed = f"/calendar/{CalendarFeed.make(by, mission).secret}.ics"
    cache.clear()
    (written,) = costs([feed])
    again = costs([feed] * 3)
    return {
        "appointments": mission.appointments.count(),
        "appointments_a_day": mission.appointments.count() // len(days),
        "grid_p50_ms": _middle(opened),
        "grid_p95_ms": round(percentile_95(opened), 1),
        "grid_queries": max(cost.queries for cost in opened),
        "grid_db_ms": round(statistics.median(cost.db_ms for cost in opened), 1),
        "grid_everybody_p50_ms": _middle(everybody),
        "feed_ms": round(written.total_ms, 1),
        "feed_again_ms": _middle(again),
        "feed_bytes": written.bytes,
        **_book(mission, by),
    }


def _book(mission: Mission, by: User) -> dict[str, float]:
    """Everybody's book, all the steps of the queue one after another; and what the last step costs beside the first."""
    book = Booklet.objects.create(
        mission=mission,
        by=by,
        language="es",
        at=clock.now(),
        meetings=list(Audience(by).appointments(mission).order_by("starts_at", "pk").values_list("pk", flat=True)),
    )
    steps = []
    more = True
    while more:
        begun = time_now()
        more = booklets.make_part(book.pk)
        steps.append(time_now() - begun)
    book.refresh_from_db()
    assert book.state == Booklet.State.DONE
    with transaction.atomic():
        booklets.remove(Booklet.objects.filter(pk=book.pk))
    return {
        "book_seconds": round(sum(steps), 1),
        "book_step_first_s": round(steps[0], 2),
        "book_step_last_whole_s": round(steps[-2] if len(steps) > 1 else steps[-1], 2),
    }


def _middle(costs: list[Cost]) -> float:
    return round(statistics.median(cost.total_ms for cost in costs), 1)


@transaction.atomic
def _round(by: User) -> Mission:
    chance, first = random.Random(7), NOW.date() + timedelta(days=7)
    city = City.objects.filter(zone=ZONE).first() or City.objects.create(
        name="Cali", country=Country.objects.get(pk="CO"), zone=ZONE
    )
    mission = Mission.objects.create(
        name="Rueda de inversión",
        kind=Mission.Kind.MATCHMAKING,
        lead_officer=by,
        starts_on=first,
        ends_on=first + timedelta(days=13),
    )
    stop = Stop.objects.create(
        mission=mission, city=city, zone=ZONE, arrives_on=mission.starts_on, leaves_on=mission.ends_on
    )
    companies = list(Company.objects.current().order_by("pk")[:COMPANIES])
    people = Delegate.objects.bulk_create(
        Delegate(mission=mission, name=f"Person {number:04}", languages=chance.choice(["es", "es, en"]))
        for number in range(PEOPLE)
    )
    planned = Appointment.objects.bulk_create(
        (
            Appointment(
                mission=mission,
                stop=stop,
                company=company,
                status=chance.choice(["proposed", "confirmed", "confirmed", "moved"]),
                place=f"Table {company.pk % 200}",
                zone=ZONE,
                local_start=start,
                local_end=start + LONG,
            )
            for company, start in _tables(companies, mission.starts_on)
        ),
        batch_size=2_000,
    )
    _invite(planned, chance)
    free: dict[datetime, list[Delegate]] = {}
    seats = []
    for one in planned:
        waiting = free.setdefault(one.local_start, [])
        if not waiting:
            waiting.extend(chance.sample(people, PEOPLE))
        seats.append(Seat(appointment=one, delegate=waiting.pop()))
    Seat.objects.bulk_create(seats, batch_size=2_000)
    return mission


def _tables(companies: list[Company], first: date) -> list[tuple[Company, datetime]]:
    """Each company sits at its table, thirteen times over the ten working days, never twice at once."""
    days = [day for day in (first + timedelta(days=number) for number in range(14)) if day.weekday() < 5]
    hours = [datetime.combine(day, time()) + slot for day in days for slot in SLOTS]
    each = APPOINTMENTS // len(companies)
    chance = random.Random(11)
    return [(company, start) for company in companies for start in chance.sample(hours, each)]


def _invite(planned: list[Appointment], chance: random.Random) -> None:
    contacts = list(Contact.objects.current().order_by("pk").values_list("pk", flat=True)[:COMPANIES])
    through = Appointment.contacts.through
    through.objects.bulk_create(
        (through(appointment_id=one.pk, contact_id=chance.choice(contacts)) for one in planned), batch_size=5_000
    )
