"""An event of 13,000 appointments ends: how long a worker opens their follow-ups, and what a page takes meanwhile."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from companies.models import City, Contact, Country
from config.staff import clock
from leads.follow_ups.opening import waiting
from leads.models import Interaction, Participant
from leads.models.choices import Interest
from leads.tasks import open_follow_ups
from missions.models import Appointment, Event, Mission
from tests.benchmarks.reminders.crowd import Reader
from tests.benchmarks.reminders.world import World

APPOINTMENTS = 13_000
ZONE = "America/Bogota"


def opening(world: World, reader: Callable[[], Reader]) -> dict[str, Any]:
    """By the job itself, run after run; the pages are asked of a web process on the same database."""
    _hold(world)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself a minute later
    with _reading(reader()) as still:
        time.sleep(5)
    runs, worked = [], _worked()
    with _reading(reader()) as busy:
        while waiting(clock.now()).exists():
            began = time.monotonic()
            open_follow_ups()
            runs.append(time.monotonic() - began)
    return {
        "opening_appointments": APPOINTMENTS,
        "opening_seconds": round(sum(runs), 1),
        "opening_longest_run": round(max(runs), 1),
        "opening_cpu_seconds": round(_worked() - worked, 1),
        "page_ms_before": _middle(still),
        "page_ms_meanwhile": _middle(busy),
        "page_slowest_ms_meanwhile": round(max(busy.seconds, default=0) * 1000),
        "pages_meanwhile": {str(status): count for status, count in busy.answers.items()},
    }


def _worked() -> float:
    """By the processor: this process and its own hand of PostgreSQL, however busy the machine is otherwise."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _reading(reader: Reader) -> Iterator[Reader]:
    reader.start()
    try:
        yield reader
    finally:
        reader.end()


def _middle(reader: Reader) -> float | None:
    return round(statistics.median(reader.seconds) * 1000, 1) if reader.seconds else None


@transaction.atomic
def _hold(world: World) -> None:
    """Everybody came and was logged; the fair has just ended."""
    now = clock.now()
    country = Country.objects.order_by("pk").first()
    assert country
    city = City.objects.create(name="Feria", country=country, zone=ZONE)
    day = clock.agency_today()
    people = list(world.people.values())
    mission = Mission.objects.create(name="Feria", lead_officer=people[0], starts_on=day, ends_on=day)
    ended = now.replace(tzinfo=None, microsecond=0) - timedelta(hours=6)  # an hour ago by the clocks of the place
    event = Event.objects.create(
        mission=mission, name="Feria", city=city, zone=ZONE, local_start=ended - timedelta(days=4), local_end=ended
    )
    contacts = Contact.objects.bulk_create(Contact(given_name=f"Guest {number}") for number in range(2_000))
    companies = list(islice(cycle(world.companies), APPOINTMENTS))
    held = Appointment.objects.bulk_create(
        (
            Appointment(
                mission=mission,
                event=event,
                company=company,
                status=Appointment.Status.HELD,
                zone=ZONE,
                local_start=ended - timedelta(hours=2),
                local_end=ended - timedelta(hours=1),
            )
            for company in companies
        ),
        batch_size=2_000,
    )
    logged = Interaction.objects.bulk_create(
        (
            Interaction(
                company_id=one.company_id,
                mission=mission,
                event=event,
                appointment=one,
                interest=(Interest.HOT, Interest.WARM, Interest.COLD)[number % 3],
                happened_at=now - timedelta(hours=3),
                zone=ZONE,
                logged_by=people[number % len(people)],
            )
            for number, one in enumerate(held)
        ),
        batch_size=2_000,
    )
    Participant.objects.bulk_create(
        (
            Participant(interaction=one, contact=contacts[number % len(contacts)], company_then_id=one.company_id)
            for number, one in enumerate(logged)
        ),
        batch_size=5_000,
    )
