"""Writes many rows fast: by COPY, in batches, in the order in which they lean on each other."""

from collections import defaultdict
from itertools import count
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from psycopg.types.json import JsonbDumper

from companies.models import Company, CompanyName, Contact, ContactPoint, Position
from config.staff.models import Team, User
from leads.models import (
    AccountPlan,
    Budget,
    CaseStep,
    Claim,
    Enquiry,
    EventAnchor,
    FollowUp,
    Goal,
    Headcount,
    Interaction,
    InvestorCase,
    Lead,
    LeadPerson,
    Nda,
    Participant,
    Reading,
    ReadingShare,
    Service,
    SiteStop,
    SiteVisit,
    SiteVisitor,
    StageChange,
)
from missions.models import Appointment, CostLine, Criterion, Delegate, Event, Mission, MissionTarget, Seat, Stop
from missions.seats import settle_seats

Row = TypeVar("Row", bound=models.Model)

BATCH = 20_000
# Every row comes after those that its foreign keys name.
ORDER: list[type[models.Model]] = [
    *(Team, User),
    *(Company, CompanyName, Contact, Position, ContactPoint),
    *(Mission, Mission.sectors.through, Mission.partners.through, Stop, Event, EventAnchor, Delegate),
    *(Criterion, MissionTarget, CostLine),
    *(Appointment, Appointment.contacts.through, Seat),
    *(Enquiry, Lead, LeadPerson, StageChange, Reading, Claim, Service),
    *(Interaction, Participant, FollowUp),
    *(AccountPlan, Headcount, Goal, Budget),
    *(Nda, SiteVisit, SiteVisitor, SiteStop, ReadingShare, InvestorCase, CaseStep),
]


class Writer:
    """Use within one transaction. Numbers the rows itself, so that the same seed gives the same numbers."""

    def __init__(self) -> None:
        self.written: dict[type[models.Model], int] = defaultdict(int)
        self._rows: dict[type[models.Model], list[models.Model]] = {model: [] for model in ORDER}
        self._waiting = 0
        self._numbers = {model: count(_last_number(model) + 1) for model in ORDER}
        self._columns = {model: _columns(model) for model in ORDER}
        self._dated = {model for model in ORDER if any(field.name == "updated_at" for field in model._meta.fields)}

    def __enter__(self) -> "Writer":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # History says who did something when. Nobody did this, and it would all bear the day of the load.
            for model in ORDER:
                cursor.execute(f"ALTER TABLE {_quoted(model._meta.db_table)} DISABLE TRIGGER USER")
        return self

    def __exit__(self, failed: type[BaseException] | None, *_rest: object) -> None:
        if failed:
            return  # the transaction is rolled back, and the triggers with it
        self.flush()
        settle_seats()
        with connection.cursor() as cursor:
            for model in ORDER:
                cursor.execute(f"ALTER TABLE {_quoted(model._meta.db_table)} ENABLE TRIGGER USER")
            for statement in connection.ops.sequence_reset_sql(no_style(), ORDER):
                cursor.execute(statement)

    def add(self, row: Row) -> Row:
        model = type(row)
        if row.pk is None:  # an event's anchor bears the number of its event
            row.pk = next(self._numbers[model])
        if model in self._dated:
            row.updated_at = row.created_at  # type: ignore[attr-defined]
        self._rows[model].append(row)
        self._waiting += 1
        if self._waiting >= BATCH:
            self.flush()
        return row

    def flush(self) -> None:
        for model in ORDER:
            rows = self._rows[model]
            if rows:
                self._copy(model, rows)
                self.written[model] += len(rows)
                rows.clear()
        self._waiting = 0

    def _copy(self, model: type[models.Model], rows: list[models.Model]) -> None:
        names, columns = self._columns[model]
        into = f"COPY {_quoted(model._meta.db_table)} ({', '.join(map(_quoted, columns))}) FROM STDIN"
        with connection.cursor() as cursor:
            cursor.cursor.adapters.register_dumper(dict, JsonbDumper)
            self._write(cursor.cursor.copy(into), names, rows)

    @staticmethod
    def _write(opened: Any, names: list[str], rows: list[models.Model]) -> None:
        with opened as copy:
            for row in rows:
                held = row.__dict__
                copy.write_row([held[name] for name in names])


def _columns(model: type[models.Model]) -> tuple[list[str], list[str]]:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return [field.attname for field in fields], [str(field.column) for field in fields]


def _last_number(model: type[models.Model]) -> int:
    last: dict[str, Any] = model._default_manager.aggregate(last=Max("pk"))
    return last["last"] or 0


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
